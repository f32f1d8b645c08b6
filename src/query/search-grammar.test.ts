import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../errors/app-error.ts';
import { parseQuery, type QueryNode } from './search-grammar.ts';

/** A query as it was understood: `+` all of, `|` one of, `!` not. */
const shown = (node: QueryNode): string => {
  switch (node.kind) {
    case 'word':
    case 'phrase': {
      const terms = node.terms.map(({ prefix, term }) => term + (prefix ? '*' : '')).join(' ');
      return node.kind === 'phrase' ? `"${terms}"` : terms;
    }
    case 'field':
      return `${node.name}=${node.values.join('/')}`;
    case 'not':
      return `!${shown(node.node)}`;
    default:
      return `(${node.nodes.map(shown).join(node.kind === 'and' ? ' + ' : ' | ')})`;
  }
};
const shape = (query: string) => parseQuery(query).nodes.map(shown);

describe('parseQuery', () => {
  it.each([
    ['refund card', ['refund', 'card']],
    ['"not received" card', ['"not received"', 'card']],
    ['foo@bar.com v2.6.8', ['foo bar com', 'v2 6 8']],
    ['say "hello', ['say', 'hello']],
    ['say"hello"', ['say', '"hello"']],
    ['“Guten Tag”', ['"guten tag"']],
    ['"he said “no” twice"', ['"he said no twice"']],
    ['退款', ['退款']],
    ['refund -card', ['refund', '!card']],
    ['-"late delivery" refund', ['!"late delivery"', 'refund']],
    ['refund NOT card', ['refund', '!card']],
    ['refund - card', ['refund', 'card']],
    ['--force well-known', ['force', 'well known']],
    ['refund OR chargeback visa', ['(refund | chargeback)', 'visa']],
    ['a1 OR b2 OR c3', ['(a1 | b2 | c3)']],
    ['refund or chargeback', ['refund', 'or', 'chargeback']],
    ['refund AND card', ['refund', 'card']],
    ['OR refund OR', ['refund']],
    ['(late delivery) OR refund', ['((late + delivery) | refund)']],
    ['(refund OR chargeback) -(visa amex)', ['(refund | chargeback)', '!(visa + amex)']],
    ['error (404) on login', ['error', '404', 'on', 'login']],
    ['((a1 OR b2) c3) OR d4', ['(((a1 | b2) + c3) | d4)']],
    ['a1 OR (b2', ['(a1 | b2)']],
    ['a1 OR b2)', ['(a1 | b2)']],
    ['refun*', ['refun*']],
    ['foo@ba*', ['foo ba*']],
    ['2 * 3', ['2', '3']],
    ['退*', ['退*']],
    ['state:open refund', ['state=open', 'refund']],
    ['State:open,snoozed -tag:vip', ['state=open/snoozed', '!tag=vip']],
    ['tag:"billing issue","a, b"', ['tag=billing issue/a, b']],
    ['state:open OR tag:vip', ['(state=open | tag=vip)']],
    [
      'csat:<=2 attr.Plan:pro attr."Plan type":"Pro Max"',
      ['csat=<=2', 'attr.plan=pro', 'attr.plan type=Pro Max'],
    ],
    ['https://example.com/a 10:30 error:404', ['https example com a', '10 30', 'error 404']],
    ['constructor:x toString:y', ['constructor x', 'tostring y']],
  ])('%s', (query, nodes) => {
    expect(shape(query)).toEqual(nodes);
  });

  it('refuses what cannot be looked up', () => {
    for (const query of ['...', '""', '🙂', 'OR', '-', '(', 'OR ('])
      expect(() => parseQuery(query), query).toThrow(expect.objectContaining({ code: 'QUERY_EMPTY' }));
    const many = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
    const deep = `a OR ${'('.repeat(20)}b c`;
    for (const query of ['x'.repeat(10_001), many(65), 'state: open', 'tag:', deep])
      expect(() => parseQuery(query), query.slice(0, 40)).toThrow(
        expect.objectContaining({ code: 'QUERY_INVALID' }),
      );
    expect(parseQuery(many(64)).nodes).toHaveLength(64);
  });

  it('understands or refuses whatever is typed', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '"',
        '-',
        '*',
        ':',
        ',',
        'OR',
        'NOT',
        'AND',
        'state:',
        'tag:x',
        'attr.',
        ' ',
        '\\',
        '.*',
        '[a-z]+',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          expect(parseQuery(pieces.join(' ')).nodes.length).toBeGreaterThan(0);
          expect(parseQuery(pieces.join('')).nodes.length).toBeGreaterThan(0);
        } catch (error) {
          expect(
            isAppError(error) && ['QUERY_EMPTY', 'QUERY_INVALID'].includes(error.code),
            String(error),
          ).toBe(true);
        }
      }),
      { numRuns: 2_000, seed: 5 },
    );
  });
});
