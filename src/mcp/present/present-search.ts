import type { SearchAnswer, SearchHit } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataLines } from './metadata-text.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

const marked = (snippet: string, highlights: readonly (readonly [number, number])[]): string => {
  let out = '';
  let at = 0;
  for (const [start, end] of highlights) {
    out += `${snippet.slice(at, start)}**${snippet.slice(start, end)}**`;
    at = end;
  }
  return out + snippet.slice(at);
};

const hitText = (hit: SearchHit, number: number, cell: number): string => {
  const facts = [
    hit.created_at,
    hit.state,
    `${hit.part_count} parts`,
    hit.hydrated ? '' : 'opening message only',
  ].filter(Boolean);
  const who = [hit.contact?.name, hit.contact?.email]
    .filter((item) => item !== null && item !== undefined)
    .join(' ');
  const head = `${number}. id ${hit.id} · ${facts.join(' · ')}`;
  const about = [hit.title, who, hit.tags.length > 0 ? `tags: ${hit.tags.join(', ')}` : '']
    .filter(Boolean)
    .join(' · ');
  const lines = [head];
  if (about !== '' && cell > 0) lines.push(`   ${untrusted(untrustedLine(cut(about, cell)))}`);
  if (hit.match && cell > 0) {
    const snippet =
      cell < hit.match.snippet.length
        ? cut(hit.match.snippet, cell)
        : marked(hit.match.snippet, hit.match.highlights);
    lines.push(
      `   ${hit.match.author_role}, part ${hit.match.part_id}: ${untrusted(untrustedLine(snippet))}`,
    );
  }
  return lines.join('\n');
};

const hitData = (hit: SearchHit, cell: number): Record<string, unknown> =>
  compact({
    id: hit.id,
    title: hit.title === null ? null : visible(cut(hit.title, cell)),
    state: hit.state,
    priority: hit.priority,
    created_at: hit.created_at,
    updated_at: hit.updated_at,
    contact:
      hit.contact &&
      compact({
        id: hit.contact.id,
        name: hit.contact.name && visible(cut(hit.contact.name, cell)),
        email: hit.contact.email && visible(cut(hit.contact.email, cell)),
      }),
    tags: hit.tags.map((tag) => visible(cut(tag, cell))),
    part_count: hit.part_count,
    hydrated: hit.hydrated,
    score: hit.score === null ? null : Math.round(hit.score * 1000) / 1000,
    match: hit.match && {
      part_id: hit.match.part_id,
      author_role: hit.match.author_role,
      ...(hit.match.author_name === null ? {} : { author_name: visible(cut(hit.match.author_name, cell)) }),
      created_at: hit.match.created_at,
      snippet: visible(cut(hit.match.snippet, cell)),
      untrusted: true,
    },
    untrusted: true,
  });

/** Search results as text and data, within the budget. */
export const presentSearch = (answer: SearchAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render(shown, cell) {
      const rows = answer.results.slice(0, shown);
      const dropped = answer.results.length - shown;
      const hasMore = answer.pagination.has_more || dropped > 0;
      const cursor = !hasMore
        ? null
        : dropped === 0
          ? answer.pagination.next_cursor
          : shown > 0
            ? answer.cursorAfter(shown - 1)
            : null;
      const cutNote =
        dropped > 0
          ? [
              `${dropped} rows of this page were left out to fit ${maxTokens} tokens; continue with next_cursor.`,
            ]
          : [];
      const notes = [...answer.metadata.notes, ...cutNote];
      const { total_results: total, query_time_ms: time } = answer.summary;
      const text = [
        `${total} conversation${total === 1 ? '' : 's'} found, ${shown} shown (${time} ms, local mirror).`,
        ...(shown > 0 ? [UNTRUSTED_NOTE] : []),
        ...rows.map((hit, index) => hitText(hit, index + 1, cell)),
        ...(cursor === null ? [] : [`More: call again with cursor "${cursor}".`]),
        ...metadataLines(
          answer.metadata,
          notes.map((note) => untrustedLine(note)),
        ),
      ].join('\n');
      return {
        text,
        data: {
          summary: { ...answer.summary, returned: shown },
          results: rows.map((hit) => hitData(hit, cell)),
          pagination: compact({ limit: answer.pagination.limit, has_more: hasMore, next_cursor: cursor }),
          metadata: { ...compact({ ...answer.metadata }), notes },
        },
      };
    },
  });
