import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLossless } from './lossless.ts';
import { sliceArray, splitArray, splitProperties } from './slice-json.ts';

describe('sliceArray', () => {
  it('gives the exact text of the elements', () => {
    const text =
      ' {"a":[1],"data" : [ {"n":12345678901234567890,"s":"\\u0041]\\"}"} ,[ "x" , null ],-1.50e+3,"q\\\\" ],"z":{"data":[9]}} ';
    expect(sliceArray(text, 'data')).toEqual([
      '{"n":12345678901234567890,"s":"\\u0041]\\"}"}',
      '[ "x" , null ]',
      '-1.50e+3',
      '"q\\\\"',
    ]);
  });

  it('agrees with JSON.parse on any value', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.boolean(), (items, other, pretty) => {
        const text = JSON.stringify({ other, data: items, last: 1 }, null, pretty ? 2 : undefined);
        expect(sliceArray(text, 'data').map((slice) => JSON.parse(slice))).toEqual(
          (JSON.parse(text) as { data: unknown }).data,
        );
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it.each(['', '[]', '{}', '{"data":1}', '{"data":[1', '{"data":[1 2]}', '{"data"'])('refuses %j', (text) => {
    expect(() => sliceArray(text, 'data')).toThrow(SyntaxError);
  });
});

describe('splitArray', () => {
  /** What a reader makes of a page, object by object. */
  const read = (text: string): unknown => {
    const page = splitArray(text, 'data');
    if (page === undefined) return JSON.parse(text);
    return { ...(JSON.parse(page.rest) as object), data: page.elements.map((each) => JSON.parse(each)) };
  };
  const readOr = (parse: (text: string) => unknown, text: string): unknown => {
    try {
      return parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(SyntaxError);
      return 'not JSON';
    }
  };

  it.each(['{"data":1}', '{}', '{"a":{"data":[1]}}'])('finds none in %s', (text) => {
    expect(splitArray(text, 'data')).toBeUndefined();
  });

  it.each([
    ['{"data":[1,2],"pages":{}}', '{"pages":{}}', ['1', '2']],
    ['{"type":"list","data":[]}', '{"type":"list"}', []],
    ['{"data":[1],"x":0,"data":[ "]" ]}', '{"x":0}', ['"]"']],
  ])('of %s leaves %s', (text, rest, elements) => {
    expect(splitArray(text, 'data')).toEqual({ rest, elements });
  });

  it('takes for JSON what JSON.parse takes, and makes the same of it, also of what was damaged', () => {
    const damage = fc.record({
      at: fc.nat(400),
      cut: fc.nat(2),
      put: fc.constantFrom('', '', ',', ']', '[', '}', '"', '\\', ':', '0', ' '),
    });
    const page = fc.record({ type: fc.string(), data: fc.array(fc.jsonValue()), pages: fc.jsonValue() });
    fc.assert(
      fc.property(page, damage, fc.boolean(), (value, { at, cut, put }, whole) => {
        const text = JSON.stringify(value);
        const place = at % text.length;
        const given = whole ? text : text.slice(0, place) + put + text.slice(place + cut);
        expect(readOr(read, given)).toEqual(readOr(JSON.parse, given));
      }),
      { seed: 3, numRuns: 3_000 },
    );
  });
});

describe('splitProperties', () => {
  it.each([
    ['{"a":1,"x":[],"b":2}', '{"a":1,"b":2}'],
    ['{"x":[],"b":2}', '{"b":2}'],
    ['{"x":[1],"y":{},"b":2}', '{"b":2}'],
    ['{"a":1,"x":["\\"x\\":"],"y":0}', '{"a":1}'],
    ['{"x":1,"y":2}', '{}'],
    [' { "a" : {"x":1} , "\\u0078" : 1 , "b" : 2 } ', ' { "a" : {"x":1} , "b" : 2 } '],
    ['{"a":"\\"x\\":1"}', '{"a":"\\"x\\":1"}'],
  ])('of %s leaves %s', (text, rest) => {
    expect(splitProperties(text, ['x', 'y']).rest).toBe(rest);
  });

  it('leaves the text that was there without them', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        fc.nat(9),
        fc.boolean(),
        (others, value, place, pretty) => {
          const { x: _x, y: _y, ...object } = others as Record<string, unknown>;
          const space = pretty ? 2 : undefined;
          // Keys that are whole numbers go first in any object of JavaScript: the place is among the others.
          const entries = Object.entries(object);
          entries.splice(Math.min(place, entries.length), 0, ['x', value], ['y', value]);
          const whole = JSON.stringify(Object.fromEntries(entries), null, space);
          const { rest, values } = splitProperties(whole, ['x', 'y']);
          if (!pretty) expect([...values.values()]).toEqual([JSON.stringify(value), JSON.stringify(value)]);
          expect(JSON.parse(rest)).toEqual(object);
          if (Object.keys(object).length > 0) expect(rest).toBe(JSON.stringify(object, null, space));
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });
});

describe('parseLossless', () => {
  it('writes numbers as they came', () => {
    const text =
      '{"a":12345678901234567890,"b":1.0,"c":1e400,"d":-0,"e":0.1,"f":[9007199254740993],"__proto__":1,"g":5}';
    expect(JSON.stringify(parseLossless(text))).toBe(text);
  });
});
