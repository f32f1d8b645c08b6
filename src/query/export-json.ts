import type { ExportRow } from '../data/reads/export-page.ts';
import { parseLossless } from '../lib/json/lossless.ts';
import { asArray, asId, asObject } from '../lib/read-json.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** Keys whose numbers are Unix seconds, besides all that end in `_at`. */
const TIME_KEYS = new Set(['waiting_since', 'snoozed_until']);
/** Values of customers' own making: their numbers are not ours to read as times. */
const FREE_FORM = new Set(['custom_attributes', 'event_details']);

const isTime = (key: string, value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && (key.endsWith('_at') || TIME_KEYS.has(key));

/** The same value with Intercom's Unix seconds as ISO 8601 UTC. */
const withIsoTimes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      FREE_FORM.has(key) ? inner : isTime(key, inner) ? isoTime(inner) : withIsoTimes(inner),
    ]),
  );
};

const part = (raw: unknown): Record<string, unknown> => {
  const { id, type: _type, part_type, author, body, created_at, ...rest } = asObject(raw);
  return {
    id: asId(id),
    type: part_type ?? 'unknown',
    author: author ?? null,
    body: body ?? null,
    created_at: created_at ?? null,
    ...rest,
  };
};

/** The opening message, which Intercom keeps in `source` (API-FACTS 6.2). */
const opening = (source: Record<string, unknown>, createdAt: unknown): Record<string, unknown> => {
  const { id, type, author, body, ...rest } = source;
  return {
    id: asId(id),
    type: 'source',
    author: author ?? null,
    body: body ?? null,
    created_at: createdAt ?? null,
    source_type: type ?? null,
    ...rest,
  };
};

/**
 * One conversation as a line of `export conversations` (CONTRACT "Commands"): every field under Intercom's own name and
 * in its order, `parts` with the opening message first, bodies as sent, `_mirror` at the end; in that what QA found, where
 * it found something.
 */
export const exportLine = (row: ExportRow, workspaceId: string): string => {
  const { conversation_parts, ...fetched } = asObject(parseLossless(row.payload));
  const object = row.head === null ? fetched : { ...fetched, ...asObject(parseLossless(row.head)) };
  const older = row.olderParts === null ? [] : asArray(parseLossless(row.olderParts));
  const newest = asArray(asObject(conversation_parts).conversation_parts);
  const parts = [opening(asObject(object.source), object.created_at), ...[...older, ...newest].map(part)];
  const evaluations = Object.entries({
    monitor_evaluations: row.monitorEvaluations,
    scorecards: row.scorecards,
  }).flatMap(([name, list]) =>
    list.length === 0 ? [] : [[name, list.map((json) => withIsoTimes(parseLossless(json)))] as const],
  );
  return `${JSON.stringify({
    ...(withIsoTimes(object) as Record<string, unknown>),
    parts: withIsoTimes(parts),
    _mirror: {
      workspace: workspaceId,
      hydrated: row.hydrated,
      parts_truncated: row.partsTruncated,
      deleted_at: isoTimeOrNull(row.deletedAt),
      fetched_at: isoTime(row.fetchedAt),
      ...Object.fromEntries(evaluations),
    },
  })}\n`;
};
