import { expect, test } from 'vitest';
import { mapCompany } from './mapping.ts';

const NOTHING = {
  company_id: null,
  name: null,
  name_key: null,
  plan: null,
  size: null,
  website: null,
  industry: null,
  monthly_spend: null,
  session_count: null,
  user_count: null,
  remote_created_at: null,
  created_at: null,
  updated_at: null,
  last_request_at: null,
};

test('takes a whole object apart', () => {
  const whole = {
    type: 'company',
    id: '6762f0971bb69f9f2193bb2b',
    company_id: 'remote-2',
    app_id: 'abc',
    name: 'Acme',
    plan: { type: 'plan', id: '1', name: 'Pro' },
    size: 40,
    website: 'https://acme.example.com',
    industry: 'Anvils',
    monthly_spend: 12.5,
    session_count: 3,
    user_count: 4,
    remote_created_at: 1_734_537_367,
    created_at: 1_734_537_368,
    updated_at: 1_734_537_369,
    last_request_at: 1_734_537_370,
    custom_attributes: {},
  };
  const { type: _type, app_id: _app, custom_attributes: _custom, ...columns } = whole;
  expect(mapCompany(whole)).toEqual({ ...columns, plan: 'Pro', name_key: 'acme' });
});

test('takes an object of which nearly everything is missing or of another type', () => {
  expect(mapCompany({ id: 'a', plan: {} })).toEqual({ id: 'a', ...NOTHING });
  const wrong = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, ['wrong']]));
  expect(mapCompany({ ...wrong, id: 'a' })).toEqual({ id: 'a', ...NOTHING });
});

test.each([undefined, null, 'x', [], {}, { id: null }])('leaves out %j', (payload) => {
  expect(mapCompany(payload)).toBeUndefined();
});
