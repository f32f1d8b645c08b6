import type { SearchAnswer, SearchHit } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, cutNotes, type Extent, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { pageCursor } from './page-cursor.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

/** A name needs no more, whatever room there is. */
const NAME_CELL = 200;

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

const matchLine = (hit: SearchHit, cell: number): string[] => {
  const { match } = hit;
  if (match === null) return [];
  const whole = cell >= match.snippet.length;
  const snippet = whole ? marked(match.snippet, match.highlights) : cut(match.snippet, cell);
  const by = match.author_name === null ? '' : `${cut(match.author_name, Math.min(cell, NAME_CELL))}: `;
  const head = `${match.author_role}, part ${match.part_id}, ${match.created_at}`;
  return [`   ${head}: ${untrusted(untrustedLine(by + snippet))}`];
};

const hitText = (hit: SearchHit, number: number, { cell, brief }: Extent): string => {
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

const hitData = (hit: SearchHit, { cell, brief }: Extent): Record<string, unknown> => {
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
    match: matchData(hit, cell),
    untrusted: true,
  });
};

const headLine = (answer: SearchAnswer, shown: number): string => {
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

const render = (answer: SearchAnswer, maxTokens: number, extent: Extent): ToolAnswer => {
  const { shown, cell, brief } = extent;
  const rows = answer.results.slice(0, shown);
  const { hasMore, cursor } = pageCursor(answer, answer.results.length, shown);
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...cutNotes(extent, answer.results.length - shown, maxTokens, 'rows'),
  ];
  const text = [
    headLine(answer, shown),
    ...(shown > 0 && cell > 0 ? [UNTRUSTED_NOTE] : []),
    ...rows.map((hit, index) => hitText(hit, index + 1, extent)),
    ...(cursor === null ? [] : [`More: call again with cursor "${cursor}".`]),
    ...metadataLines(answer.metadata, notes, brief),
  ].join('\n');
  return {
    text,
    data: {
      summary: { ...answer.summary, returned: shown },
      results: rows.map((hit) => hitData(hit, extent)),
      pagination: { limit: answer.pagination.limit, has_more: hasMore, next_cursor: cursor },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** Search results as text and data, within the budget. */
export const presentSearch = (answer: SearchAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });
