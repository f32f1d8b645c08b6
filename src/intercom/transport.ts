/** One HTTP attempt, as the transport sends it. */
export interface AttemptRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For headers and body together. */
  readonly deadlineMs: number;
  /** Longest silence within the body. Thinking time before the headers is bounded by the deadline alone: a search may take 20 s. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Called as soon as the headers are there, before the body is read. */
  readonly onHeaders?: (status: number, headers: Headers) => void;
}

export interface AttemptResult {
  readonly status: number;
  readonly headers: Headers;
  /** The whole body, decompressed, decoded as UTF-8, without a byte order mark. */
  readonly text: string;
  /** Decompressed bytes received. */
  readonly bytes: number;
}

/**
 * `connect`: no connection came about (DNS, refused, proxy). `certificate`: the server is not trusted. `network`: the
 * connection broke, or what came is not HTTP or not its declared encoding. `timeout`: deadline or idle time ran out.
 */
export type TransportFailureKind = 'connect' | 'certificate' | 'network' | 'timeout';

/** Why an attempt brought no answer. `reason` is a system code such as ECONNRESET, never text from the network. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly kind: TransportFailureKind;
  readonly reason: string;

  constructor(kind: TransportFailureKind, reason: string, cause?: unknown) {
    super(`${kind}: ${reason}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.reason = reason;
  }
}

const CONNECT_CODES =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EPROTO|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_TLS|ERR_SSL_\w+)$/;
const CERTIFICATE_CODES =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED)$/;

/** Codes and messages along the cause chain; fetch wraps the real error once or twice. */
const causesOf = (error: unknown): { codes: string[]; messages: string[] } => {
  const codes: string[] = [];
  const messages: string[] = [];
  for (let depth = 0, at = error; depth < 5 && at instanceof Error; depth += 1, at = at.cause) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    messages.push(at.message);
  }
  return { codes, messages };
};

const failureOf = (error: unknown): TransportFailure => {
  if (error instanceof TransportFailure) return error;
  const { codes, messages } = causesOf(error);
  const find = (pattern: RegExp): string | undefined => codes.find((code) => pattern.test(code));
  const certificate = find(CERTIFICATE_CODES);
  if (certificate) return new TransportFailure('certificate', certificate, error);
  const connect = find(CONNECT_CODES);
  if (connect) return new TransportFailure('connect', connect, error);
  // A proxy that refuses CONNECT is told apart only by undici's message.
  if (messages.some((message) => message.startsWith('Proxy response'))) {
    return new TransportFailure('connect', 'PROXY_REFUSED', error);
  }
  return new TransportFailure('network', codes[0] ?? 'UNKNOWN', error);
};

const readText = async (
  response: Response,
  onBytes: () => void,
): Promise<{ text: string; bytes: number }> => {
  // Not fatal: one bad byte in one message must not keep a conversation out of the mirror for ever.
  const decoder = new TextDecoder('utf-8');
  let text = '';
  let bytes = 0;
  if (response.body) {
    for await (const chunk of response.body) {
      onBytes();
      bytes += chunk.byteLength;
      text += decoder.decode(chunk, { stream: true });
    }
  }
  return { text: text + decoder.decode(), bytes };
};

/**
 * Sends one request and reads its whole body; never follows a redirect. Any status resolves. Throws TransportFailure,
 * or the signal's reason when the caller gave up. Keep-alive connections are the platform's.
 */
export const sendAttempt = async (request: AttemptRequest): Promise<AttemptResult> => {
  const { signal, deadlineMs, idleTimeoutMs } = request;
  signal.throwIfAborted();
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  const expire = (reason: string) => (): void => controller.abort(new TransportFailure('timeout', reason));
  const deadline = setTimeout(expire('DEADLINE'), deadlineMs);
  let idle: NodeJS.Timeout | undefined;
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      signal: controller.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    request.onHeaders?.(response.status, response.headers);
    idle = setTimeout(expire('IDLE'), idleTimeoutMs);
    const body = await readText(response, () => idle?.refresh());
    return { status: response.status, headers: response.headers, ...body };
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(controller.signal.aborted ? controller.signal.reason : error);
  } finally {
    clearTimeout(deadline);
    clearTimeout(idle);
    signal.removeEventListener('abort', giveUp);
  }
};
