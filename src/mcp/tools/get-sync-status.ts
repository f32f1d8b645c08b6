import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import { answerSchema, METADATA, ROWS } from '../parameters.ts';
import { presentMirror } from '../present/present-mirror.ts';

/** What is mirrored, how fresh and how complete. */
export const getSyncStatus = defineTool({
  name: 'get_sync_status',
  title: 'Sync status',
  description:
    'Says what is mirrored, how fresh and how complete it is, whether a sync runs, and what failed; of several workspaces each. Use it when an answer looks incomplete or old.',
  annotations: READS_MIRROR,
  input: z.object({}),
  output: answerSchema(
    {
      state: { type: 'string' },
      workspace: { type: 'object' },
      entities: ROWS,
      queue: { type: 'object' },
      last_run: { type: 'object' },
      workspaces: ROWS,
      metadata: METADATA,
    },
    ['state', 'metadata'],
  ),
  run: async (query, { workspace }, call) => presentMirror(await query.getSyncStatus({ workspace }, call)),
});
