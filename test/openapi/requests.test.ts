import { beforeAll, describe, expect, test } from 'vitest';
import { EXCEPTIONS } from './exceptions.ts';
import { sampleRequests } from './sample-requests.ts';
import { createValidator, type SentRequest, type Validator } from './validator.ts';

const faultsIn = (validator: Validator, requests: readonly SentRequest[]): string[] => [
  ...new Set(requests.flatMap((sent) => validator.request(sent))),
];

describe('what the built command sends', () => {
  let requests: SentRequest[];
  beforeAll(async () => {
    requests = await sampleRequests();
  });

  test('is what the description says, but for the listed exceptions', () => {
    expect(faultsIn(createValidator(EXCEPTIONS), requests)).toEqual([]);
  });

  test('was looked at for every operation that a sync needs', () => {
    const validator = createValidator(EXCEPTIONS);
    const operations = requests.map(({ method, path }) => validator.operationOf(method, path));
    expect(new Set(operations)).toEqual(
      new Set([
        'GET /me',
        'GET /admins',
        'GET /teams',
        'GET /tags',
        'GET /segments',
        'GET /ticket_types',
        'GET /ticket_states',
        'GET /subscription_types',
        'GET /help_center/help_centers',
        'GET /brands',
        'GET /office_hours_schedules',
        'GET /data_attributes',
        'GET /conversations/attributes',
        'GET /articles',
        'GET /help_center/collections',
        'GET /internal_articles',
        'GET /macros',
        'GET /companies/scroll',
        'GET /companies/{company_id}',
        'POST /tickets/search',
        'GET /contacts',
        'GET /contacts/{contact_id}/tags',
        'GET /contacts/{contact_id}/notes',
        'GET /contacts/{contact_id}/companies',
        'POST /contacts/search',
        'POST /conversations/search',
        'GET /conversations/{conversation_id}',
        'GET /conversations/deleted',
      ]),
    );
    expect(requests.length).toBeGreaterThan(320);
  });

  const needed = EXCEPTIONS.filter(({ side }) => side === 'request');
  test.each(needed.map((each) => [each.operation, each] as const))(
    'needs the exception for %s',
    (_operation, exception) => {
      const others = EXCEPTIONS.filter((each) => each !== exception);
      expect(faultsIn(createValidator(others), requests)).not.toEqual([]);
    },
  );
});
