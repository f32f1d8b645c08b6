import {
  type Implementation,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerOptions,
} from '@modelcontextprotocol/server';
import { isAppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';

type Handler = ReturnType<Server['_wrapHandler']>;

/** How the SDK's own check of a call begins; what follows is its schema library's report. */
const SDK_REPORT = /^Invalid \S+ (request|result): /;

const faultOf = (method: string, error: unknown): ProtocolError => {
  if (error instanceof ProtocolError && !SDK_REPORT.test(error.message)) return error;
  const wanted = method === 'tools/call' ? ' Give name as text and arguments as an object.' : '';
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `The parameters of ${method} are not what the protocol asks for.${wanted}`,
  );
};

/** Makes of an unknown error of a handler a fault that says nothing of our inside; the log has it whole. */
export const sealed =
  <Args extends unknown[], Result>(logger: Logger, handler: (...args: Args) => Result | Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    try {
      return await handler(...args);
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      // Our own words are made for whoever asks; what is behind them stays in the log.
      if (isAppError(error) && error.code !== 'INTERNAL') {
        logger.debug({ err: error }, 'a request could not be answered');
        throw new ProtocolError(
          error.retryable ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams,
          `${error.message} ${error.remedy}`,
        );
      }
      logger.error({ err: error }, 'a request failed inside the server');
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        'Something failed inside the server; try again.',
      );
    }
  };

/**
 * The SDK's server with faults in plain words: a request that does not fit the protocol's schema is answered with a
 * sentence instead of the schema library's report. Handlers are given to it {@link sealed}.
 */
export class GuardedServer extends Server {
  readonly #logger: Logger;

  constructor(info: Implementation, options: ServerOptions, logger: Logger) {
    super(info, options);
    this.#logger = logger;
  }

  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    return async (request, context) => {
      try {
        return await wrapped(request, context);
      } catch (error) {
        const fault = faultOf(method, error);
        if (fault !== error) this.#logger.debug({ err: error, method }, 'a request did not fit the protocol');
        throw fault;
      }
    };
  }
}
