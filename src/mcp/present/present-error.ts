import { toAppError } from '../../errors/app-error.ts';
import type { Logger } from '../../telemetry/logger.ts';

/**
 * A tool result for what went wrong in a call: what a model can mend, in words. Internal detail goes to the log only
 * (CONTRACT "Errors").
 */
export const presentError = (error: unknown, logger: Logger, tool: string) => {
  const known = toAppError(error);
  const { code, message, remedy, retryable } = known;
  logger[code === 'INTERNAL' ? 'error' : 'debug'](
    { tool, code, cause: known.cause, details: known.details },
    'a tool call failed',
  );
  const again = retryable
    ? 'The same call may succeed later (retryable).'
    : 'The same call will fail again (not retryable).';
  return {
    isError: true,
    content: [{ type: 'text' as const, text: `${code}: ${message} ${remedy} ${again}` }],
    structuredContent: { code, message, remedy, retryable },
  };
};
