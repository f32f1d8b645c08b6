import type { IncomingSmallRow, SmallEntity } from '../data/writes/replace-small-table.ts';
import { ADMINS_KEY, ADMINS_PATH, isAdminList } from '../entities/admin/endpoints.ts';
import { mapAdmin } from '../entities/admin/mapping.ts';
import { isTagList, TAGS_KEY, TAGS_PATH } from '../entities/tag/endpoints.ts';
import { mapTag } from '../entities/tag/mapping.ts';
import { isTeamList, TEAMS_KEY, TEAMS_PATH } from '../entities/team/endpoints.ts';
import { mapTeam } from '../entities/team/mapping.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

interface SmallTable {
  readonly path: string;
  readonly key: string;
  readonly expect: (json: unknown) => json is Record<string, unknown>;
  readonly map: (payload: unknown) => IncomingSmallRow['columns'] | undefined;
}

const SMALL_TABLES: Readonly<Record<SmallEntity, SmallTable>> = {
  admins: { path: ADMINS_PATH, key: ADMINS_KEY, expect: isAdminList, map: mapAdmin },
  teams: { path: TEAMS_PATH, key: TEAMS_KEY, expect: isTeamList, map: mapTeam },
  tags: { path: TAGS_PATH, key: TAGS_KEY, expect: isTagList, map: mapTag },
};

/** Mirrors an entity that one request lists completely. */
export const syncSmallTable = async (run: RunContext, entity: SmallEntity): Promise<void> => {
  const { client, store, fence, signal, report } = run;
  const table = SMALL_TABLES[entity];
  const { text, serverTime } = await client.request('GET', table.path, { expect: table.expect, signal });
  const result = report.entity(entity);
  const rows = sliceArray(text, table.key).flatMap((payload) => {
    const columns = table.map(JSON.parse(payload));
    if (columns === undefined) result.failed += 1;
    return columns === undefined ? [] : [{ columns, payload }];
  });
  result.listed += rows.length;
  await store.write('replaceSmallTable', { fence, entity, rows, fetchedAt: serverTime });
  await store.write('finishScan', {
    fence,
    entity,
    kind: 'backfill',
    watermark: serverTime,
    completedAt: serverSeconds(client),
  });
};
