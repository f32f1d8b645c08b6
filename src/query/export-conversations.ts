import type { ExportPageArgs } from '../data/reads/export-page.ts';
import { exportLine } from './export-json.ts';
import { askedWorkspace } from './asked-workspace.ts';
import type { QueryDeps } from './deps.ts';

/** Conversations read at once: memory stays flat, statements few. */
const PAGE = 200;
/** An export of a page may take longer than a question. */
const DEADLINE_MS = 60_000;

export interface ExportOptions {
  /** Alias or id; needed where the mirror holds several workspaces. */
  readonly workspace?: string | undefined;
  /** Only conversations changed at or after this time, Unix seconds. */
  readonly since?: number;
  readonly deleted?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * All conversations as JSON lines, ordered by created_at, id.
 * @throws AppError WORKSPACE_*, STORE_*
 */
export async function* exportConversations(
  deps: Pick<QueryDeps, 'reader' | 'logger'>,
  options: ExportOptions = {},
): AsyncGenerator<string> {
  const workspace = await askedWorkspace(deps, options.workspace);
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
