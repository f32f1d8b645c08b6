import type { RecordFilter, RecordKind } from '../../data/reads/list-records.ts';
import { systemClock } from '../../lib/clock.ts';
import { fold } from '../../lib/text/fold.ts';
import { decodeCursor, encodeCursor, fingerprint } from '../cursor.ts';
import type { QueryDeps } from '../deps.ts';
import { answerMetadata, type MirrorFacts } from '../mirror-facts.ts';
import { readOptions } from '../read-options.ts';
import { appliedTime } from '../search-conditions.ts';
import { checkedLimit, DEFAULT_LIMIT } from '../search-conversations.ts';
import { type TimeBounds, timeBounds, zoneOf } from '../time-bounds.ts';
import type { CallContext } from '../types.ts';
import { fieldsOf } from './record-fields.ts';
import type { ListInput, RecordsAnswer } from './record-types.ts';

/** What a list is of, beside what all lists have in common. */
export interface ListQuestion {
  readonly kind: RecordKind;
  readonly filters: readonly RecordFilter[];
  /** As they stand in `metadata.filters_applied`. */
  readonly applied: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

/** Words as they are looked for; what stands in quotes is one. */
const wordsOf = (query: string | undefined): string[] =>
  [...(query ?? '').matchAll(/"([^"]+)"|(\S+)/g)]
    .map(([, quoted, bare]) => fold((quoted ?? bare ?? '').trim()))
    .filter((word) => word !== '');

/** A value of an attribute is text, however it was given. */
const attributeFilters = ({ attributes = {} }: ListInput): RecordFilter[] =>
  Object.entries(attributes).map(([name, value]) => ({ by: 'attribute', name, value: String(value) }));

const boundsIn = (fields: readonly (string | number | null)[]): TimeBounds | undefined => {
  const [start, end] = fields;
  if (typeof start !== 'number' && typeof end !== 'number') return undefined;
  return { ...(typeof start === 'number' ? { start } : {}), ...(typeof end === 'number' ? { end } : {}) };
};

/**
 * A page of a list: the best first where there are words, else the newest.
 * @throws AppError ARGUMENT_INVALID, TIMEFRAME_UNKNOWN, CURSOR_INVALID, STORE_*
 */
export const listAnswer = async (
  deps: QueryDeps,
  facts: MirrorFacts,
  input: ListInput,
  question: ListQuestion,
  call?: CallContext,
): Promise<RecordsAnswer> => {
  const started = performance.now();
  const limit = checkedLimit(input.limit, DEFAULT_LIMIT);
  const options = readOptions(call);
  const workspaceId = facts.workspace.id;
  const zone = zoneOf(input, facts.workspace.time_zone);
  const cursorKey = (await deps.reader.read('readSetting', { name: 'cursor_key' }, options)) ?? '';
  const { cursor, limit: _limit, workspace: _workspace, ...asked } = input;
  const boundTo = fingerprint([question.kind, workspaceId, asked]);
  const state = cursor === undefined ? undefined : decodeCursor(cursorKey, boundTo, cursor);
  const nowMs = (deps.clock ?? systemClock).now();
  const bounds = state === undefined ? timeBounds(input, zone, nowMs) : boundsIn(state.slice(3));
  const found = await deps.reader.read(
    'listRecords',
    {
      workspaceId,
      kind: question.kind,
      words: wordsOf(input.query),
      filters: [
        ...question.filters,
        ...attributeFilters(input),
        ...(input.ids === undefined ? [] : [{ by: 'column' as const, column: 'id', values: input.ids }]),
        ...(bounds === undefined ? [] : [{ by: 'time' as const, column: 'created_at' as const, ...bounds }]),
      ],
      limit,
      ...(state === undefined
        ? {}
        : { after: { score: Number(state[0]), time: Number(state[1]), id: String(state[2]) } }),
    },
    options,
  );
  const cursorAfter = (index: number): string => {
    const row = found.rows[index];
    return encodeCursor(cursorKey, boundTo, [
      row?.score ?? 0,
      row?.time ?? 0,
      row?.id ?? '',
      ...(bounds === undefined ? [] : [bounds.start ?? null, bounds.end ?? null]),
    ]);
  };
  return {
    summary: {
      total_results: found.total,
      returned: found.rows.length,
      query_time_ms: Math.round((performance.now() - started) * 10) / 10,
      data_source: 'local',
      cache_hit: false,
    },
    results: found.rows.map(({ row }) => fieldsOf(row)),
    pagination: {
      limit,
      has_more: found.hasMore,
      next_cursor: found.hasMore ? cursorAfter(found.rows.length - 1) : null,
    },
    metadata: answerMetadata(
      facts,
      {
        query: input.query?.trim() ? input.query : null,
        filters: {
          ...question.applied,
          ...(input.ids === undefined ? {} : { ids: input.ids }),
          ...(input.attributes === undefined ? {} : { attributes: input.attributes }),
          ...(bounds === undefined ? {} : { time: appliedTime('created_at', bounds) }),
        },
        timeZone: zone,
      },
      question.notes,
    ),
    cursorAfter,
  };
};
