import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueryService } from '../../src/query/create-query-service.ts';
import { createWorld, DEFAULT_END_TIME } from '../../src/sandbox/world/create-world.ts';
import { incidentOf } from '../../src/sandbox/world/incident.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { mirrorWorld } from '../support/world-mirror.ts';
import { ENGINES, type TestPlace } from './engines.ts';

const LONG = Boolean(process.env.FAST_INTERCOM_LONG_TESTS);
const SEEDS = Array.from({ length: LONG ? 20 : 3 }, (_, index) => index + 1);
const CONVERSATIONS = LONG ? 1_000 : 300;
const DAY = 86_400;

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Time frames that one may ask by about an incident. */
const framesOf = (start: number, end: number): string[] => [
  `${dayOf(start)}..${dayOf(end - DAY)}`,
  `${dayOf(start - DAY)}..${dayOf(start + 5 * DAY)}`,
  `${dayOf(end - 7 * DAY)}..${dayOf(end - DAY)}`,
  dayOf(start).slice(0, 7),
  'last 120 days',
];

/** The statistics are the same code on both engines: one is enough. */
describe('trends in made-up workspaces', () => {
  let place: TestPlace;
  let store: OpenedStore;
  let query: QueryService;
  beforeAll(async () => {
    place = await ENGINES[0].create();
    store = await place.open();
    const clock = { now: () => DEFAULT_END_TIME * 1000 - 1 };
    query = createQueryService({ reader: store, logger: silentLogger, clock });
  });
  afterAll(() => place.drop());

  const trendsOf = async (seed: number, incident: boolean) => {
    const { end, start, words } = incidentOf({
      seed,
      endTime: DEFAULT_END_TIME,
      conversations: CONVERSATIONS,
    });
    const workspace = `${incident ? 'incident' : 'calm'}_${seed}`;
    await mirrorWorld(store, await createWorld({ seed, conversations: CONVERSATIONS, incident }), workspace);
    const frames = framesOf(start, end);
    const answers = await Promise.all(frames.map((timeframe) => query.findTrends({ timeframe, workspace })));
    return { answers, frames, start, words };
  };

  it.each(SEEDS)(
    'have the planted incident among the first three, with its first day (seed %i)',
    async (seed) => {
      const { answers, frames, start, words } = await trendsOf(seed, true);
      answers.forEach(({ metadata, results }, index) => {
        const row = results
          .slice(0, 3)
          .find((each) => [each, ...each.related].some(({ value }) => words.includes(value)));
        expect(row, frames[index]).toBeDefined();
        expect(row?.direction).toMatch(/^(new|rose)$/);
        // The day begins in the workspace's zone, seven hours behind in summer and eight in winter.
        expect(metadata.time_zone).toBe('America/Los_Angeles');
        const began = Date.parse(`${row?.started_at}T07:00:00Z`) / 1000;
        expect(Math.abs(began - start), `${frames[index]}: ${row?.started_at}`).toBeLessThanOrEqual(DAY);
      });
    },
  );

  it('without one are hardly ever called strong', async () => {
    const strong: unknown[] = [];
    for (const seed of SEEDS) {
      const { answers } = await trendsOf(seed, false);
      expect(answers.at(-1)?.summary.compared_terms).toBeGreaterThan(20);
      for (const { results } of answers) {
        strong.push(...results.filter(({ strength }) => strength === 'strong'));
      }
    }
    expect(strong.length, JSON.stringify(strong)).toBeLessThanOrEqual(1);
  });
});
