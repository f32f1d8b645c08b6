import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSigned } from './verify-signature.ts';

const SECRET = 'secret';
const BODY = Buffer.from('{"topic":"ping","name":"Zoë"}');
const sign = (body: Uint8Array, secret = SECRET): string =>
  `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;

describe('a signature', () => {
  it('is that of the bytes with the secret', () => {
    // From a calculation of its own: echo -n 'what do ya want for nothing?' | openssl dgst -sha1 -hmac Jefe
    const known = 'sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79';
    expect(isSigned(Buffer.from('what do ya want for nothing?'), known, 'Jefe')).toBe(true);
    expect(isSigned(BODY, sign(BODY), SECRET)).toBe(true);
  });

  it('may have upper-case digits', () => {
    expect(isSigned(BODY, sign(BODY).toUpperCase().replace('SHA1', 'sha1'), SECRET)).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['only its name', 'sha1='],
    ['another secret', sign(BODY, 'other')],
    ['another body', sign(Buffer.from('{"topic":"ping","name":"Zoe"}'))],
    ['too few digits', sign(BODY).slice(0, -1)],
    ['too many digits', `${sign(BODY)}0`],
    ['digits that are none', `sha1=${'z'.repeat(40)}`],
    ['two of them', `${sign(BODY)}, ${sign(BODY)}`],
    ['another algorithm', `sha256=${createHmac('sha256', SECRET).update(BODY).digest('hex')}`],
  ])('is not %s', (_name, header) => {
    expect(isSigned(BODY, header, SECRET)).toBe(false);
  });
});
