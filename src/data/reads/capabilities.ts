import type { CapabilityState } from '../../lib/capability.ts';
import type { ReadContext } from '../context.ts';

export interface Capability {
  /** An entity, by its name. */
  readonly capability: string;
  readonly state: CapabilityState;
  /** Error code of the refusal. */
  readonly code: string | null;
  /** Unix seconds. */
  readonly checkedAt: number;
}

/** What token, plan and version allow, as far as it is known. */
export const readCapabilities = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<readonly Capability[]> => {
  const rows = await db
    .selectFrom('capabilities')
    .select(['capability', 'state', 'code', 'checked_at'])
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('capability')
    .execute();
  return rows.map((row) => ({
    capability: row.capability,
    state: row.state as CapabilityState,
    code: row.code,
    checkedAt: row.checked_at,
  }));
};
