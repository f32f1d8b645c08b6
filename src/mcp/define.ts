import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { nearest } from '../lib/nearest.ts';
import type { QueryService } from '../query/query-service.ts';
import type { CallContext } from '../query/types.ts';
import { workspaceParameter } from './workspace-parameter.ts';

export type JsonSchema = Record<string, unknown>;

/** A resource that an answer points at. */
export interface ResourceLink {
  readonly type: 'resource_link';
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
}

/** What a tool answers: the same facts as text for the model and as data for programs. */
export interface ToolAnswer {
  readonly text: string;
  readonly data: Record<string, unknown>;
  /** Resources that hold the rest of what was cut. */
  readonly links?: readonly ResourceLink[];
}

/** Explicit on every tool (CONTRACT "MCP"). */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** A tool that answers from the local mirror and changes nothing. */
export const READS_MIRROR: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** A tool that lets the mirror be brought up to date from Intercom (CONTRACT "`sync_now`"). */
export const SYNCS_MIRROR: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};

/** Names of other servers' parameters with the same meaning: taken, but not listed. */
export type Aliases = Readonly<Record<string, (value: unknown) => Record<string, unknown>>>;

export interface ToolSpec<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: Input;
  /** Taken, not listed, and checked like the listed ones. */
  readonly unlisted?: z.ZodObject;
  readonly aliases?: Aliases;
  readonly output: JsonSchema;
  readonly run: (
    query: QueryService,
    input: z.output<Input> & { readonly workspace?: string | undefined } & Record<string, unknown>,
    call: CallContext,
  ) => Promise<ToolAnswer>;
}

/** A tool as the server holds it: schemas built once. */
export interface Tool {
  readonly name: string;
  /** As `tools/list` shows it. */
  readonly listing: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly inputSchema: JsonSchema;
    readonly outputSchema: JsonSchema;
    readonly annotations: ToolAnnotations & { readonly title: string };
  };
  readonly run: (
    query: QueryService,
    args: Record<string, unknown>,
    call: CallContext,
  ) => Promise<ToolAnswer>;
}

const withoutDialect = (schema: JsonSchema): JsonSchema => {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
};

/** A parameter may take more than it is listed with (`listedAs`): a list of forms costs the model more than it tells. */
const asListed = ({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void => {
  const { description, listedAs } = jsonSchema;
  if (listedAs === undefined) return;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, { type: listedAs, description });
};

const unknownArgument = (name: string, known: readonly string[]): AppError => {
  const shown = name.slice(0, 60);
  const meant = nearest(name, known);
  if (meant === undefined)
    return new AppError('ARGUMENT_UNKNOWN', `This tool takes no arguments; "${shown}" is not known.`, {
      remedy: 'Call it without arguments.',
    });
  return new AppError('ARGUMENT_UNKNOWN', `There is no parameter "${shown}"; the nearest is "${meant}".`, {
    remedy: `Use one of: ${known.join(', ')}.`,
  });
};

/** The parameters that an error names: `workspace` is not listed where there is only one, but somebody may mean it. */
const namedFor = (name: string, listed: readonly string[]): readonly string[] => {
  const all = [...listed, 'workspace'];
  return listed.length > 0 && nearest(name, all) === 'workspace' ? all : listed;
};

/** A null says nothing; models send it for what they leave out. */
const given = (args: Record<string, unknown>): [string, unknown][] =>
  Object.entries(args).filter(([, value]) => value !== null && value !== undefined);

/** Builds a tool; its arguments are checked here and nowhere else, so that every fault has our form. */
export const defineTool = <Input extends z.ZodObject>(spec: ToolSpec<Input>): Tool => {
  const listed = Object.keys(spec.input.shape);
  const accepted = z.strictObject({
    ...spec.input.shape,
    workspace: workspaceParameter.optional(),
    ...spec.unlisted?.shape,
  });
  const parse = (args: Record<string, unknown>): z.output<Input> & Record<string, unknown> => {
    const merged: Record<string, unknown> = {};
    for (const [name, value] of given(args)) {
      const alias = spec.aliases && Object.hasOwn(spec.aliases, name) ? spec.aliases[name] : undefined;
      if (alias) for (const [target, meant] of given(alias(value))) merged[target] ??= meant;
      else if (Object.hasOwn(accepted.shape, name)) merged[name] = value;
      else throw unknownArgument(name, namedFor(name, listed));
    }
    const parsed = accepted.safeParse(merged);
    if (parsed.success) return parsed.data as z.output<Input> & Record<string, unknown>;
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') || 'arguments';
    throw new AppError('ARGUMENT_INVALID', `${field}: ${issue?.message ?? 'invalid'}.`);
  };
  return {
    name: spec.name,
    listing: {
      name: spec.name,
      title: spec.title,
      description: spec.description,
      inputSchema: withoutDialect(
        z.toJSONSchema(z.strictObject(spec.input.shape), { io: 'input', override: asListed }) as JsonSchema,
      ),
      outputSchema: spec.output,
      annotations: { title: spec.title, ...spec.annotations },
    },
    run: async (query, args, call) => spec.run(query, parse(args), call),
  };
};
