import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../errors/app-error.ts';

/** First byte of a stored payload: how the rest is packed. New codecs get new numbers; old ones stay readable. */
const CODEC_ZSTD = 1;

/** JSON text exactly as received → compressed bytes. */
export const packPayload = (text: string): Uint8Array => {
  const packed = zstdCompressSync(Buffer.from(text, 'utf8'));
  const out = Buffer.allocUnsafe(packed.length + 1);
  out[0] = CODEC_ZSTD;
  packed.copy(out, 1);
  return out;
};

/**
 * The other half of {@link packPayload}.
 * @throws AppError STORE_DAMAGED when the bytes were not written by it
 */
export const unpackPayload = (payload: Uint8Array): string => {
  if (payload[0] !== CODEC_ZSTD)
    throw new AppError('STORE_DAMAGED', 'A stored payload has an unknown format.');
  try {
    return zstdDecompressSync(payload.subarray(1)).toString('utf8');
  } catch (cause) {
    throw new AppError('STORE_DAMAGED', 'A stored payload cannot be unpacked.', { cause });
  }
};
