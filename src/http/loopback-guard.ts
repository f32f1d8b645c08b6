import type { Context, MiddlewareHandler } from 'hono';

const LOOPBACK_NAME = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/i;
/** A loopback name and perhaps a port: nothing else, since what a parser makes of odd text is not what is sent. */
const LOOPBACK_HOST = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;
const WEB_SCHEME = /^https?:\/\//i;

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean => LOOPBACK_NAME.test(host);

const isLoopbackOrigin = (origin: string): boolean =>
  WEB_SCHEME.test(origin) && LOOPBACK_HOST.test(origin.replace(WEB_SCHEME, ''));

const refuse = (context: Context, message: string): Response =>
  context.json({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }, 403);

/** What proxies and tunnels add; who asks from this machine sends none of them. */
const FORWARDING_HEADERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-real-ip',
  'cf-connecting-ip',
];

/**
 * Refuses what came through a proxy: where one forwards webhooks, a rule that is too wide would lay the mirror open,
 * with a Host that the proxy sets to a loopback name.
 */
export const directOnly: MiddlewareHandler = async (context, next) =>
  FORWARDING_HEADERS.some((name) => context.req.header(name) !== undefined)
    ? refuse(context, 'Only webhooks are taken through a proxy.')
    : next();

/**
 * Refuses requests that a page of another site makes through a name that points here (DNS rebinding): Host must be a
 * loopback name, and so must Origin where a browser sends one.
 */
export const loopbackGuard: MiddlewareHandler = async (context, next) => {
  const origin = context.req.header('origin');
  const hostAllowed = LOOPBACK_HOST.test(context.req.header('host') ?? '');
  if (hostAllowed && (origin === undefined || isLoopbackOrigin(origin))) return next();
  return refuse(context, hostAllowed ? 'Origin is not allowed.' : 'Host is not allowed.');
};
