import { FIELD_VALUES } from '../../src/query/search-fields.ts';
import { code, page, table } from './markdown.ts';

const FORMS: readonly (readonly [string, string])[] = [
  ['refund card', 'Conversations with both words, in any of their messages, each in any of them.'],
  ['"charged twice"', 'Words one after the other, in one message.'],
  ['-refund', 'Not where it occurs; also `NOT refund`, `-"late delivery"`, `-tag:vip`, `-(visa OR amex)`.'],
  [
    'refund OR chargeback',
    'One of the two. `OR` binds its neighbours: `refund OR chargeback visa` wants `visa`, too.',
  ],
  ['refun*', 'Every word that begins so.'],
  [
    '(late delivery) OR lost',
    'Parentheses group where the query has an operator; elsewhere they are punctuation.',
  ],
  [
    'foo@example.com ERR-42 2.6.8',
    'What has no space in it is looked up as it is written, and found by its pieces, too.',
  ],
  [
    'state:open',
    'A field. `tag:"billing issue"` for values with a space; `state:open,snoozed` for one of several.',
  ],
  ['from:customer refund', 'Only messages of customers count, for all words and phrases of the query.'],
];

export const queryLanguagePage = (): string =>
  page('Query language', [
    'What `search` and the tool `search_conversations` take as a query. Operators are in upper case; capitals and accents of words do not matter. Each field is a parameter of the tool, too.',
    table(
      ['Query', 'Finds'],
      FORMS.map(([query, meaning]) => [code(query), meaning]),
    ),
    '## Fields',
    table(
      ['Field', 'Takes'],
      Object.entries(FIELD_VALUES).map(([name, takes]) => [code(`${name}:`), takes]),
    ),
    '`before:` and `after:` mean the creation of the conversation; `after:` is inclusive, `before:` is not. Days are those of the workspace’s time zone. A name with a colon that is no field is text (`error:404`, an address). A tag, team or teammate that does not exist finds nothing, and a note names the nearest.',
    '## Where little is found',
    'A query of one or two words means all of them; only where no conversation has them all, the commonest is left out, and a note says so. Longer queries are often sentences: where fewer conversations than a page have all of the words, those with some of them follow, the best first. They are marked (`partial`), `partial_results` says how many there are, and `total_results` still counts those with all words, unless there are none. Their order takes into account other forms of the words, and words that the best of them share. Fields, exclusions and alternatives are never given up. Ordered by time, a sentence is treated like two words. Where nothing has all of a short query, words at its edges are first taken for pieces of longer ones.',
    '',
    'Where nothing has all of the words, the nearest spellings from the texts of the workspace are offered, in `notes` and as `metadata.suggestions`: for a word that stands nowhere, and where nothing was found at all also for one that is ten times rarer than the other spelling. One mistake counts as near (a letter too few, too many, wrong, or two swapped), in words of eight letters and more two. Numbers and scripts without spaces have no spellings.',
  ]);
