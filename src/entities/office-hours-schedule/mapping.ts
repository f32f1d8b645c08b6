import { asFilledText, asFlag, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { OfficeHoursScheduleTable } from './table.ts';

export type OfficeHoursScheduleColumns = Omit<
  OfficeHoursScheduleTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/** An object of GET /office_hours_schedules → columns; undefined without an id. */
export const mapOfficeHoursSchedule = (payload: unknown): OfficeHoursScheduleColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    time_zone_name: asFilledText(object.time_zone_name),
    twenty_four_seven: asFlag(object.twenty_four_seven),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};
