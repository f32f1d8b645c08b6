import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';
import type { JsonObject } from './world.ts';

/** Of a request to the API, and of one that steers the sandbox and may bring whole messages of megabytes. */
const MAX_BYTES = 1_000_000;
export const MAX_CONTROL_BYTES = 64_000_000;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError(400, 'parameter_invalid', 'The body is not JSON');
  }
};

/** The JSON object that a request carries; `{}` for none. @throws ApiError 400, 422 */
export const readBody = async (request: IncomingMessage, most = MAX_BYTES): Promise<JsonObject> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  }
  if (size > most) throw new ApiError(422, 'parameter_invalid', 'The body is too large');
  if (size === 0) return {};
  const body = parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ApiError(400, 'parameter_invalid', 'The body is not a JSON object');
  return body as JsonObject;
};
