import type { JsonObject } from '../world.ts';
import { companyId } from './ids.ts';
import { COMPANY_NAMES } from './names.ts';
import { between, chance, randomOf } from './random.ts';

const STREAM = 13;
const DAY = 86_400;

/** GET /companies/{id}. `plan` may be `{}` (API-FACTS 5.4). Times in Unix seconds. */
export const companyOf = (facts: {
  readonly seed: number;
  readonly index: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly workspaceId: string;
}): JsonObject => {
  const { seed, index, createdAt, updatedAt } = facts;
  const random = randomOf(seed, STREAM, index);
  return {
    type: 'company',
    id: companyId(index),
    company_id: `c-${index + 1}`,
    name: `${COMPANY_NAMES[index % COMPANY_NAMES.length]} ${index + 1}`,
    app_id: facts.workspaceId,
    plan: chance(random, 0.5) ? {} : { type: 'plan', id: '2', name: 'Business' },
    remote_created_at: createdAt - between(random, 0, 30) * DAY,
    created_at: createdAt,
    updated_at: updatedAt,
    ...(chance(random, 0.7) ? { last_request_at: updatedAt } : {}),
    size: between(random, 3, 5_000),
    website: `https://company${index + 1}.example.com`,
    ...(chance(random, 0.5) ? { industry: 'Software' } : {}),
    monthly_spend: between(random, 0, 9_000),
    session_count: between(random, 0, 400),
    // Some lost their last user: lists leave those out (API-FACTS 5.4).
    user_count: chance(random, 0.03) ? 0 : between(random, 1, 40),
    custom_attributes: chance(random, 0.3) ? { region: 'EMEA' } : {},
    tags: { type: 'tag.list', tags: [] },
    segments: { type: 'segment.list', segments: [] },
  };
};
