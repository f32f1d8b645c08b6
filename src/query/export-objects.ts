import type { ExportedEntity, ExportedObject } from '../data/reads/export-objects.ts';
import { parseLossless } from '../lib/json/lossless.ts';
import { asObject } from '../lib/read-json.ts';
import { askedWorkspace } from './asked-workspace.ts';
import type { QueryDeps } from './deps.ts';
import type { ExportOptions } from './export-conversations.ts';
import { isoTime, isoTimeOrNull } from './iso-time.ts';

/** Objects read at once. */
const PAGE = 200;
const DEADLINE_MS = 60_000;

/** One object as Intercom gave it, and what the mirror knows of it. */
export const objectLine = (object: ExportedObject, workspaceId: string): string => {
  const { lists, listed, partsTruncated } = object;
  return `${JSON.stringify({
    ...asObject(parseLossless(object.payload)),
    _mirror: {
      workspace: workspaceId,
      deleted_at: isoTimeOrNull(object.deletedAt),
      fetched_at: isoTime(object.fetchedAt),
      ...(listed === undefined ? {} : { listed }),
      ...(partsTruncated === undefined ? {} : { parts_truncated: partsTruncated }),
      ...(lists === undefined
        ? {}
        : {
            tags: lists.tags,
            companies: lists.companies,
            segments: lists.segments,
            notes: lists.notes.map(parseLossless),
          }),
    },
  })}\n`;
};

/**
 * All objects of an entity as JSON lines, ordered by id.
 * @throws AppError WORKSPACE_*, STORE_*
 */
export async function* exportObjects(
  deps: Pick<QueryDeps, 'reader' | 'logger'>,
  entity: ExportedEntity,
  options: ExportOptions = {},
): AsyncGenerator<string> {
  const workspace = await askedWorkspace(deps, options.workspace);
  let after: string | undefined;
  for (;;) {
    const objects: readonly ExportedObject[] = await deps.reader.read(
      'exportObjects',
      {
        workspaceId: workspace.id,
        entity,
        limit: PAGE,
        deleted: options.deleted ?? false,
        ...(options.since === undefined ? {} : { since: options.since }),
        ...(after === undefined ? {} : { after }),
      },
      { deadlineMs: DEADLINE_MS, ...(options.signal ? { signal: options.signal } : {}) },
    );
    for (const object of objects) yield objectLine(object, workspace.id);
    after = objects.at(-1)?.key;
    if (after === undefined || objects.length < PAGE) return;
  }
}
