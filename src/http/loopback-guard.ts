import type { MiddlewareHandler } from 'hono';

const LOOPBACK_NAME = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/i;
/** A loopback name and perhaps a port: nothing else, since what a parser makes of odd text is not what is sent. */
const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;
const WEB_SCHEME = /^https?:\/\//i;

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean => LOOPBACK_NAME.test(host);

const isLoopbackOrigin = (origin: string): boolean =>
  WEB_SCHEME.test(origin) && LOOPBACK_HOST.test(origin.replace(WEB_SCHEME, ''));

/**
 * Refuses requests that a page of another site makes through a name that points here (DNS rebinding): Host must be a
 * loopback name, and so must Origin where a browser sends one.
 */
export const loopbackGuard: MiddlewareHandler = async (context, next) => {
  const origin = context.req.header('origin');
  const hostAllowed = LOOPBACK_HOST.test(context.req.header('host') ?? '');
  if (hostAllowed && (origin === undefined || isLoopbackOrigin(origin))) return next();
  return context.json(
    {
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_000, message: hostAllowed ? 'Origin is not allowed.' : 'Host is not allowed.' },
    },
    403,
  );
};
