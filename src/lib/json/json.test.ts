import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLossless } from './lossless.ts';
import { sliceArray } from './slice-json.ts';

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

describe('parseLossless', () => {
  it('writes numbers as they came', () => {
    const text =
      '{"a":12345678901234567890,"b":1.0,"c":1e400,"d":-0,"e":0.1,"f":[9007199254740993],"__proto__":1,"g":5}';
    expect(JSON.stringify(parseLossless(text))).toBe(text);
  });
});
