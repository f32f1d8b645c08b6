import type { CoverageAnswer, MirrorInfo } from '../../query/compat-types.ts';
import type { SyncNowAnswer, SyncStatusAnswer } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { metadataData, metadataLines } from './metadata.ts';

/** FastIntercomMCP's tools answered with JSON as text (COMPETITORS B2). */
const asJson = (data: Record<string, unknown>): ToolAnswer => ({ text: JSON.stringify(data, null, 2), data });

const megabytes = (bytes: number): number => Math.round((bytes / (1024 * 1024)) * 100) / 100;

const conversationsOf = ({ status }: MirrorInfo): number => status.metadata.coverage.conversations.known;

/** A status is complete when every conversation is listed; before, the first sync is under way. */
const syncTypeOf = ({ status }: MirrorInfo): string =>
  status.metadata.as_of === null ? 'initial' : 'incremental';

/** `get_data_info`: how much there is, from when to when, and how old it is. */
export const presentDataInfo = (info: MirrorInfo): ToolAnswer => {
  const { metadata } = info.status;
  const has = conversationsOf(info) > 0 || metadata.last_updated !== null;
  return asJson({
    has_data: has,
    ...(has ? {} : { message: 'Nothing has been mirrored yet.' }),
    last_sync: metadata.last_updated,
    data_age_minutes: info.ageMinutes,
    coverage_start: metadata.coverage.window.start,
    coverage_end: metadata.as_of,
    total_conversations: conversationsOf(info),
    total_messages: info.messages,
    sync_type: syncTypeOf(info),
    database_size_mb: megabytes(info.bytes),
    metadata: metadataData(metadata, metadata.notes),
  });
};

/** `check_coverage`: whether a span is mirrored, and what of it is not. */
export const presentCoverage = ({ covered, gaps, info, partly, range, reason }: CoverageAnswer): ToolAnswer =>
  asJson({
    has_coverage: covered,
    partial_coverage: partly,
    coverage_gaps: gaps,
    cached_range: range,
    data_age_minutes: info.ageMinutes,
    reason,
    metadata: metadataData(info.status.metadata, info.status.metadata.notes),
  });

const ACTIVITY: Readonly<Record<SyncStatusAnswer['state'], string>> = {
  never: 'Inactive: nothing has been mirrored yet',
  syncing: 'Active: a sync is running',
  idle: 'Idle: between syncs',
  paused: 'Paused: see the notes',
};

const MOST_RUNS = 10;

/** `get_server_status`: the same in the form that a person reads. */
export const presentServerStatus = (info: MirrorInfo): ToolAnswer => {
  const { metadata, state, workspaces } = info.status;
  const runs = workspaces
    .flatMap(({ aliases, last_run: run }) =>
      run === null ? [] : [{ workspace: aliases[0] ?? 'default', ...run }],
    )
    .slice(0, MOST_RUNS);
  const size = megabytes(info.bytes);
  const total = conversationsOf(info);
  const lines = [
    '# FastIntercom Server Status',
    '',
    `- **Storage:** ${size} MB`,
    `- **Conversations:** ${total}`,
    `- **Messages and events:** ${info.messages}`,
    `- **Last sync:** ${metadata.last_updated ?? 'Never'}${info.ageMinutes === null ? '' : `; everything up to ${info.ageMinutes} minutes ago is here`}`,
    `- **Background sync:** ${ACTIVITY[state]}`,
    ...(runs.length === 0 ? [] : ['', '## Recent sync activity', '']),
    ...runs.map(
      (run) =>
        `- ${run.workspace}: ${run.status}, began ${run.started_at}, ended ${run.finished_at ?? 'not yet'}, ${run.requests} requests`,
    ),
    '',
    ...metadataLines(metadata, metadata.notes),
  ];
  return {
    text: lines.join('\n'),
    data: {
      database_size_mb: size,
      total_conversations: total,
      total_messages: info.messages,
      last_sync: metadata.last_updated,
      data_age_minutes: info.ageMinutes,
      background_sync: state,
      recent_syncs: runs,
      metadata: metadataData(metadata, metadata.notes),
    },
  };
};

const OUTCOMES: Readonly<Record<SyncNowAnswer['outcome'], string>> = {
  complete: 'Sync completed successfully',
  incomplete: 'Sync completed, but some objects could not be had',
  running: 'The sync is not done yet; it goes on by itself',
  requested: 'The sync was asked for and has not begun yet; it will by itself',
};

/** `force_sync`: whether all of it came through. */
export const presentForcedSync = ({ incomplete, outcome, status }: SyncNowAnswer): ToolAnswer =>
  asJson({
    success: outcome === 'complete',
    message: OUTCOMES[outcome],
    outcome,
    incomplete_count: incomplete.length,
    metadata: metadataData(status.metadata, status.metadata.notes),
  });

/** `sync_conversations`: what the sync did, as text for a person. @param notes about parameters that change nothing */
export const presentManualSync = (answer: SyncNowAnswer, notes: readonly string[]): ToolAnswer => {
  const { incomplete, outcome, run, status } = answer;
  const { metadata } = status;
  const total = metadata.coverage.conversations.known;
  const all = [...metadata.notes, ...notes];
  const seconds = run === null ? null : Math.round(run.duration_ms / 100) / 10;
  return {
    text: [
      `**${OUTCOMES[outcome]}.**`,
      '',
      `- Total conversations: ${total}`,
      ...(run === null
        ? []
        : [
            `- New or updated objects: ${run.changed}`,
            `- Fetched one by one: ${run.fetched}`,
            `- Duration: ${seconds} seconds`,
            `- API calls: ${run.requests}`,
            `- Errors: ${run.failed}`,
          ]),
      `- Not had: ${incomplete.length} objects`,
      '',
      ...metadataLines(metadata, all),
    ].join('\n'),
    data: {
      success: outcome === 'complete',
      outcome,
      total_conversations: total,
      ...(run === null
        ? {}
        : {
            updated: run.changed,
            fetched: run.fetched,
            duration_seconds: seconds,
            api_calls: run.requests,
            errors: run.failed,
          }),
      incomplete_count: incomplete.length,
      metadata: metadataData(metadata, all),
    },
  };
};
