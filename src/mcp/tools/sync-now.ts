import { z } from 'zod';
import { defineTool, SYNCS_MIRROR } from '../define.ts';
import { answerSchema, METADATA, ROWS } from '../parameters.ts';
import { presentSyncNow } from '../present/present-sync-now.ts';

const input = z.object({
  wait_seconds: z
    .int('must be a whole number from 0 to 50')
    .min(0, 'must be from 0 to 50')
    .max(50, 'must be from 0 to 50')
    .optional()
    .describe('Seconds to wait for the end, 0 to 50; default 20.'),
});

/** Brings the mirror up to date, or joins a sync that runs. */
export const syncNow = defineTool({
  name: 'sync_now',
  title: 'Sync now',
  description:
    'Brings the mirror up to date: starts a sync or joins the one that runs, waits, and says what is complete and how much time is left. What is not done goes on by itself. Rarely needed: the mirror is kept fresh in the background.',
  annotations: SYNCS_MIRROR,
  input,
  output: answerSchema(
    {
      state: { type: 'string' },
      outcome: { type: 'string' },
      waited_ms: { type: 'number' },
      time_left_ms: { type: 'number' },
      run: { type: 'object' },
      incomplete: ROWS,
      // And what get_sync_status says.
      workspaces: ROWS,
      metadata: METADATA,
    },
    ['state', 'outcome', 'waited_ms', 'metadata'],
  ),
  run: async (query, args, call) => presentSyncNow(await query.syncNow(args, call)),
});
