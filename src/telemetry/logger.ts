import pino from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A structured logger. Fields first, then the sentence: `log.info({ requests: 3 }, 'sync finished')`. */
export type Logger = Pick<pino.Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'> & {
  child(fields: Record<string, unknown>): Logger;
};

/** Field names whose values are secrets; they are blotted out wherever they stand in a log line. */
const SECRET_PATHS = [
  'token',
  'authorization',
  '*.token',
  '*.authorization',
  'headers.authorization',
  '*.headers.authorization',
];

const errorOr = (value: unknown): unknown =>
  value instanceof Error ? pino.stdSerializers.err(value) : value;

/**
 * A JSON-lines logger on stderr. stdout belongs to JSON-RPC or to a command's data (ARCHITECTURE 8), so there is no
 * way to make this logger write there.
 */
export const createLogger = (level: LogLevel): Logger =>
  pino(
    {
      level,
      base: null,
      redact: { paths: SECRET_PATHS, censor: '[secret]' },
      // An error is no plain object: without these it would be written as {}.
      serializers: { err: pino.stdSerializers.err, cause: errorOr },
    },
    pino.destination({ dest: 2, sync: true }),
  );

/** A logger that writes nothing; for tests and for code that was given none. */
export const silentLogger: Logger = pino({ level: 'silent' });
