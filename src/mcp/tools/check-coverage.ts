import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import { answerSchema, METADATA, textParameter } from '../parameters.ts';
import { presentCoverage } from '../present/present-mirror-info.ts';

const date = () => textParameter(60, 'must be a date such as "2026-09-14"');

/** FastIntercomMCP's name for whether a span is mirrored (COMPETITORS B2). */
export const checkCoverage = defineTool({
  name: 'check_coverage',
  title: 'Check coverage',
  description:
    'Says as JSON whether all conversations created in a date range are mirrored with their threads, and what is missing. For scripts of FastIntercomMCP.',
  annotations: READS_MIRROR,
  input: z.object({
    start_date: date().describe('First day or time, ISO 8601.'),
    end_date: date().describe('Last day (whole) or time, ISO 8601.'),
  }),
  output: answerSchema(
    {
      has_coverage: { type: 'boolean' },
      partial_coverage: { type: 'boolean' },
      reason: { type: 'string' },
      metadata: METADATA,
    },
    ['has_coverage', 'partial_coverage', 'reason', 'metadata'],
  ),
  run: async (query, input, call) => presentCoverage(await query.checkCoverage(input, call)),
});
