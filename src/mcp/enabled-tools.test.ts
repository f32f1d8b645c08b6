import { describe, expect, it } from 'vitest';
import { enabledTools, howToEnable } from './enabled-tools.ts';
import { OFF_BY_DEFAULT, TOOLSETS } from './tools/registry.ts';

const names = (choice?: Parameters<typeof enabledTools>[0]): readonly string[] =>
  enabledTools(choice).map(({ name }) => name);
const toolsOf = (...sets: readonly string[]): readonly string[] =>
  Object.entries(TOOLSETS)
    .filter(([name]) => sets.includes(name))
    .flatMap(([, tools]) => tools.map(({ name }) => name));
const every = Object.keys(TOOLSETS);
const usual = every.filter((name) => !OFF_BY_DEFAULT.has(name));

describe('the tools that are enabled', () => {
  it('are those of the toolsets that are on by default', () => {
    expect(names()).toEqual(toolsOf(...usual));
    expect(names({ toolsets: 'default' })).toEqual(toolsOf(...usual));
    expect(names({ toolsets: 'all' })).toEqual(toolsOf(...every));
    expect(names().length).toBeGreaterThan(3);
  });

  it.each(every)('are exactly those of the toolset %s where it is named alone', (toolset) => {
    expect(names({ toolsets: toolset })).toEqual(toolsOf(toolset));
    expect(names({ toolsets: `default, ${toolset.toUpperCase()}` })).toEqual(toolsOf(...usual, toolset));
  });

  it('are single ones alone, or beside toolsets, in the fixed order', () => {
    expect(names({ tools: 'sync_now,search_conversations' })).toEqual(['search_conversations', 'sync_now']);
    expect(names({ toolsets: 'workspace', tools: 'get-conversation' })).toEqual([
      'get_conversation',
      ...toolsOf('workspace'),
    ]);
  });

  it('are never those that are excluded', () => {
    expect(names({ excludeTools: 'sync_now' })).toEqual(names().filter((name) => name !== 'sync_now'));
    expect(names({ tools: 'sync_now,get_sync_status', excludeTools: 'sync_now' })).toEqual([
      'get_sync_status',
    ]);
  });

  it.each([
    [{ toolsets: 'conversation' }, /--toolsets: .*"conversation".*nearest is "conversations"/, every],
    [{ tools: 'search_conversation' }, /--tools: .*nearest is "search_conversations"/, toolsOf(...every)],
    [{ excludeTools: 'sync' }, /--exclude-tools: .*nearest is/, toolsOf(...every)],
    [{ toolsets: ' , ' }, /--toolsets names no toolset/, every],
    [{ tools: 'sync_now', excludeTools: 'sync_now' }, /leave no tool/, []],
  ])('are refused in plain words: %o', (choice, message, known) => {
    const refused = expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining(known.join(', ')),
    });
    expect(() => enabledTools(choice)).toThrow(refused);
  });

  it('are named with their toolset where they are not enabled, others not', () => {
    expect(howToEnable('sync_now')).toMatch(/"sync_now".*--toolsets default,workspace/);
    expect(howToEnable('no_such_tool')).toBeUndefined();
  });
});
