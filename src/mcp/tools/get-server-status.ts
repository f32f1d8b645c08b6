import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import { answerSchema, METADATA, ROWS } from '../parameters.ts';
import { presentServerStatus } from '../present/present-mirror-info.ts';

/** FastIntercomMCP's name for how the server is (COMPETITORS B2). */
export const getServerStatus = defineTool({
  name: 'get_server_status',
  title: 'Server status',
  description:
    'Says how much is stored, when the last sync ended, and what the background does. For scripts of FastIntercomMCP; get_sync_status says more.',
  annotations: READS_MIRROR,
  input: z.object({}),
  output: answerSchema(
    {
      total_conversations: { type: 'number' },
      background_sync: { type: 'string' },
      recent_syncs: ROWS,
      metadata: METADATA,
    },
    ['total_conversations', 'background_sync', 'recent_syncs', 'metadata'],
  ),
  run: async (query, { workspace }, call) => presentServerStatus(await query.mirrorInfo({ workspace }, call)),
});
