import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../errors/app-error.ts';
import { PAYLOAD_DICTIONARY } from './payload-dictionary.ts';

/** First byte of a packed text: how the rest is packed. New ways get new numbers; old ones stay readable. */
const PLAIN = 1;
const WITH_DICTIONARY = 2;

const OPTIONS: Readonly<Record<number, { readonly dictionary?: Buffer }>> = {
  [PLAIN]: {},
  [WITH_DICTIONARY]: { dictionary: PAYLOAD_DICTIONARY },
};

const pack = (text: string, codec: number): Uint8Array => {
  const packed = zstdCompressSync(Buffer.from(text, 'utf8'), OPTIONS[codec]);
  const out = Buffer.allocUnsafe(packed.length + 1);
  out[0] = codec;
  packed.copy(out, 1);
  return out;
};

/** Any text → compressed bytes. */
export const packText = (text: string): Uint8Array => pack(text, PLAIN);

/** JSON text of Intercom, exactly as received → compressed bytes. */
export const packPayload = (text: string): Uint8Array => pack(text, WITH_DICTIONARY);

/**
 * The other half of {@link packText} and {@link packPayload}.
 * @throws AppError STORE_DAMAGED when the bytes were not written by them
 */
export const unpackText = (packed: Uint8Array): string => {
  const options = OPTIONS[packed[0] ?? 0];
  if (options === undefined) throw new AppError('STORE_DAMAGED', 'A stored payload has an unknown format.');
  try {
    return zstdDecompressSync(packed.subarray(1), options).toString('utf8');
  } catch (cause) {
    throw new AppError('STORE_DAMAGED', 'A stored payload cannot be unpacked.', { cause });
  }
};
