import { describe, expect, it } from 'vitest';
import { attributeValues } from './custom-attributes.ts';
import { asObject } from './read-json.ts';

const valuesOf = (json: string) =>
  attributeValues(asObject(JSON.parse(json)), json, 'custom_attributes').map(
    ({ name, position, kind, text, number }) => [name, position, kind, text, number],
  );

describe('custom attributes', () => {
  it('have typed values', () => {
    expect(
      valuesOf(
        '{"custom_attributes":{"plan":"Pro","seats":12,"share":0.5,"paid":true,"trial":false,"gone":null,"list":["a","b"],"none":[]}}',
      ),
    ).toEqual([
      ['plan', 0, 'string', 'Pro', null],
      ['seats', 0, 'number', '12', 12],
      ['share', 0, 'number', '0.5', 0.5],
      ['paid', 0, 'boolean', 'true', 1],
      ['trial', 0, 'boolean', 'false', 0],
      ['list', 0, 'string', 'a', null],
      ['list', 1, 'string', 'b', null],
    ]);
  });

  it('keep large numbers as they were written', () => {
    expect(valuesOf('{"custom_attributes":{"account":9007199254740993}}')).toEqual([
      ['account', 0, 'number', '9007199254740993', 2 ** 53],
    ]);
  });

  it('know times as ISO 8601 writes them', () => {
    expect(
      valuesOf(
        '{"custom_attributes":{"a":"2026-09-14","b":"2026-09-14T10:00:00Z","c":"2026-09-14T10:00:00","d":"2026-99-14","e":1789000000}}',
      ),
    ).toEqual([
      ['a', 0, 'date', '2026-09-14', 1_789_344_000],
      ['b', 0, 'date', '2026-09-14T10:00:00Z', 1_789_380_000],
      ['c', 0, 'date', '2026-09-14T10:00:00', 1_789_380_000],
      ['d', 0, 'string', '2026-99-14', null],
      ['e', 0, 'number', '1789000000', 1_789_000_000],
    ]);
  });

  it('refer to objects by their id', () => {
    expect(
      valuesOf('{"custom_attributes":{"orders":{"type":"list","data":[{"id":7},{"id":"x"}]},"o":{"a":1}}}'),
    ).toEqual([
      ['orders', 0, 'reference', '7', null],
      ['orders', 1, 'reference', 'x', null],
      ['o', 0, 'json', '{"a":1}', null],
    ]);
  });

  it('are cut where they are long, and have no NUL and no half characters', () => {
    const [value] = valuesOf(JSON.stringify({ custom_attributes: { 'n\0': `${'x'.repeat(499)}😀y` } }));
    expect(value).toEqual(['n', 0, 'string', `${'x'.repeat(499)}\ufffd`, null]);
    expect(valuesOf('{"custom_attributes":"x"}')).toEqual([]);
    expect(valuesOf('{}')).toEqual([]);
  });
});
