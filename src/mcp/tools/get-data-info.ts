import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import { answerSchema, METADATA } from '../parameters.ts';
import { presentDataInfo } from '../present/present-mirror-info.ts';

/** FastIntercomMCP's name for what is mirrored (COMPETITORS B2). */
export const getDataInfo = defineTool({
  name: 'get_data_info',
  title: 'Data info',
  description:
    'Says as JSON what is mirrored, from when to when, and how old it is. For scripts of FastIntercomMCP; get_sync_status says more.',
  annotations: READS_MIRROR,
  input: z.object({}),
  output: answerSchema(
    { has_data: { type: 'boolean' }, total_conversations: { type: 'number' }, metadata: METADATA },
    ['has_data', 'total_conversations', 'metadata'],
  ),
  run: async (query, { workspace }, call) => presentDataInfo(await query.mirrorInfo({ workspace }, call)),
});
