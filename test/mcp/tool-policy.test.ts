import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { enabledTools } from '../../src/mcp/enabled-tools.ts';
import { TOOLS } from '../../src/mcp/tools/registry.ts';
import { withWorkspaces } from '../../src/mcp/workspace-parameter.ts';

/** CONTRACT "MCP": what a tool may require. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  get_conversation: ['id'],
  find_similar_conversations: ['id'],
  search: ['query'],
  fetch: ['id'],
  check_coverage: ['start_date', 'end_date'],
  get_contact: ['id'],
  get_company: ['id'],
  get_ticket: ['id'],
  get_article: ['id'],
};
/** A name of another server that is the tool's own, as the tool is. */
const OWN_ALIAS: Readonly<Record<string, string>> = { list_articles: 'per_page' };
/** Tools that ask Intercom; all others read the mirror. */
const ASKS_INTERCOM = new Set(['sync_now', 'sync_conversations', 'force_sync']);
/** What all of the list may cost a model, and one tool of it, in tokens of o200k_base. */
const LIST_TOKENS = 6_000;
const TOOL_TOKENS = 1_000;
const MOST_TOOLS = 20;
const UNION = /"(anyOf|oneOf|allOf|not|if|\$ref)":|"type":\[/;

const folder = join(import.meta.dirname, '../../src/mcp/tools');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

describe('the tools', () => {
  it('are one file each, named as the tool', () => {
    const named = files
      .filter((name) => name !== 'registry.ts')
      .map((name) => name.slice(0, -3).replaceAll('-', '_'));
    expect(named.length).toBeGreaterThan(0);
    expect(TOOLS.map((tool) => tool.name).toSorted()).toEqual(named.toSorted());
  });

  it('are few and small enough to be listed always, those that are on by default', () => {
    const listings = enabledTools().map(({ listing }) => listing);
    expect(listings.length).toBeLessThanOrEqual(MOST_TOOLS);
    expect(encode(JSON.stringify(listings)).length).toBeLessThan(LIST_TOKENS);
    const sizes = TOOLS.map(({ listing }) => encode(JSON.stringify(listing)).length);
    expect(Math.max(...sizes)).toBeLessThan(TOOL_TOKENS);
  });
});

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const { listing } = tool;
  const properties = listing.inputSchema.properties as Readonly<Record<string, { description?: string }>>;

  it('has a title, a description of some sentences, and explicit annotations', () => {
    expect(listing.name).toBe(name);
    expect(listing.title).toMatch(/^[A-Z][^.]{4,40}$/);
    expect(listing.description).toMatch(/^[A-Z][^]{80,600}\.$/);
    const asks = ASKS_INTERCOM.has(name);
    expect(listing.annotations).toEqual({
      title: listing.title,
      readOnlyHint: !asks,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: asks,
    });
  });

  it('takes an object of described parameters that are optional, but for ids', () => {
    expect(listing.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(JSON.stringify(listing.inputSchema)).not.toMatch(UNION);
    expect(listing.inputSchema.required ?? []).toEqual(REQUIRED[name] ?? []);
    for (const [key, schema] of Object.entries(properties)) {
      expect(key).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(schema.description, key).toMatch(/^.{10,160}\.$/);
    }
  });

  it('answers with an object, without unions, that also fits an error', () => {
    expect(listing.outputSchema.type).toBe('object');
    expect(JSON.stringify(listing.outputSchema)).not.toMatch(UNION);
    const validate = new Ajv2020().compile(listing.outputSchema);
    const error = { code: 'INTERNAL', message: 'A.', remedy: 'B.', retryable: true };
    expect(validate(error)).toBe(true);
    expect(validate({ code: 'INTERNAL' })).toBe(false);
    expect(validate({ ...error, retryable: 'yes' })).toBe(false);
    const [first = ''] = Object.keys(listing.outputSchema.properties as object);
    expect(validate({ [first]: first === 'state' ? 'idle' : {} })).toBe(false);
  });

  it('lists workspace where there are several, and stays small with many long aliases', () => {
    expect(withWorkspaces(listing, ['only'])).toBe(listing);
    const many = Array.from({ length: 90 }, (_, index) => `workspace_with_a_long_name_${index}`);
    for (const aliases of [['default', 'shop'], many]) {
      const { inputSchema } = withWorkspaces(listing, aliases);
      const { workspace, ...others } = inputSchema.properties as typeof properties;
      expect(others).toEqual(properties);
      expect(workspace?.description).toMatch(/^Which workspace: \w+, .{1,130}\.$/);
    }
  });

  it('does not list the names of other servers', () => {
    const names = ['conversation_id', 'per_page', 'starting_after', 'relative', 'q', 'max_results'];
    const listed = names.filter((alias) => alias in properties);
    expect(listed).toEqual(name in OWN_ALIAS ? [OWN_ALIAS[name]] : []);
  });
});
