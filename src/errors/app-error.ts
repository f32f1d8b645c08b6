import { ERROR_CODES, type ErrorCode } from './codes.ts';

export interface AppErrorOptions {
  /** The error underneath; goes to logs, never to a client. */
  readonly cause?: unknown;
  /** Replaces the table's remedy where something more exact can be said. */
  readonly remedy?: string;
  /** Facts for logs and for code that decides (HTTP status, retry time in ms…); never shown to a client. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What crosses a thread or process boundary in place of an AppError. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: {
    readonly name: string;
    readonly message: string;
    readonly stack?: string;
    readonly code?: string;
  };
}

/**
 * The one error class of the program. `message` is a sentence that a user may read: it holds no SQL, path of the
 * machine's internals, stack or upstream text. Internal detail belongs in `cause` and `details`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message?: string, options: AppErrorOptions = {}) {
    super(
      message ?? ERROR_CODES[code].meaning,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.remedy = options.remedy ?? ERROR_CODES[code].remedy;
    this.details = options.details ?? {};
  }

  /** May the same call succeed later without a change? */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }

  /** Exit code of a command that ends with this error. */
  get exitCode(): 1 | 2 | 3 {
    return ERROR_CODES[this.code].exit;
  }
}

/** True for an AppError, with the given code where one is named. */
export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);

/** Any thrown value as an AppError; an unknown one becomes INTERNAL and keeps the original as its cause. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('INTERNAL', undefined, { cause: error });

/** An error as plain data for `postMessage`; keeps code, remedy, details and the cause's name, message and stack. */
export const serializeError = (error: unknown): SerializedError => {
  const app = toAppError(error);
  const cause = app.cause;
  return {
    code: app.code,
    message: app.message,
    remedy: app.remedy,
    details: app.details,
    ...(cause instanceof Error
      ? {
          cause: {
            name: cause.name,
            message: cause.message,
            ...(cause.stack === undefined ? {} : { stack: cause.stack }),
            ...('code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {}),
          },
        }
      : {}),
  };
};

/** The other half of {@link serializeError}. */
export const deserializeError = (data: SerializedError): AppError => {
  let cause: Error | undefined;
  if (data.cause) {
    cause = new Error(data.cause.message);
    cause.name = data.cause.name;
    if (data.cause.stack !== undefined) cause.stack = data.cause.stack;
    if (data.cause.code !== undefined) Object.assign(cause, { code: data.cause.code });
  }
  return new AppError(data.code, data.message, {
    remedy: data.remedy,
    ...(data.details ? { details: data.details } : {}),
    ...(cause ? { cause } : {}),
  });
};
