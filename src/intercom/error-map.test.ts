import { expect, test } from 'vitest';
import { canonicalPath, judgeStatus } from './error-map.ts';

const envelope = (code: string, message = 'secret upstream words'): string =>
  JSON.stringify({ type: 'error.list', request_id: 'abc', errors: [{ code, message }] });
const HTML = '<html><head><title>403 Forbidden</title></head></html>';

test.each([
  [400, envelope('parameter_invalid'), 'fail', 'INTERCOM_BAD_REQUEST'],
  [401, envelope('unauthorized'), 'fail', 'INTERCOM_UNAUTHORIZED'],
  [401, '', 'fail', 'INTERCOM_UNAUTHORIZED'],
  [402, envelope('payment'), 'fail', 'INTERCOM_PLAN'],
  [403, envelope('api_plan_restricted'), 'fail', 'INTERCOM_PLAN'],
  [403, envelope('forbidden'), 'fail', 'INTERCOM_FORBIDDEN'],
  [403, HTML, 'retry', 'INTERCOM_SERVER_ERROR'],
  [404, envelope('not_found'), 'fail', 'INTERCOM_NOT_FOUND'],
  [404, HTML, 'retry', 'INTERCOM_BAD_BODY'],
  [405, '', 'fail', 'INTERCOM_BAD_REQUEST'],
  [406, '', 'fail', 'INTERCOM_BAD_REQUEST'],
  [408, envelope('request_timeout'), 'retry', 'INTERCOM_SERVER_ERROR'],
  [408, '', 'retry', 'INTERCOM_TIMEOUT'],
  [409, envelope('conflict'), 'fail', 'INTERCOM_BAD_REQUEST'],
  [410, envelope('contact_merged'), 'fail', 'INTERCOM_GONE'],
  [422, envelope('parameter_invalid'), 'fail', 'INTERCOM_BAD_REQUEST'],
  [
    429,
    envelope('rate_limit_exceeded', 'Exceeded rate limit of 167 in 10_seconds'),
    'limited',
    'INTERCOM_RATE_LIMITED',
  ],
  [429, '', 'limited', 'INTERCOM_RATE_LIMITED'],
  [
    429,
    envelope('rate_limit_exceeded', 'Exceeded rate limit of 1 pending export jobs'),
    'retry',
    'INTERCOM_RATE_LIMITED',
  ],
  [429, envelope('too_many_requests'), 'retry', 'INTERCOM_RATE_LIMITED'],
  [400, envelope('service_unavailable'), 'retry', 'INTERCOM_SERVER_ERROR'],
  [500, envelope('server_error'), 'retry', 'INTERCOM_SERVER_ERROR'],
  [502, HTML, 'retry', 'INTERCOM_SERVER_ERROR'],
  [504, '', 'retry', 'INTERCOM_SERVER_ERROR'],
])('%i %s', (status, text, action, code) => {
  const verdict = judgeStatus(status, new Headers(), text);
  expect([verdict.action, verdict.error.code, verdict.error.details['status']]).toEqual([
    action,
    code,
    status,
  ]);
  expect(verdict.error.message).not.toContain('secret');
  expect(JSON.stringify(verdict.error.details)).not.toContain('secret');
});

test('keeps code and request id, and only where they look like identifiers', () => {
  expect(judgeStatus(404, new Headers(), envelope('not_found')).error.details).toEqual({
    status: 404,
    upstreamCode: 'not_found',
    requestId: 'abc',
  });
  expect(judgeStatus(404, new Headers(), envelope('Bearer some words')).error.details).not.toHaveProperty(
    'upstreamCode',
  );
});

test.each([
  ['</contacts/6762>; rel="canonical"', '/contacts/6762'],
  ['<https://evil.example/contacts/6762>; rel=canonical', '/contacts/6762'],
  ['</a>; rel="next", </contacts/7>; rel="canonical"', '/contacts/7'],
  ['</a>; rel="next"', undefined],
  ['nonsense', undefined],
  [null, undefined],
])('Link %j names %j', (link, path) => {
  expect(canonicalPath(link)).toBe(path);
  const headers = new Headers(link === null ? {} : { link });
  expect(judgeStatus(410, headers, envelope('contact_merged')).error.details['canonical']).toBe(path);
});
