import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolAnswer } from '../../src/mcp/define.ts';
import { cut, type Extent, withinBudget } from '../../src/mcp/present/budget.ts';
import { estimateTokens } from '../../src/mcp/present/tokens.ts';

/** Texts with the number of tokens that the o200k_base tokenizer makes of them. */
const COUNTED: readonly (readonly [string, number])[] = [
  ['Hi, my card was charged twice for order A-54378. Can I get a refund?', 20],
  [
    'I keep checking to see if I have received a refund that I requested from a seller, but nothing arrives.',
    22,
  ],
  ['你好，我的订单A-64176还没有收到，可以退款吗？', 15],
  ['ログインするとエラーERR-404が表示されます。', 13],
  ['Здравствуйте, заказ ещё не пришёл.', 8],
  ['สวัสดีค่ะ ยังไม่ได้รับสินค้า ขอคืนเงินได้ไหมคะ', 16],
  ['مرحبا، لم أستلم طلبي بعد', 10],
  ['Die Rechnung für März enthält die falsche Umsatzsteuer-Identifikationsnummer.', 16],
  ['{"id":"215470000047767","created_at":"2025-02-06T16:22:40Z","tags":["refund"],"hydrated":true}', 36],
  ['{"a":{"b":[{"c":null},{"d":[]}]},"e":[1,2,3]}', 23],
  ['9.37095059693137_1738858960_4711_42_0.iGDQztnPkTpp', 27],
  ['WyJEXzRabmV1M3Y0Q3RBQmNFIix7ImFmdGVyIjp7InNjb3JlIjo5LjM3MDk1', 43],
  ['https://help.example.com/articles/123?utm_source=mail#top', 15],
  ['👩‍💻🎉😕 done!!! ----- ***** =====', 14],
  ['a  b                                            c', 5],
];

describe('the estimate of tokens', () => {
  it.each(COUNTED)('is not below the count: %s', (text, tokens) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
    expect(estimateTokens(text)).toBeLessThanOrEqual(4 * tokens);
  });

  it('is never below a quarter of the characters, and grows with the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(estimateTokens(a)).toBeGreaterThanOrEqual(a.length / 4);
        expect(estimateTokens(`${a}${b}`)).toBeGreaterThanOrEqual(estimateTokens(a) - 2);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

const render =
  (texts: readonly string[], seen: Extent[] = []) =>
  (extent: Extent): ToolAnswer => {
    seen.push(extent);
    const rows = texts.slice(0, extent.shown).map((text, index) => `${index} ${cut(text, extent.cell)}`);
    return {
      text: [extent.brief ? 'brief' : 'the whole head of an answer', ...rows].join('\n'),
      data: { rows, head: extent.brief ? undefined : 'the whole head of an answer' },
    };
  };

describe('an answer within a budget', () => {
  it('has as many rows as fit, and no more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 60 }), { maxLength: 120 }),
        fc.integer({ min: 60, max: 2_000 }),
        (texts, maxTokens) => {
          const { data, text } = withinBudget({ rows: texts.length, maxTokens, render: render(texts) });
          const shown = (data.rows as string[]).length;
          expect(estimateTokens(text)).toBeLessThanOrEqual(maxTokens);
          expect(estimateTokens(JSON.stringify(data))).toBeLessThanOrEqual(maxTokens);
          if (shown === texts.length || data.head === undefined) return;
          const more = render(texts)({ shown: shown + 1, cell: Number.POSITIVE_INFINITY, brief: false });
          const most = Math.max(estimateTokens(more.text), estimateTokens(JSON.stringify(more.data)));
          expect(most).toBeGreaterThan(maxTokens);
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it('always shows a row when there is one, cut and said to be', () => {
    const { text, data } = withinBudget({ rows: 1, maxTokens: 200, render: render(['word '.repeat(9_000)]) });
    expect((data.rows as string[])[0]).toMatch(/^0 word word .*\[cut: \d+ more characters\]$/);
    expect(estimateTokens(text)).toBeLessThanOrEqual(200);
  });

  it('does not render a thousand rows to show ten', () => {
    const seen: Extent[] = [];
    const texts = Array.from({ length: 1_000 }, () => 'word '.repeat(50));
    withinBudget({ rows: texts.length, maxTokens: 1_000, render: render(texts, seen) });
    expect(Math.max(...seen.map(({ shown }) => shown))).toBeLessThan(100);
    expect(seen.length).toBeLessThan(12);
  });

  it('cuts no character in two', () => {
    expect(cut('ab😕cd', 3)).toBe('ab\ufffd [cut: 3 more characters]');
    expect(cut('abc', 3)).toBe('abc');
  });
});
