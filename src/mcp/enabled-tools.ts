import { AppError } from '../errors/app-error.ts';
import { nearest } from '../lib/nearest.ts';
import type { Tool } from './define.ts';
import { OFF_BY_DEFAULT, TOOLSETS } from './tools/registry.ts';

/** The settings that choose tools, each a list of names with commas (CONTRACT "MCP"). */
export interface ToolChoice {
  /** Names of toolsets; `default` stands for those that are on by default, `all` for all. */
  readonly toolsets?: string | undefined;
  /** Names of tools beside those of the toolsets; alone they are all there is. */
  readonly tools?: string | undefined;
  /** Names of tools that are left out, whatever the other two say. */
  readonly excludeTools?: string | undefined;
}

/** Toolsets with their tools, in the order that clients see. */
export type Toolsets = Readonly<Record<string, readonly Tool[]>>;

const DEFAULT = 'default';
const ALL = 'all';

const refuse = (message: string, remedy: string): AppError =>
  new AppError('CONFIG_INVALID', message, { remedy });

/** The names of a list, checked. Undefined where nothing was given. @throws AppError CONFIG_INVALID */
const namesOf = (
  flag: string,
  text: string | undefined,
  kind: string,
  known: readonly string[],
): ReadonlySet<string> | undefined => {
  if (text === undefined) return undefined;
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase().replaceAll('-', '_'))
    .filter((name) => name !== '');
  const remedy = `Known ${kind}s: ${known.join(', ')}.`;
  if (names.length === 0) throw refuse(`${flag} names no ${kind}.`, remedy);
  for (const name of names) {
    if (known.includes(name)) continue;
    const shown = name.slice(0, 60);
    throw refuse(
      `${flag}: there is no ${kind} "${shown}"; the nearest is "${nearest(name, known)}".`,
      remedy,
    );
  }
  return new Set(names);
};

const isOn = (toolset: string, asked: ReadonlySet<string>): boolean =>
  asked.has(toolset) || asked.has(ALL) || (asked.has(DEFAULT) && !OFF_BY_DEFAULT.has(toolset));

/**
 * The tools that a server lists and runs, in the order that clients see.
 * @throws AppError CONFIG_INVALID for an unknown name, with the nearest and all known ones, and where no tool is left
 */
export const enabledTools = (choice: ToolChoice = {}, toolsets: Toolsets = TOOLSETS): readonly Tool[] => {
  const every = Object.values(toolsets).flat();
  const toolNames = every.map(({ name }) => name);
  const sets = namesOf('--toolsets', choice.toolsets, 'toolset', [...Object.keys(toolsets), DEFAULT, ALL]);
  const single = namesOf('--tools', choice.tools, 'tool', toolNames);
  const without = namesOf('--exclude-tools', choice.excludeTools, 'tool', toolNames);
  const asked = sets ?? new Set(single === undefined ? [DEFAULT] : []);
  const left = Object.entries(toolsets).flatMap(([toolset, tools]) =>
    tools.filter(
      ({ name }) => (isOn(toolset, asked) || single?.has(name) === true) && without?.has(name) !== true,
    ),
  );
  if (left.length > 0) return left;
  throw refuse(
    '--toolsets, --tools and --exclude-tools leave no tool.',
    'Exclude fewer tools, or leave the three out.',
  );
};

/** How to have a tool that exists and is not enabled; undefined where there is none of that name. */
export const howToEnable = (name: string, toolsets: Toolsets = TOOLSETS): string | undefined => {
  const [toolset] =
    Object.entries(toolsets).find(([, tools]) => tools.some((tool) => tool.name === name)) ?? [];
  if (toolset === undefined) return undefined;
  return `The tool "${name}" is not enabled on this server. Who runs it can add the toolset "${toolset}" with --toolsets default,${toolset} (or FAST_INTERCOM_TOOLSETS), and must not name the tool in --exclude-tools.`;
};
