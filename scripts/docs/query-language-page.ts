import { FIELD_VALUES } from '../../src/query/search-fields.ts';
import { INTERCOM_FIELDS } from '../../src/mcp/intercom/fields.ts';
import { INTERCOM_PARAMETERS } from '../../src/mcp/intercom/parameters.ts';
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

/** COMPETITORS B1. */
const OTHER_FORMS: readonly (readonly [string, string])[] = [
  [
    'Text with `object_type:`, as Intercom’s server takes it',
    'object_type:conversations state:open created_at:gt:1790000000 q:"charged twice" limit:10',
  ],
  [
    'A condition, as object or as JSON text, as its plugin and its API take it',
    '{"field": "state", "operator": "IN", "value": ["open", "snoozed"]}',
  ],
  [
    'Conditions put together',
    '{"operator": "AND", "value": [{"field": "priority", "operator": "=", "value": "high"}, {"field": "source.body", "operator": "~", "value": "refund"}]}',
  ],
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
    '## Calls of other servers',
    'The tools `search_conversations` and `search` also take the forms of Intercom’s own MCP server, of its plugin and of FastIntercomMCP, with the same meaning. As `query`:',
    table(
      ['Form', 'Example'],
      OTHER_FORMS.map(([form, example]) => [form, code(example)]),
    ),
    `Operators are \`=\` \`!=\` \`>\` \`<\` \`>=\` \`<=\` \`~\` \`!~\` \`IN\` \`NIN\`, in the text form \`eq\` \`neq\` \`gt\` \`lt\` \`gte\` \`lte\` \`contains\` as well; a dot and an underscore are the same in the name of a field, \`statistics\` may stand before. Fields: ${INTERCOM_FIELDS.map(code).join(', ')}, and \`custom_attributes.NAME\`. Times are Unix seconds or ISO 8601. Words (\`q\`, \`source_body\`) are looked for in every message, not in the opening one alone.`,
    `As parameters: ${INTERCOM_PARAMETERS.map(code).join(', ')}, each a value or \`{"operator": ">", "value": 300}\`; \`ids\`, \`source_type\`, \`team_assignee_id\`, \`admin_assignee_id\`, \`customer_email\`, \`per_page\`, \`starting_after\`, and \`timeframe\` as object. A parameter or field that is not known is an error that names the nearest.`,
  ]);
