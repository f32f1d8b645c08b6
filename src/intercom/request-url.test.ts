import { expect, test } from 'vitest';
import { parseBaseUrl, requestUrl } from './request-url.ts';

const base = parseBaseUrl('https://api.intercom.io');

test.each([
  [base, '/me', 'https://api.intercom.io/me'],
  [parseBaseUrl('http://127.0.0.1:8080/prefix/'), '/me', 'http://127.0.0.1:8080/prefix/me'],
  [base, 'https://api.intercom.io/articles?page=2', 'https://api.intercom.io/articles?page=2'],
  [base, '//evil.example/me', 'https://api.intercom.io//evil.example/me'],
  [base, '/\\evil.example/me', 'https://api.intercom.io//evil.example/me'],
])('%s and %s', (origin, path, expected) => {
  expect(requestUrl(origin, path).href).toBe(expected);
});

test('query values are encoded and undefined ones left out', () => {
  expect(requestUrl(base, '/x', { a: 1, b: undefined, c: 'ä&b', d: false }).search).toBe(
    '?a=1&c=%C3%A4%26b&d=false',
  );
});

test.each([
  'https://evil.example/me',
  'http://api.intercom.io/me',
  'https://api.intercom.io:444/',
  'https://u:p@api.intercom.io/',
  'me',
  '@evil.example',
  '',
])('refuses %j', (path) => {
  expect(() => requestUrl(base, path)).toThrow(expect.objectContaining({ code: 'INTERCOM_FOREIGN_HOST' }));
});

test.each(['', 'api.intercom.io', 'ftp://api.intercom.io', 'https://user:pass@api.intercom.io'])(
  'refuses the base URL %j',
  (url) => {
    expect(() => parseBaseUrl(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', exitCode: 2 }));
  },
);
