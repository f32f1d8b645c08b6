import type { SmallEntity } from '../data/listed-entities.ts';
import type { IncomingRow } from '../data/writes/replace-small-table.ts';
import { ADMINS } from '../entities/admin/endpoints.ts';
import { mapAdmin } from '../entities/admin/mapping.ts';
import { BRANDS } from '../entities/brand/endpoints.ts';
import { mapBrand } from '../entities/brand/mapping.ts';
import {
  CONVERSATION_ATTRIBUTES,
  CONVERSATION_ATTRIBUTES_BEFORE_2_16,
} from '../entities/conversation-attribute/endpoints.ts';
import { mapConversationAttribute } from '../entities/conversation-attribute/mapping.ts';
import { DATA_ATTRIBUTES } from '../entities/data-attribute/endpoints.ts';
import { mapDataAttribute } from '../entities/data-attribute/mapping.ts';
import { HELP_CENTERS } from '../entities/help-center/endpoints.ts';
import { mapHelpCenter } from '../entities/help-center/mapping.ts';
import { OFFICE_HOURS_SCHEDULES } from '../entities/office-hours-schedule/endpoints.ts';
import { mapOfficeHoursSchedule } from '../entities/office-hours-schedule/mapping.ts';
import { SEGMENTS } from '../entities/segment/endpoints.ts';
import { mapSegment } from '../entities/segment/mapping.ts';
import { SUBSCRIPTION_TYPES } from '../entities/subscription-type/endpoints.ts';
import { mapSubscriptionType } from '../entities/subscription-type/mapping.ts';
import { TAGS } from '../entities/tag/endpoints.ts';
import { mapTag } from '../entities/tag/mapping.ts';
import { TEAMS } from '../entities/team/endpoints.ts';
import { mapTeam } from '../entities/team/mapping.ts';
import { TICKET_STATES } from '../entities/ticket-state/endpoints.ts';
import { mapTicketState } from '../entities/ticket-state/mapping.ts';
import { TICKET_TYPES } from '../entities/ticket-type/endpoints.ts';
import { mapTicketType } from '../entities/ticket-type/mapping.ts';
import { isAtLeast } from '../intercom/api-version.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { asArray, holdsList } from '../lib/read-json.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** Where a list is, and the key of its array in the answer. */
export interface ListEndpoint {
  readonly path: string;
  readonly key: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
}

interface SmallTable {
  readonly endpoint: ListEndpoint | ((version: string) => ListEndpoint);
  readonly map: (payload: unknown) => IncomingRow['columns'] | undefined;
  /** Objects of the answer that belong to another entity. */
  readonly foreign?: (columns: IncomingRow['columns']) => boolean;
}

const SMALL_TABLES: Readonly<Record<SmallEntity, SmallTable>> = {
  admins: { endpoint: ADMINS, map: mapAdmin },
  teams: { endpoint: TEAMS, map: mapTeam },
  tags: { endpoint: TAGS, map: mapTag },
  segments: { endpoint: SEGMENTS, map: mapSegment },
  ticket_types: { endpoint: TICKET_TYPES, map: mapTicketType },
  ticket_states: { endpoint: TICKET_STATES, map: mapTicketState },
  subscription_types: { endpoint: SUBSCRIPTION_TYPES, map: mapSubscriptionType },
  help_centers: { endpoint: HELP_CENTERS, map: mapHelpCenter },
  brands: { endpoint: BRANDS, map: mapBrand },
  office_hours_schedules: { endpoint: OFFICE_HOURS_SCHEDULES, map: mapOfficeHoursSchedule },
  data_attributes: {
    endpoint: DATA_ATTRIBUTES,
    map: mapDataAttribute,
    // At 2.15 and before they are listed here, too; they have a table of their own.
    foreign: (columns) => columns.model === 'conversation',
  },
  conversation_attributes: {
    // The old address is refused from 2.16 on, the new one before (API-FACTS 5.7, TRAPS T86).
    endpoint: (version) =>
      isAtLeast(version, 2, 16) ? CONVERSATION_ATTRIBUTES : CONVERSATION_ATTRIBUTES_BEFORE_2_16,
    map: mapConversationAttribute,
  },
};

/** Mirrors an entity that one request lists completely. */
export const syncSmallTable = async (run: RunContext, entity: SmallEntity): Promise<void> => {
  const { client, store, fence, signal, report } = run;
  const { endpoint, foreign, map } = SMALL_TABLES[entity];
  const { key, path, query } = typeof endpoint === 'function' ? endpoint(client.version) : endpoint;
  const { data, text, serverTime } = await client.request('GET', path, {
    expect: holdsList(key),
    signal,
    ...(query === undefined ? {} : { query }),
  });
  const objects = asArray(data[key]);
  const mapped = sliceArray(text, key).map((payload, index) => ({ columns: map(objects[index]), payload }));
  const rows = mapped.flatMap(({ columns, payload }) =>
    columns === undefined || foreign?.(columns) ? [] : [{ columns, payload }],
  );
  report.unusable(entity, mapped.filter(({ columns }) => columns === undefined).length);
  report.entity(entity).listed += rows.length;
  await store.write('replaceSmallTable', { fence, entity, rows, fetchedAt: serverTime });
  await store.write('finishScan', {
    fence,
    entity,
    kind: 'backfill',
    watermark: serverTime,
    completedAt: serverSeconds(client),
  });
};
