import { describe, expect, test } from 'vitest';
import { EXCEPTIONS } from './exceptions.ts';
import { createValidator, type SentRequest } from './validator.ts';

const validator = createValidator(EXCEPTIONS);

const headers = {
  authorization: 'Bearer …',
  accept: 'application/json',
  'content-type': 'application/json',
  'intercom-version': '2.16',
};
const request = (change: Partial<SentRequest> = {}): SentRequest => ({
  method: 'GET',
  path: '/me',
  query: new URLSearchParams(),
  headers,
  body: {},
  ...change,
});
const search = (body: unknown): SentRequest =>
  request({ method: 'POST', path: '/conversations/search', body });
const filter = { field: 'created_at', operator: '>', value: 1 };

describe('requests', () => {
  test('those that keep to the description pass', () => {
    expect(validator.request(request())).toEqual([]);
    expect(validator.request(request({ path: '/conversations/215470000000037' }))).toEqual([]);
    const query = new URLSearchParams({ per_page: '60', page: '2', order: 'asc' });
    expect(validator.request(request({ path: '/conversations/deleted', query }))).toEqual([]);
    expect(validator.request(search({ query: { operator: 'AND', value: [filter] } }))).toEqual([]);
  });

  test.each<[string, SentRequest, RegExp]>([
    ['an unknown path', request({ path: '/ticket' }), /unknown operation/],
    ['a method of another operation', request({ method: 'DELETE' }), /unknown operation/],
    [
      'an unknown parameter',
      request({ path: '/conversations', query: new URLSearchParams({ page: '2' }) }),
      /additional properties: page/,
    ],
    [
      'a parameter of the wrong type',
      request({ path: '/conversations', query: new URLSearchParams({ per_page: 'all' }) }),
      /per_page must be integer/,
    ],
    [
      'a page that is too large',
      request({ path: '/conversations', query: new URLSearchParams({ per_page: '151' }) }),
      /per_page must be <= 150/,
    ],
    ['an id that is no number', request({ path: '/conversations/abc' }), /conversation_id must be integer/],
    ['another version', request({ headers: { ...headers, 'intercom-version': '2.15' } }), /Intercom-Version/],
    ['no token', request({ headers: { ...headers, authorization: '' } }), /Authorization/],
    ['no Accept', request({ headers: { ...headers, accept: '*/*' } }), /Accept/],
    [
      'a body without its type',
      { ...search({ query: filter }), headers: { ...headers, 'content-type': '' } },
      /Content-Type/,
    ],
    ['a body where none belongs', request({ body: { a: 1 } }), /carries a body/],
    ['a search without a query', search({}), /required property 'query'/],
    ['an unknown operator', search({ query: { ...filter, operator: '=>' } }), /query/],
    [
      'a sort order of before 2.16',
      search({ query: filter, sort: { field: 'id', order: 'desc' } }),
      /sort\/order/,
    ],
    ['an unknown key of a body', search({ query: filter, page: 2 }), /additional properties: page/],
  ])('%s is seen', (_name, sent, fault) => {
    expect(validator.request(sent).join('\n')).toMatch(fault);
  });
});

describe('answers', () => {
  const error = { type: 'error.list', request_id: null, errors: [{ code: 'unauthorized', message: 'no' }] };

  test('those that keep to the description pass, errors that it does not list included', () => {
    expect(validator.answer('GET /tags', 200, { type: 'list', data: [] })).toEqual([]);
    expect(validator.answer('GET /tags', 401, error)).toEqual([]);
    expect(validator.answer('GET /tags', 503, error)).toEqual([]);
  });

  test.each<[string, number, unknown, RegExp]>([
    ['a wrong type', 200, { type: 'list', data: [{ type: 'tag', id: 7 }] }, /\/data\/\*\/id must be string/],
    ['a misspelt field', 200, { type: 'list', data: [{ nmae: '' }] }, /additional properties: nmae/],
    ['a null', 200, { type: 'list', data: null }, /\/data must be array/],
    ['a word that is not allowed', 200, { type: 'tag.list' }, /\/type must be equal to one of/],
    ['a status that is not described', 204, {}, /no answer 204/],
    ['an error without a code', 401, { ...error, errors: [{ message: 'no' }] }, /required property 'code'/],
    ['a request id that is no UUID', 401, { ...error, request_id: 'a1' }, /request_id must match format/],
  ])('%s is seen', (_name, status, body, fault) => {
    expect(validator.answer('GET /tags', status, body).join('\n')).toMatch(fault);
  });
});
