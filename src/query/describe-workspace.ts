import type { FieldValues } from '../data/reads/count-values.ts';
import type { Vocabulary } from '../data/reads/read-vocabulary.ts';
import { NONE } from '../data/search-index/filter-fields.ts';
import { AppError } from '../errors/app-error.ts';
import { nearest } from '../lib/nearest.ts';
import { fold } from '../lib/text/fold.ts';
import type { QueryDeps } from './deps.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { checkedLimit } from './search-conversations.ts';
import type { CallContext, DescribedField, DescribeWorkspaceInput, WorkspaceDescription } from './types.ts';

/** Values of each field, where no field is named. */
const FEW_VALUES = 10;
const MANY_VALUES = 100;

/** The name in the query language of what the index calls otherwise. */
const QUERY_NAMES: Readonly<Record<string, string>> = {
  admin: 'assignee',
  sla_name: 'sla',
  reopens: 'reopened',
};

type Named = { readonly id: string; readonly name: string | null };

const namesOf = (field: string, { admins, tags, teams }: Vocabulary): readonly Named[] | undefined =>
  ({ admin: admins, tag: tags, team: teams })[field];

/** With names for ids, and what the workspace has and no conversation carries. */
const described = (counted: FieldValues, vocabulary: Vocabulary, limit: number): DescribedField => {
  const { field } = counted;
  const { distinct, values } = field === 'sla_name' ? withoutNone(counted) : counted;
  const list = namesOf(field, vocabulary);
  const names = new Map(list?.map(({ id, name }) => [id, name]));
  const attribute = vocabulary.attributes.find(({ name }) => `attr.${fold(name)}` === field);
  const used = new Set(values.map(({ value }) => value));
  const unused = (distinct > values.length ? [] : (list ?? [])).filter(({ id }) => !used.has(id));
  return {
    field: QUERY_NAMES[field] ?? field,
    name: attribute?.name ?? null,
    distinct: distinct + unused.length,
    values: [
      ...values.map(({ count, value }) => ({ value, name: names.get(value) ?? null, count })),
      ...unused.map(({ id, name }) => ({ value: id, name, count: 0 })),
    ].slice(0, limit),
  };
};

/** `sla:none` asks for no status; one without a name is another thing. */
const withoutNone = ({ distinct, field, values }: FieldValues): FieldValues => {
  const named = values.filter(({ value }) => value !== NONE);
  return { field, values: named, distinct: distinct - values.length + named.length };
};

/** What is not worth a line: nothing, or "none" alone. */
const saysNothing = ({ values }: DescribedField): boolean => values.every(({ value }) => value === NONE);

const fieldNamed = (asked: string, fields: readonly DescribedField[]): readonly DescribedField[] => {
  const wanted = fold(asked.trim());
  const found = fields.filter(
    ({ field, name }) =>
      field === wanted || field === `attr.${wanted}` || (name !== null && fold(name) === wanted),
  );
  if (found.length > 0) return found;
  const known = [...new Set(fields.map(({ field }) => field))];
  throw new AppError(
    'ARGUMENT_INVALID',
    `field: there is no field "${asked.slice(0, 60)}"; the nearest is "${nearest(asked, known) ?? 'state'}".`,
  );
};

/**
 * What conversations can be filtered by in this workspace: fields, their values, and how many conversations have each.
 * @throws AppError ARGUMENT_INVALID, WORKSPACE_*, STORE_*
 */
export const describeWorkspace = async (
  deps: QueryDeps,
  input: DescribeWorkspaceInput,
  call?: CallContext,
): Promise<WorkspaceDescription> => {
  const started = performance.now();
  const limit = checkedLimit(input.limit, input.field === undefined ? FEW_VALUES : MANY_VALUES);
  const options = readOptions(call);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const { workspace } = facts;
  const counted = await deps.reader.read('countValues', { workspaceId: workspace.id, most: limit }, options);
  const vocabulary = await deps.reader.read('readVocabulary', { workspaceId: workspace.id }, options);
  const all = counted.map((each) => described(each, vocabulary, limit));
  const fields =
    input.field === undefined ? all.filter((field) => !saysNothing(field)) : fieldNamed(input.field, all);
  return {
    workspace: {
      id: workspace.id,
      name: workspace.name,
      region: workspace.region,
      time_zone: workspace.time_zone,
    },
    summary: {
      total_results: fields.length,
      returned: fields.length,
      query_time_ms: Math.round((performance.now() - started) * 10) / 10,
      data_source: 'local',
      cache_hit: false,
    },
    fields,
    metadata: answerMetadata(
      facts,
      { query: null, filters: input.field === undefined ? {} : { field: input.field } },
      [],
    ),
  };
};
