import type { SearchAnswer, SearchHit } from '../../query/types.ts';
import { cut, type Extent } from './budget.ts';
import { compact } from './compact.ts';
import { untrusted, untrustedLine, visible } from './untrusted.ts';

/** A name needs no more, whatever room there is. */
const NAME_CELL = 200;

/** A hit of a search, or one that shares terms with another conversation. */
export type ShownHit = SearchHit & { readonly shared_terms?: readonly string[] };

const marked = (snippet: string, highlights: readonly (readonly [number, number])[]): string => {
  let out = '';
  let at = 0;
  for (const [start, end] of highlights) {
    out += `${snippet.slice(at, start)}**${snippet.slice(start, end)}**`;
    at = end;
  }
  return out + snippet.slice(at);
};

const roundScore = (score: number): number => Math.round(score * 1000) / 1000;

const aboutOf = (hit: SearchHit): string =>
  [
    hit.title,
    [hit.contact?.name, hit.contact?.email].filter(Boolean).join(' '),
    hit.contact?.id ? `contact ${hit.contact.id}` : '',
    hit.tags.length > 0 ? `tags: ${hit.tags.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ');

const sharedLine = ({ shared_terms: terms }: ShownHit, cell: number): string[] =>
  terms === undefined || terms.length === 0
    ? []
    : [`   shares: ${untrusted(untrustedLine(cut(terms.join(', '), cell)))}`];

const matchLine = (hit: SearchHit, cell: number): string[] => {
  const { match } = hit;
  if (match === null) return [];
  const whole = cell >= match.snippet.length;
  const snippet = whole ? marked(match.snippet, match.highlights) : cut(match.snippet, cell);
  const by = match.author_name === null ? '' : `${cut(match.author_name, Math.min(cell, NAME_CELL))}: `;
  const head = `${match.author_role}, part ${match.part_id}, ${match.created_at}`;
  return [`   ${head}: ${untrusted(untrustedLine(by + snippet))}`];
};

/** A row as text; one line or a few. */
export const hitText = (hit: ShownHit, number: number, { cell, brief }: Extent): string => {
  if (cell === 0) return `${number}. id ${hit.id}`;
  if (brief)
    return [`${number}. id ${hit.id} · created ${hit.created_at}`, ...matchLine(hit, cell)].join('\n');
  const facts = [
    `created ${hit.created_at}`,
    hit.updated_at === hit.created_at ? '' : `updated ${hit.updated_at}`,
    hit.state,
    hit.priority === null ? '' : `priority ${hit.priority}`,
    `${hit.part_count} part${hit.part_count === 1 ? '' : 's'}`,
    hit.hydrated ? '' : 'opening message only',
    hit.partial ? 'has some of the words only' : '',
    hit.score === null ? '' : `score ${roundScore(hit.score)}`,
  ].filter(Boolean);
  const about = aboutOf(hit);
  return [
    `${number}. id ${hit.id} · ${facts.join(' · ')}`,
    ...(about === '' ? [] : [`   ${untrusted(untrustedLine(cut(about, cell)))}`]),
    ...sharedLine(hit, cell),
    ...matchLine(hit, cell),
  ].join('\n');
};

const matchData = (hit: SearchHit, cell: number): Record<string, unknown> | null =>
  hit.match &&
  compact({
    part_id: hit.match.part_id,
    author_role: hit.match.author_role,
    author_name: hit.match.author_name && visible(cut(hit.match.author_name, Math.min(cell, NAME_CELL))),
    created_at: hit.match.created_at,
    snippet: visible(cut(hit.match.snippet, cell)),
    untrusted: true,
  });

/** A row as data. */
export const hitData = (hit: ShownHit, { cell, brief }: Extent): Record<string, unknown> => {
  if (cell === 0) return { id: hit.id };
  if (brief) return compact({ id: hit.id, created_at: hit.created_at, match: matchData(hit, cell) });
  const clean = (text: string | null): string | null => text && visible(cut(text, Math.min(cell, NAME_CELL)));
  return compact({
    id: hit.id,
    title: hit.title && visible(cut(hit.title, cell)),
    state: hit.state,
    priority: hit.priority,
    created_at: hit.created_at,
    updated_at: hit.updated_at,
    contact:
      hit.contact &&
      compact({ id: hit.contact.id, name: clean(hit.contact.name), email: clean(hit.contact.email) }),
    tags: hit.tags.map((tag) => clean(tag)),
    part_count: hit.part_count,
    hydrated: hit.hydrated,
    score: hit.score === null ? null : roundScore(hit.score),
    partial: hit.partial ? true : null,
    shared_terms: hit.shared_terms?.map((term) => visible(cut(term, cell))) ?? null,
    match: matchData(hit, cell),
    untrusted: true,
  });
};

/** How many there are, and how many of them stand here. */
export const headLine = (answer: Pick<SearchAnswer, 'summary' | 'pagination'>, shown: number): string => {
  const {
    total_results: total,
    total_relation: relation,
    query_time_ms: time,
    cache_hit: cached,
  } = answer.summary;
  const least = relation === 'at_least' ? 'at least ' : '';
  const found = `${least}${total} conversation${total === 1 ? '' : 's'} found, ${shown} shown`;
  return `${found} (limit ${answer.pagination.limit}; ${time} ms, local mirror${cached ? ', cached' : ''}).`;
};
