import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { METRIC_NAMES, METRICS } from '../../src/data/analytics/metrics.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import { exportConversations } from '../../src/query/export-conversations.ts';
import type { AnalyzeInput } from '../../src/query/analytics-types.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import {
  type ExportedConversation,
  ORACLE_GROUPS,
  oracleUnit,
  oracleValue,
  seconds,
} from '../support/analytics-oracle.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { beginSync, type ConversationSpec, hydrate, incomingOf, list, mirror, threadOf } from './builders.ts';
import { ENGINES, type TestPlace } from './engines.ts';

const ZONE = 'Europe/Berlin';
const START = Date.parse('2026-02-20T00:00:00Z') / 1000;
/** Across a change of the clocks. */
const DAYS = 60;
const NOW = Date.parse('2026-04-25T12:00:00Z') / 1000;
const COUNT = 260;

const generator = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5);
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const AUTHORS = [
  { type: 'user', id: 'u' },
  { type: 'admin', id: 'a' },
  { type: 'bot', id: 'b' },
] as const;

/** Conversations with everything that is measured, and with everything missing here and there. */
const specs = (): ConversationSpec[] => {
  const random = generator(5);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const maybe = <T>(value: T): T | null => (random() < 0.7 ? value : null);
  const upTo = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: COUNT }, (_, index) => {
    const created = START + upTo(DAYS * 86_400);
    const closed = created + upTo(9 * 86_400);
    return {
      id: String(5_000 + index),
      created_at: created,
      opening: `<p>${pick(['refund', 'login', 'invoice'])} ${pick(['please', 'now'])}</p>`,
      parts: Array.from({ length: upTo(5) }, (__, part) => ({
        id: `${index}-${part}`,
        body: random() < 0.8 ? `<p>answer ${part}</p>` : null,
        type: pick(['comment', 'comment', 'note', 'assignment']),
        author: pick(AUTHORS),
      })),
      fields: {
        state: pick(['open', 'closed', 'closed', 'snoozed']),
        waiting_since: maybe(created + upTo(3_000)),
        priority: pick(['none', 'high']),
        source: {
          type: pick(['email', 'conversation']),
          body: '<p>hello</p>',
          author: { type: 'user', id: 'u' },
        },
        contacts: { contacts: Array.from({ length: upTo(3) }, () => ({ id: `contact-${upTo(40)}` })) },
        tags: { tags: ['vip', 'late'].slice(0, upTo(3)).map((tag) => ({ id: tag, name: tag })) },
        admin_assignee_id: pick([null, 7, 8]),
        team_assignee_id: pick([null, 1, 2, 3]),
        company: maybe({ id: pick(['c1', 'c2']) }),
        conversation_rating: pick([
          null,
          { rating: null, created_at: closed },
          { rating: 1 + upTo(5), created_at: closed },
        ]),
        sla_applied: pick([
          null,
          { sla_name: 'Gold', sla_status: 'hit' },
          { sla_name: 'Gold', sla_status: 'missed' },
          { sla_name: 'Gold', sla_status: 'active' },
          { sla_name: 'Gold', sla_status: null },
        ]),
        ai_agent_participated: random() < 0.5,
        ai_agent: maybe({
          resolution_state: pick(['escalated', 'assumed_resolution', 'confirmed_resolution', null]),
        }),
        custom_attributes: { Plan: pick([null, 'Pro', 'Free']) },
        statistics: maybe({
          time_to_assignment: maybe(upTo(500)),
          time_to_admin_reply: maybe(upTo(90_000)),
          time_to_first_close: maybe(upTo(90_000)),
          time_to_last_close: maybe(upTo(900_000)),
          median_time_to_reply: maybe(upTo(5_000)),
          handling_time: maybe(upTo(300)),
          adjusted_handling_time: maybe(upTo(200)),
          first_admin_reply_at: maybe(created + upTo(9_000) - 100),
          first_close_at: maybe(closed - 60),
          last_close_at: maybe(closed),
          count_reopens: maybe(upTo(4)),
        }),
      },
    };
  });
};

