import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/**
 * Just enough DER (X.690) to make certificates with node:crypto alone: no file with a key in the repository, no
 * openssl command on the machine.
 */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), body]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const octets = (body: Uint8Array): Buffer => der(0x04, body);
const bits = (body: Uint8Array): Buffer => der(0x03, Buffer.from([0]), body);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
const TRUE = der(0x01, Buffer.from([0xff]));

/** Object identifiers, already encoded. */
const OID = {
  commonName: '550403',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  ecdsaWithSha256: '2a8648ce3d040302',
};
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

const name = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(oid(OID.commonName), text(0x0c, commonName))));

interface Subject {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly serial: number;
  readonly extensions: readonly Buffer[];
}

const certificate = (subject: Subject, issuer: string, issuerKey: KeyObject): string => {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([subject.serial])),
    algorithm,
    name(issuer),
    sequence(text(0x17, '200101000000Z'), text(0x17, '491231235959Z')),
    name(subject.commonName),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...subject.extensions)),
  );
  const base64 = sequence(tbs, algorithm, bits(sign('sha256', tbs, issuerKey))).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
};

/** A certificate authority of its own and a server certificate from it, for 127.0.0.1 and localhost; all PEM. */
export const makeTestCa = (): { ca: string; cert: string; key: string } => {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isCa = sequence(oid(OID.basicConstraints), TRUE, octets(sequence(TRUE)));
  const names = sequence(text(0x82, 'localhost'), der(0x87, Buffer.from([127, 0, 0, 1])));
  const altNames = sequence(oid(OID.subjectAltName), octets(names));
  const issuer = 'fast-intercom-mcp test authority';
  return {
    ca: certificate(
      { commonName: issuer, publicKey: authority.publicKey, serial: 1, extensions: [isCa] },
      issuer,
      authority.privateKey,
    ),
    cert: certificate(
      { commonName: 'localhost', publicKey: server.publicKey, serial: 2, extensions: [altNames] },
      issuer,
      authority.privateKey,
    ),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
