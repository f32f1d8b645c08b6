import { z } from 'zod';
import { defineTool, SYNCS_MIRROR } from '../define.ts';
import { answerSchema, METADATA } from '../parameters.ts';
import { presentManualSync } from '../present/present-mirror-info.ts';

const WAIT_SECONDS = 50;
const FORCED = 'force and days change nothing: every sync brings in all changes since the last one.';

/** FastIntercomMCP's name for a sync by hand (COMPETITORS B2); its fork takes `days`. */
export const syncConversations = defineTool({
  name: 'sync_conversations',
  title: 'Sync conversations',
  description:
    'Brings the mirror up to date and says what changed. For scripts of FastIntercomMCP; sync_now says more, and waits as long as asked.',
  annotations: SYNCS_MIRROR,
  input: z.object({
    force: z
      .boolean('must be true or false')
      .optional()
      .describe('Changes nothing: every sync brings in all changes.'),
  }),
  unlisted: z.object({ days: z.number('must be a number').optional() }),
  output: answerSchema(
    {
      success: { type: 'boolean' },
      outcome: { type: 'string' },
      total_conversations: { type: 'number' },
      metadata: METADATA,
    },
    ['success', 'outcome', 'total_conversations', 'metadata'],
  ),
  async run(query, { days, force, workspace }, call) {
    const answer = await query.syncNow({ workspace, wait_seconds: WAIT_SECONDS }, call);
    return presentManualSync(answer, force === true || days !== undefined ? [FORCED] : []);
  },
});
