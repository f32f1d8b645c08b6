import { z } from 'zod';

/** Parameters that several tools share, with their bounds in words (CONTRACT "Parameters", "Budgets"). */
export const limitParameter = (standard: number) =>
  z
    .int('must be a whole number from 1 to 1000')
    .min(1, 'must be from 1 to 1000')
    .max(1_000, 'must be from 1 to 1000')
    .describe(`Rows a page; default ${standard}.`);

export const cursorParameter = z
  .string('must be the text of next_cursor')
  .max(4_000, 'is too long for a cursor; start again without one')
  .describe('next_cursor of the page before.');

export const DEFAULT_MAX_TOKENS = 8_000;
export const maxTokensParameter = z
  .int('must be a whole number from 200 to 25000')
  .min(200, 'must be from 200 to 25000')
  .max(25_000, 'must be from 200 to 25000')
  .describe('Answer budget in tokens; default 8000.');

/** Ids arrive as text or as numbers. */
export const idText = z
  .union([z.string().min(1).max(500), z.number().int()], 'must be an id')
  .transform(String);

/** An id in any of its forms as text; what is none is left for the parameter's own check. */
export const asIdText = (value: unknown): unknown => idText.safeParse(value).data ?? value;

/** A text with its bound in words. */
export const textParameter = (most: number, what = 'must be text') =>
  z.string(what).max(most, `must have at most ${most} characters`);

const fieldValue = z.union([textParameter(500), z.number(), z.boolean()], 'must be text');

/**
 * A field of the query language as a parameter: listed as text, which is what models send; a number, and a list of which one
 * is enough, are taken, too.
 */
export const fieldParameter = (description: string) =>
  z
    .union(
      [fieldValue, z.array(z.union([textParameter(500), z.number()])).max(100)],
      'must be text of at most 500 characters, or a list of such',
    )
    .meta({ description, listedAs: 'string' })
    .optional();

/** Fields by names of the workspace's own. */
export const fieldsParameter = (description: string) =>
  z
    .record(
      textParameter(250),
      z.union([fieldValue, z.array(z.union([textParameter(500), z.number()])).max(100)]),
      'must be an object of names and values',
    )
    .meta({ description, listedAs: 'object' })
    .optional();

/** An object of any keys: output schemas name the top level only, so that the tool list stays small. */
const anything = { type: 'object' };

/** What stands in place of an answer when a call fails (CONTRACT "Errors"). */
const ERROR_PROPERTIES = {
  code: { type: 'string' },
  message: { type: 'string' },
  remedy: { type: 'string' },
  retryable: { type: 'boolean' },
};

/**
 * The schema of what a tool answers. Clients of the 2025 revisions check error results against it too, so it knows both
 * forms; `dependentRequired` says what each consists of, without a union.
 */
export const answerSchema = (
  properties: Record<string, unknown>,
  required: readonly [string, ...string[]],
) => {
  const [first, ...others] = required;
  const { code: _code, ...rest } = ERROR_PROPERTIES;
  return {
    type: 'object',
    properties: { ...properties, ...ERROR_PROPERTIES },
    dependentRequired: { [first]: others, code: Object.keys(rest) },
  };
};

export const SUMMARY = anything;
export const PAGINATION = anything;
export const METADATA = anything;
export const ROWS = { type: 'array', items: anything };
