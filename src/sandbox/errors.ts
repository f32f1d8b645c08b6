import type { JsonObject } from './world.ts';

/** An answer in Intercom's error envelope (API-FACTS 1.7). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

let requests = 0;

export const errorEnvelope = (code: string, message: string): JsonObject => {
  requests += 1;
  return { type: 'error.list', request_id: `sandbox-${requests}`, errors: [{ code, message }] };
};
