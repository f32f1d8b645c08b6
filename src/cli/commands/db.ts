import type { Command } from 'commander';
import { migrateDatabase } from '../../app/migrate-database.ts';
import type { CliContext } from '../cli-context.ts';
import { addSettingFlags } from '../setting-flags.ts';

export const addDb = (program: Command, context: CliContext): void => {
  const db = program.command('db').description('Upkeep of the database.');
  const command = db
    .command('migrate')
    .description('Bring the schema to what this version knows; create the database where there is none.')
    .option('--json', 'as JSON');
  addSettingFlags(command, 'db').action(
    async (flags: { readonly json?: boolean } & Record<string, unknown>) => {
      const config = context.config('db', flags);
      const result = await migrateDatabase(config, context.logger(config));
      const done = result.applied.length === 0 ? 'nothing to do' : `applied ${result.applied.join(', ')}`;
      await context.stdout.write(
        flags.json
          ? `${JSON.stringify(result)}\n`
          : `${result.engine}: schema ${result.schema_version}, ${done}\n`,
      );
    },
  );
};