const DIMENSIONS = ['hour', 'weekday', 'day', 'week', 'month', ...Object.keys(ORACLE_GROUPS)];
const TIMES = DIMENSIONS.slice(0, 5);

/** Filters with a second reading of them. */
const FILTERS: readonly { readonly query: string; readonly holds: (doc: ExportedConversation) => boolean }[] =
  [
    { query: '', holds: () => true },
    { query: 'state:open', holds: ({ state }) => state === 'open' },
    { query: 'has:tag', holds: ({ tags }) => tags.tags.length > 0 },
    { query: 'csat:<=3', holds: (doc) => (doc.conversation_rating?.rating ?? 9) <= 3 },
    { query: '-channel:email', holds: ({ source }) => source.type !== 'email' },
    { query: 'company:c1', holds: ({ company }) => company?.id === 'c1' },
    {
      query: 'answer 1',
      holds: ({ parts }) => parts.some(({ body }) => body?.includes('answer 1')),
    },
    { query: '"hello"', holds: () => true },
  ];

const FRAMES: readonly Partial<AnalyzeInput>[] = [
  {},
  { start_date: '2026-03-01', end_date: '2026-03-31' },
  { start_date: '2026-03-28', end_date: '2026-03-30' },
  { start_date: '2026-04-01T10:00:00Z' },
  { timeframe: 'last 14 days' },
  { timeframe: '2027' },
];

const closeTo = (value: number | null | undefined, expected: number | null, what: string): void => {
  if (expected === null || value === null || value === undefined) expect(value ?? null, what).toBe(expected);
  else expect(Math.abs(value - expected), `${what}: ${value}, not ${expected}`).toBeLessThan(1e-5);
};

