import { z } from 'zod';

/** Parameters that several tools share, with their bounds in words (CONTRACT "Parameters", "Budgets"). */
export const limitParameter = (standard: number) =>
  z
    .int('must be a whole number from 1 to 1000')
    .min(1, 'must be from 1 to 1000')
    .max(1_000, 'must be from 1 to 1000')
    .describe(`Rows a page, 1 to 1000; default ${standard}.`);

export const cursorParameter = z
  .string('must be the text of next_cursor')
  .max(4_000, 'is not a cursor')
  .describe('next_cursor of the page before.');

export const DEFAULT_MAX_TOKENS = 8_000;
export const maxTokensParameter = z
  .int('must be a whole number from 200 to 25000')
  .min(200, 'must be from 200 to 25000')
  .max(25_000, 'must be from 200 to 25000')
  .describe('Budget of the answer in tokens, 200 to 25000; default 8000.');

/** Ids arrive as text or as numbers. */
export const idText = z
  .union([z.string().min(1).max(500), z.number().int()], 'must be an id')
  .transform(String);

/** An object of any keys: output schemas name the top level only, so that the tool list stays small. */
const anything = { type: 'object' };

export const answerSchema = (properties: Record<string, unknown>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required: [...required],
});

export const SUMMARY = anything;
export const PAGINATION = anything;
export const METADATA = anything;
export const ROWS = { type: 'array', items: anything };
