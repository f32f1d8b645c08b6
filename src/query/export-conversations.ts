import type { ExportPageArgs } from '../data/reads/export-page.ts';
import { exportLine } from './export-json.ts';
import { boundWorkspace } from './mirror-facts.ts';
import type { QueryDeps } from './deps.ts';

/** Conversations read at once: memory stays flat, statements few. */
const PAGE = 200;
/** An export of a page may take longer than a question. */
const DEADLINE_MS = 60_000;

export interface ExportOptions {
  /** Only conversations changed at or after this time, Unix seconds. */
  readonly since?: number;
  readonly deleted?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * All conversations as JSON lines, ordered by created_at, id.
 * @throws AppError WORKSPACE_UNKNOWN, STORE_*
 */
export async function* exportConversations(
  deps: Pick<QueryDeps, 'reader' | 'alias' | 'logger'>,
  options: ExportOptions = {},
): AsyncGenerator<string> {
  const workspace = await boundWorkspace(deps);
  let after: ExportPageArgs['after'];
  for (;;) {
    const rows = await deps.reader.read(
      'exportPage',
      {
        workspaceId: workspace.id,
        limit: PAGE,
        deleted: options.deleted ?? false,
        ...(options.since === undefined ? {} : { since: options.since }),
        ...(after ? { after } : {}),
      },
      { deadlineMs: DEADLINE_MS, ...(options.signal ? { signal: options.signal } : {}) },
    );
    for (const row of rows) yield exportLine(row, workspace.id);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { createdAt: last.createdAt, id: last.id };
  }
}