describeWithPostgres('analytics', () => {
  const places: TestPlace[] = [];
  const services: QueryService[] = [];
  let docs: readonly ExportedConversation[];

  beforeAll(async () => {
    const all = specs();
    for (const engine of ENGINES) {
      const place = await engine.create();
      places.push(place);
      const store = await place.open();
      const fence = await beginSync(store);
      for (let start = 0; start < COUNT; start += 40)
        await mirror(store, fence, all.slice(start, start + 40));
      // Some change afterwards, some are deleted, of some the thread is not there yet.
      const changed = all
        .slice(10, 30)
        .map((spec) => ({ ...spec, updated_at: NOW - 5, opening: '<p>refund</p>' }));
      await hydrate(
        store,
        fence,
        changed.map((spec) => threadOf(spec)),
      );
      await store.write('applyDeletions', {
        fence,
        deleted: [
          { id: '5000', deletedAt: 50 },
          { id: '5007', deletedAt: 50 },
        ],
      });
      const later = all
        .slice(0, 25)
        .map(({ parts: _parts, ...spec }, index) => incomingOf({ ...spec, id: String(9_000 + index) }));
      await list(store, fence, later);
      const deps = { reader: store, logger: silentLogger, clock: { now: () => NOW * 1000 } };
      services.push(createQueryService(deps));
      if (docs === undefined) {
        const lines: ExportedConversation[] = [];
        for await (const line of exportConversations(deps)) lines.push(JSON.parse(line));
        docs = lines;
      }
    }
    expect(docs).toHaveLength(COUNT - 2 + 25);
  });
  afterAll(async () => {
    for (const place of places) await place.drop();
  });

  const timeOf = (doc: ExportedConversation, field: string): number | undefined =>
    field === 'closed_at' ? seconds(doc.statistics?.last_close_at) : seconds(doc.created_at);

  const within = (time: number | undefined, start?: number, end?: number): boolean =>
    start === undefined && end === undefined
      ? true
      : time !== undefined && time >= (start ?? -Infinity) && time < (end ?? Infinity);

  const groupsOf = (doc: ExportedConversation, name: string, field: string): readonly string[] => {
    if (!TIMES.includes(name)) return ORACLE_GROUPS[name]?.(doc) ?? [];
    const time = timeOf(doc, field);
    return time === undefined ? [] : [oracleUnit(name, time, ZONE)];
  };

  const input = fc.record({
    metrics: fc.subarray(
      METRIC_NAMES.filter((name) => name !== 'open_backlog'),
      { minLength: 1, maxLength: 4 },
    ),
    group_by: fc.subarray(DIMENSIONS, { maxLength: 2 }),
    filter: fc.constantFrom(...FILTERS),
    frame: fc.constantFrom(...FRAMES),
  });

  it('gives every metric as the export has it, over any filter, frame and groups, alike on both engines', async () => {
    await fc.assert(
      fc.asyncProperty(input, async ({ filter, frame, group_by, metrics }) => {
        const asked = { metrics, group_by, query: filter.query, limit: 1_000, ...frame };
        const [answer, other] = await Promise.all(
          services.map((service) => service.analyzeConversations(asked)),
        );
        if (answer === undefined || other === undefined) throw new Error('there are two engines');
        expect(other.results).toEqual(answer.results);
        expect(other.totals).toEqual(answer.totals);
        const bounds = answer.metadata.filters_applied.time as { start?: string; end?: string } | undefined;
        const [start, end] = [seconds(bounds?.start), seconds(bounds?.end)];
        const options = { asOf: seconds(answer.metadata.as_of) ?? NOW, recontactDays: 7, all: docs };
        for (const metric of metrics) {
          const field = metric === 'closed' ? 'closed_at' : 'created_at';
          const counted = docs.filter(
            (doc) =>
              filter.holds(doc) &&
              (metric === 'closed' ? timeOf(doc, field) !== undefined : true) &&
              within(timeOf(doc, field), start, end),
          );
          const check = (
            value: Readonly<Record<string, unknown>> | undefined,
            own: typeof docs,
            what: string,
          ) => {
            const expected = oracleValue(metric, METRICS[metric].statistic, own, options);
            for (const [name, number] of Object.entries(expected))
              closeTo(
                value?.[name] as number | null,
                number,
                `${metric}.${name} of ${what} (${JSON.stringify(asked)})`,
              );
          };
          check(answer.totals[metric] as never, counted, 'all');
          const seen = new Map<string, ExportedConversation[]>();
          for (const doc of counted)
            for (const one of group_by[0] === undefined ? [] : groupsOf(doc, group_by[0], field))
              for (const two of group_by[1] === undefined ? [''] : groupsOf(doc, group_by[1], field)) {
                const key = JSON.stringify([one, two]);
                seen.set(key, [...(seen.get(key) ?? []), doc]);
              }
          const rows = new Map(
            answer.results.map(({ group, metrics: values }) => [
              JSON.stringify([group[0]?.value, group[1]?.value ?? '']),
              values[metric],
            ]),
          );
          for (const [key, own] of seen) check(rows.get(key) as never, own, key);
          if (group_by.length > 0)
            for (const [key, value] of rows)
              if (!seen.has(key)) expect(value?.n, `${metric} of ${key}`).toBe(0);
        }
      }),
      { seed: 4, numRuns: 120 },
    );
  });

  it('knows what stood open at the end of each day, week and month, by team, too', async () => {
    const openAt = (doc: ExportedConversation, moment: number): boolean => {
      const closed = seconds(doc.statistics?.last_close_at);
      if ((seconds(doc.created_at) ?? 0) >= moment) return false;
      return doc.state !== 'closed' || (closed !== undefined && closed >= moment);
    };
    for (const unit of ['day', 'week', 'month']) {
      const ends = new Map<string, number>();
      for (let moment = START - 5 * 86_400; moment < NOW + 86_400; moment += 1_800)
        ends.set(oracleUnit(unit, moment, ZONE), moment + 1_800);
      for (const frame of FRAMES.slice(0, 5)) {
        const asked = { metrics: ['open_backlog'], group_by: [unit, 'team'], limit: 1_000, ...frame };
        const [answer, other] = await Promise.all(
          services.map((service) => service.analyzeConversations(asked)),
        );
        expect(other?.results).toEqual(answer?.results);
        const bounds = answer?.metadata.filters_applied.time as { start?: string; end?: string } | undefined;
        const end = Math.min(seconds(bounds?.end) ?? NOW, NOW);
        const units = [...new Set(answer?.results.map(({ group }) => group[0]?.value ?? ''))];
        expect(units.length).toBeGreaterThan(0);
        for (const value of units) {
          const moment = Math.min(ends.get(value) ?? 0, end);
          for (const team of ['none', '1', '2', '3']) {
            const found = answer?.results.find(
              ({ group }) => group[0]?.value === value && group[1]?.value === team,
            );
            const expected = docs.filter(
              (doc) => ORACLE_GROUPS.team?.(doc).includes(team) && openAt(doc, moment),
            ).length;
            expect(found?.metrics.open_backlog?.value ?? 0, `${value} ${team} ${JSON.stringify(frame)}`).toBe(
              expected,
            );
          }
        }
        expect(answer?.totals.open_backlog?.value).toBe(docs.filter((doc) => openAt(doc, end)).length);
      }
    }
  });

  it('compares with the same number of days before', async () => {
    const [service] = services as [QueryService];
    const frame = { start_date: '2026-03-28', end_date: '2026-03-30' };
    const answer = await service.analyzeConversations({
      ...frame,
      compare: true,
      group_by: ['state'],
      metrics: ['created'],
    });
    expect(answer.compared_to).toEqual({ start: '2026-03-24T23:00:00Z', end: '2026-03-27T23:00:00Z' });
    const before = await service.analyzeConversations({
      start_date: '2026-03-25',
      end_date: '2026-03-27',
      group_by: ['state'],
      metrics: ['created'],
    });
    const now = await service.analyzeConversations({ ...frame, group_by: ['state'], metrics: ['created'] });
    for (const { group, metrics } of answer.results) {
      const state = group[0]?.value;
      const of = (answered: typeof before) =>
        answered.results.find((row) => row.group[0]?.value === state)?.metrics.created?.value ?? 0;
      expect(metrics.created).toMatchObject({ value: of(now), previous: of(before) });
    }
    expect(answer.totals.created?.previous).toBe(before.totals.created?.value);
    await expect(service.analyzeConversations({ compare: true })).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
    });
  });

  it('pages through groups without gap or repetition', async () => {
    for (const service of services) {
      const asked = { metrics: ['created'], group_by: ['day', 'team'] };
      const whole = await service.analyzeConversations({ ...asked, limit: 1_000 });
      const rows: unknown[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await service.analyzeConversations({
          ...asked,
          limit: 7,
          ...(cursor ? { cursor } : {}),
        });
        rows.push(...page.results);
        cursor = page.pagination.next_cursor;
      } while (cursor !== null);
      expect(rows).toEqual(whole.results);
      expect(whole.summary.total_results).toBe(rows.length);
    }
  });

  it('refuses what it does not know with the nearest that it does', async () => {
    const [service] = services as [QueryService];
    const refused = async (asked: AnalyzeInput) => {
      const error = await service.analyzeConversations(asked).then(
        () => undefined,
        (reason: Error) => reason.message,
      );
      return error ?? 'an answer';
    };
    expect(await refused({ metrics: ['csatt'] })).toContain('the nearest is "csat"');
    expect(await refused({ group_by: ['teem'] })).toContain('the nearest is "team"');
    expect(await refused({ group_by: ['day', 'team', 'tag'] })).toContain('at most 2');
    expect(await refused({ metrics: ['open_backlog'], group_by: ['weekday'] })).toContain(
      'cannot be grouped',
    );
    expect(await refused({ recontact_days: 0 })).toContain('recontact_days');
    expect(await refused({ cursor: 'abc' })).not.toBe('an answer');
  });
});
