import type { OPTIONS, OptionKey } from './option-table.ts';
import type { Secret } from './secret.ts';

type Row<K extends OptionKey> = (typeof OPTIONS)[K];
type Choice<R> = R extends { readonly choices: readonly (infer C)[] } ? C : string;
type ValueOf<R> = R extends { readonly secret: true }
  ? Secret
  : R extends { readonly type: 'integer' | 'number' }
    ? number
    : Choice<R>;

/** The values of all settings, checked. A setting that the command does not use has its default. */
export type Config = {
  readonly [K in Exclude<OptionKey, 'databaseUrl'>]: Row<K> extends { readonly default: unknown }
    ? ValueOf<Row<K>>
    : ValueOf<Row<K>> | undefined;
} & { readonly databaseUrl: Secret };
