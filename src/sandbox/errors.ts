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

/** A query that cannot be understood. */
export const invalid = (message: string): ApiError => new ApiError(400, 'parameter_invalid', message);

/** API-FACTS 1.7; `request_id` is a UUID or null. */
export const errorEnvelope = (requestId: string | null, code: string, message: string): JsonObject => ({
  type: 'error.list',
  request_id: requestId,
  errors: [{ code, message }],
});

/** The n-th request's id: a UUID, the same in every run. */
export const requestIdOf = (count: number): string =>
  `5a4db0c5-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
