import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseQueryRun } from './analyse.ts';
import { bestPart, snippet } from './snippet.ts';

const terms = (...queries: string[]) => queries.map((query) => analyseQueryRun(query));
const shown = (cut: ReturnType<typeof snippet>) =>
  cut.highlights.map(([start, end]) => cut.text.slice(start, end));

describe('snippet', () => {
  it('shows a short text whole, with its matches', () => {
    const cut = snippet('Refund for\nORDER 12', terms('order', 'refund'));
    expect(cut.text).toBe('Refund for ORDER 12');
    expect(shown(cut)).toEqual(['Refund', 'ORDER']);
    expect(cut.matches).toBe(2);
  });

  it('goes where most of the words stand together', () => {
    const text = `${'refund '.repeat(80)}${'filler '.repeat(80)}refund of the card ${'more '.repeat(80)}`;
    const cut = snippet(text, terms('refund', 'card'));
    expect(cut.matches).toBe(2);
    expect(cut.text.startsWith('…')).toBe(true);
    expect(cut.text.endsWith('…')).toBe(true);
  });

  it('highlights in scripts without spaces and beyond the basic plane', () => {
    expect(shown(snippet(`${'很'.repeat(500)}退款没有${'很'.repeat(500)}`, terms('退款')))).toEqual(['退款']);
    expect(shown(snippet('😀😀 card 😀', terms('card')))).toEqual(['card']);
  });

  it('stays within its size and never cuts a surrogate pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 0, maxLength: 900 }),
        fc.integer({ min: 20, max: 200 }),
        (noise, maxChars) => {
          const cut = snippet(`${noise.toWellFormed()} card ${noise.toWellFormed()}`, terms('card'), {
            maxChars,
          });
          expect(cut.text.length).toBeLessThanOrEqual(maxChars + 4);
          expect(cut.text.isWellFormed()).toBe(true);
          for (const [start, end] of cut.highlights) expect(start).toBeLessThan(end);
        },
      ),
      { seed: 4, numRuns: 500 },
    );
  });

  it('picks the part with most of the words, the first of equals', () => {
    const parts = ['card', 'the card and refund', 'refund card'].map((text) => ({ text }));
    expect(bestPart(parts, terms('refund', 'card'))).toEqual({ index: 1, matched: 2 });
    expect(bestPart(parts, terms('nothing'))).toEqual({ index: 0, matched: 0 });
  });
});
