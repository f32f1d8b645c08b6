import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../errors/app-error.ts';
import { uninterrupted } from '../lib/uninterrupted.ts';
import { PAYLOAD_DICTIONARY } from './payload-dictionary.ts';

/** First byte of a packed text: how the rest is packed. New ways get new numbers; old ones stay readable. */
const PLAIN = 1;
const WITH_DICTIONARY = 2;

const OPTIONS: Readonly<Record<number, { readonly dictionary?: Buffer }>> = {
  [PLAIN]: {},
  [WITH_DICTIONARY]: { dictionary: PAYLOAD_DICTIONARY },
};

/** Room to pack into at first, in place of 16 KiB for each call: JSON takes a third of itself or less. */
const roomFor = (bytes: number): number => Math.max(128, Math.ceil(bytes / 2));

const pack = (text: string, codec: number): Uint8Array => {
  const bytes = Buffer.from(text, 'utf8');
  const options = { ...OPTIONS[codec], chunkSize: roomFor(bytes.length) };
  const packed = uninterrupted(() => zstdCompressSync(bytes, options));
  const out = Buffer.allocUnsafe(packed.length + 1);
  out[0] = codec;
  packed.copy(out, 1);
  return out;
};

/** Any text → compressed bytes. */
export const packText = (text: string): Uint8Array => pack(text, PLAIN);

/** JSON text of Intercom, exactly as received → compressed bytes. */
export const packPayload = (text: string): Uint8Array => pack(text, WITH_DICTIONARY);

/** The JSON of an object as it is stored. It is packed where it is read: the thread that writes has enough to do. */
export interface PackedObject {
  readonly bytes: Uint8Array;
  /** Tells it from another JSON of the same object. */
  readonly hash: string;
}

export const packObject = (json: string): PackedObject => ({
  bytes: packPayload(json),
  hash: createHash('sha1').update(json).digest('base64url').slice(0, 16),
});

/**
 * The other half of {@link packText} and {@link packPayload}.
 * @throws AppError STORE_DAMAGED when the bytes were not written by them
 */
export const unpackText = (packed: Uint8Array): string => {
  const options = OPTIONS[packed[0] ?? 0];
  if (options === undefined) throw new AppError('STORE_DAMAGED', 'A stored payload has an unknown format.');
  try {
    return uninterrupted(() => zstdDecompressSync(packed.subarray(1), options)).toString('utf8');
  } catch (cause) {
    throw new AppError('STORE_DAMAGED', 'A stored payload cannot be unpacked.', { cause });
  }
};
