import type { SearchRow } from '../data/reads/search-conversations.ts';
import { authorRole } from '../lib/author-role.ts';
import { isoTime } from './iso-time.ts';
import type { SearchHit } from './types.ts';

/** A row as answers show it: names of the contract, times in ISO 8601 UTC. */
export const toHit = (row: SearchRow): SearchHit => ({
  id: row.id,
  title: row.title,
  state: row.state,
  priority: row.priority,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  contact: row.contact,
  tags: row.tags,
  part_count: row.partCount,
  hydrated: row.hydrated,
  score: row.position.score,
  partial: row.partial,
  match:
    row.match === null
      ? null
      : {
          part_id: row.match.partId,
          author_role: authorRole(row.match.authorType, row.match.partType),
          author_name: row.match.authorName,
          created_at: isoTime(row.match.createdAt),
          snippet: row.match.snippet,
          highlights: row.match.highlights,
        },
});
