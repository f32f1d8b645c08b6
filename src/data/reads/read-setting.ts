import type { ReadContext } from '../context.ts';

/** A fact of the database itself; null when it is not set. */
export const readSetting = async (
  { db }: ReadContext,
  args: { readonly name: 'cursor_key' },
): Promise<string | null> => {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', args.name)
    .executeTakeFirst();
  return row?.value ?? null;
};
