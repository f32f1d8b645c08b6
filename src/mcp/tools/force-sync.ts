import { z } from 'zod';
import { defineTool, SYNCS_MIRROR } from '../define.ts';
import { answerSchema, METADATA } from '../parameters.ts';
import { presentForcedSync } from '../present/present-mirror-info.ts';

/** FastIntercomMCP's sync returned when it was done: the longest wait comes nearest. */
const WAIT_SECONDS = 50;

/** FastIntercomMCP's name for a sync now (COMPETITORS B2). */
export const forceSync = defineTool({
  name: 'force_sync',
  title: 'Force sync',
  description:
    'Brings the mirror up to date and says as JSON whether all came through. For scripts of FastIntercomMCP; sync_now says more.',
  annotations: SYNCS_MIRROR,
  input: z.object({}),
  output: answerSchema(
    {
      success: { type: 'boolean' },
      message: { type: 'string' },
      outcome: { type: 'string' },
      metadata: METADATA,
    },
    ['success', 'message', 'outcome', 'metadata'],
  ),
  run: async (query, { workspace }, call) =>
    presentForcedSync(await query.syncNow({ workspace, wait_seconds: WAIT_SECONDS }, call)),
});
