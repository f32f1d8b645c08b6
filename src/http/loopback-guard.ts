import type { MiddlewareHandler } from 'hono';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

const hostNameOf = (value: string): string | undefined => {
  try {
    return new URL(`http://${value}`).hostname;
  } catch {
    return undefined;
  }
};

const originHostOf = (value: string): string | undefined => {
  try {
    const url = new URL(value);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.hostname : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Refuses requests that a page of another site makes through a name that points here (DNS rebinding): Host must be a
 * loopback name, and so must Origin where a browser sends one.
 */
export const loopbackGuard: MiddlewareHandler = async (context, next) => {
  const host = hostNameOf(context.req.header('host') ?? '');
  const origin = context.req.header('origin');
  const hostAllowed = host !== undefined && LOOPBACK_NAMES.has(host);
  const originAllowed = origin === undefined || LOOPBACK_NAMES.has(originHostOf(origin) ?? '');
  if (!hostAllowed || !originAllowed) {
    return context.json(
      {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32_000, message: hostAllowed ? 'Origin is not allowed.' : 'Host is not allowed.' },
      },
      403,
    );
  }
  return next();
};
