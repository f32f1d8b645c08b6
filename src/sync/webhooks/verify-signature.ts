import { createHmac, timingSafeEqual } from 'node:crypto';

/** `sha1=` and 40 hex digits, of either case: both name the same bytes. */
const SIGNATURE = /^sha1=([0-9a-f]{40})$/i;

/**
 * True when `header` (X-Hub-Signature) is the HMAC-SHA1 of exactly these bytes with the app's client secret (API-FACTS 8.4).
 * Compared in constant time; never over a body that was parsed and written anew (TRAPS T89).
 */
export const isSigned = (body: Uint8Array, header: string | undefined, secret: string): boolean => {
  const given = SIGNATURE.exec(header?.trim() ?? '')?.[1];
  const expected = createHmac('sha1', secret).update(body).digest();
  return given !== undefined && timingSafeEqual(expected, Buffer.from(given, 'hex'));
};
