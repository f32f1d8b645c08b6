import type { OPTIONS, OptionKey } from './option-table.ts';
import type { Secret } from './secret.ts';
import type { WorkspaceSettings } from './workspace-settings.ts';

type Row<K extends OptionKey> = (typeof OPTIONS)[K];
type Choice<R> = R extends { readonly choices: readonly (infer C)[] } ? C : string;
type ValueOf<R> = R extends { readonly secret: true }
  ? Secret
  : R extends { readonly type: 'integer' | 'number' }
    ? number
    : Choice<R>;

/** Settings that each workspace has of its own: they stand in `workspaces`. */
type WorkspaceKey = {
  readonly [K in OptionKey]: Row<K> extends { readonly perWorkspace: true } ? K : never;
}[OptionKey];

/** The values of all settings, checked. A setting that the command does not use has its default. */
export type Config = {
  readonly [K in Exclude<OptionKey, 'databaseUrl' | WorkspaceKey>]: Row<K> extends {
    readonly default: unknown;
  }
    ? ValueOf<Row<K>>
    : ValueOf<Row<K>> | undefined;
} & {
  readonly databaseUrl: Secret;
  /** The workspaces that there is a token for, alias `default` first, then by alias. */
  readonly workspaces: readonly WorkspaceSettings[];
};
