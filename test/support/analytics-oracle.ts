/** A second reading of every metric, from the lines of `export conversations` alone, as one would do it in a notebook. */
export interface ExportedConversation {
  readonly id: string;
  readonly created_at: string;
  readonly state: string | null;
  readonly waiting_since: string | null;
  readonly priority: string | null;
  readonly source: { readonly type: string };
  readonly admin_assignee_id: string | number | null;
  readonly team_assignee_id: string | number | null;
  readonly tags: { readonly tags: readonly { readonly id: string }[] };
  readonly contacts: { readonly contacts: readonly { readonly id: string }[] };
  readonly company?: { readonly id: string } | null;
  readonly statistics: Readonly<Record<string, string | number | null>> | null;
  readonly conversation_rating: {
    readonly rating: number | null;
    readonly created_at?: string | null;
  } | null;
  readonly sla_applied: { readonly sla_name: string | null; readonly sla_status: string | null } | null;
  readonly ai_agent_participated: boolean | null;
  readonly ai_agent: { readonly resolution_state: string | null } | null;
  readonly custom_attributes: Readonly<Record<string, unknown>>;
  readonly parts: readonly {
    readonly type: string;
    readonly author: { readonly type: string } | null;
    readonly body: string | null;
  }[];
  readonly _mirror: { readonly hydrated: boolean };
}

type Doc = ExportedConversation;
/** undefined: no value. `unknown`: it has one, and nobody can tell which. */
type Value = number | undefined | 'unknown';

export interface OracleOptions {
  readonly asOf: number;
  readonly recontactDays: number;
  /** Every conversation there is. */
  readonly all: readonly Doc[];
}

/** ISO 8601 or Unix seconds → Unix seconds. */
export const seconds = (value: string | number | null | undefined): number | undefined => {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'number' ? value : Date.parse(value) / 1000;
};

const createdAt = (doc: Doc): number => seconds(doc.created_at) ?? 0;
const stat = (doc: Doc, name: string): number | undefined => seconds(doc.statistics?.[name]);
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value >= 0 ? value : undefined;
const from = (doc: Doc, name: string): Value => {
  const until = stat(doc, name);
  return positive(until === undefined ? undefined : until - createdAt(doc));
};
const given =
  (name: string) =>
  (doc: Doc): Value =>
    positive(stat(doc, name));
const resolution = (doc: Doc): string | null => doc.ai_agent?.resolution_state ?? null;
const rating = (doc: Doc): number | undefined => doc.conversation_rating?.rating ?? undefined;

const messages =
  (role: (type: string) => boolean, first: number) =>
  (doc: Doc): Value =>
    doc._mirror.hydrated
      ? doc.parts.filter(
          (part, index) =>
            index >= first && part.body !== null && part.type !== 'note' && role(part.author?.type ?? ''),
        ).length
      : undefined;

const waiting = (doc: Doc): number | undefined =>
  doc.state === 'closed' ? undefined : seconds(doc.waiting_since);

const recontact = (doc: Doc, { all, asOf, recontactDays }: OracleOptions): Value => {
  const until = createdAt(doc) + recontactDays * 86_400;
  const own = doc.contacts.contacts.map(({ id }) => id);
  if (own.length === 0 || until > asOf) return undefined;
  return all.some(
    (other) =>
      createdAt(other) > createdAt(doc) &&
      createdAt(other) <= until &&
      other.contacts.contacts.some(({ id }) => own.includes(id)),
  )
    ? 1
    : 0;
};

/** What each metric makes of a conversation. */
export const ORACLE: Readonly<Record<string, (doc: Doc, options: OracleOptions) => Value>> = {
  created: () => 1,
  closed: () => 1,
  unanswered: waiting,
  waiting_time: (doc, { asOf }) => {
    const since = waiting(doc);
    return since === undefined ? undefined : positive(asOf - since);
  },
  first_response_time: (doc) => from(doc, 'first_admin_reply_at'),
  first_response_time_office_hours: given('time_to_admin_reply'),
  time_to_first_close: (doc) => from(doc, 'first_close_at'),
  time_to_first_close_office_hours: given('time_to_first_close'),
  time_to_close: (doc) => from(doc, 'last_close_at'),
  time_to_close_office_hours: given('time_to_last_close'),
  time_to_assignment: given('time_to_assignment'),
  reply_time_office_hours: given('median_time_to_reply'),
  handling_time: given('handling_time'),
  adjusted_handling_time: given('adjusted_handling_time'),
  replies: messages((type) => type === 'admin' || type === 'team', 1),
  customer_messages: messages((type) => ['user', 'lead', 'contact', 'visitor'].includes(type), 0),
  bot_replies: messages((type) => type === 'bot', 1),
  reopens: given('count_reopens'),
  reopen_rate: (doc) => {
    const count = stat(doc, 'count_reopens');
    return count === undefined ? undefined : Math.min(1, count);
  },
  csat: (doc) => {
    const value = rating(doc);
    return value === undefined ? undefined : Number(value >= 4);
  },
  csat_response_rate: (doc) => {
    if (rating(doc) !== undefined) return 1;
    return doc.conversation_rating?.created_at ? 0 : undefined;
  },
  rating_average: rating,
  sla_hit_rate: ({ sla_applied: sla }) => {
    if (!sla || (sla.sla_name === null && sla.sla_status === null)) return undefined;
    return sla.sla_status === 'hit' ? 1 : sla.sla_status === 'missed' ? 0 : 'unknown';
  },
  fin_involvement_rate: (doc) => Number(doc.ai_agent_participated === true),
  fin_resolution_rate: (doc) =>
    doc.ai_agent_participated
      ? Number(['assumed_resolution', 'confirmed_resolution'].includes(resolution(doc) ?? ''))
      : undefined,
  fin_handoff_rate: (doc) =>
    doc.ai_agent_participated
      ? Number(['escalated', 'procedure_handoff'].includes(resolution(doc) ?? ''))
      : undefined,
  recontact_rate: recontact,
};

const quantile = (values: readonly number[], share: number): number | null => {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place % 1);
};

/** How a metric's values become the answer's numbers. */
export const oracleValue = (
  metric: string,
  statistic: string,
  docs: readonly Doc[],
  options: OracleOptions,
): Record<string, number | null> => {
  if (metric === 'contacts') {
    const having = docs.filter(({ contacts }) => contacts.contacts.length > 0);
    const all = new Set(having.flatMap(({ contacts }) => contacts.contacts.map(({ id }) => id)));
    return { value: all.size, n: having.length, excluded: docs.length - having.length };
  }
  const read = ORACLE[metric];
  if (read === undefined) throw new Error(`the oracle does not know ${metric}`);
  const all = docs.map((doc) => read(doc, options));
  const values = all.filter((value) => typeof value === 'number');
  const sum = values.reduce((total, value) => total + value, 0);
  const counts = { n: values.length, excluded: all.filter((value) => value === undefined).length };
  if (statistic === 'count') return { value: values.length, ...counts };
  const mean = values.length === 0 ? null : sum / values.length;
  if (statistic === 'share') return { value: mean, count: sum, ...counts };
  const median = quantile(values, 0.5);
  const value = { median, mean, sum: values.length === 0 ? null : sum }[
    statistic as 'median' | 'mean' | 'sum'
  ];
  return { value: value ?? null, median, mean, p90: quantile(values, 0.9), ...counts };
};

/** The wall clock of a zone. */
const wall = (time: number, timeZone: string): Date =>
  new Date(`${new Date(time * 1000).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')}Z`);
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const oracleUnit = (unit: string, time: number, timeZone: string): string => {
  const local = wall(time, timeZone);
  const day = local.toISOString().slice(0, 10);
  if (unit === 'hour') return `${String(local.getUTCHours()).padStart(2, '0')}:00`;
  if (unit === 'weekday') return DAYS[local.getUTCDay()] ?? '';
  if (unit === 'month') return day.slice(0, 7);
  if (unit === 'day') return day;
  const monday = new Date(local);
  monday.setUTCDate(local.getUTCDate() - ((local.getUTCDay() + 6) % 7));
  return monday.toISOString().slice(0, 10);
};

const orNone = (values: readonly (string | number | null | undefined)[]): string[] => {
  const some = values.filter((value) => value !== null && value !== undefined && value !== '').map(String);
  return some.length === 0 ? ['none'] : [...new Set(some)];
};

/** The groups of a conversation in each dimension that is no time. */
export const ORACLE_GROUPS: Readonly<Record<string, (doc: Doc) => readonly string[]>> = {
  state: (doc) => orNone([doc.state]),
  channel: (doc) => orNone([doc.source.type]),
  team: (doc) => orNone([doc.team_assignee_id || null]),
  teammate: (doc) => orNone([doc.admin_assignee_id || null]),
  tag: (doc) => orNone(doc.tags.tags.map(({ id }) => id)),
  priority: (doc) => orNone([doc.priority]),
  company: (doc) => orNone([doc.company?.id]),
  rating: (doc) => orNone([rating(doc)]),
  sla: (doc) => orNone([doc.sla_applied?.sla_status]),
  fin: (doc) => orNone([resolution(doc) ?? (doc.ai_agent_participated ? 'involved' : null)]),
  'attr.plan': (doc) => orNone([(doc.custom_attributes.Plan as string | null)?.toLowerCase()]),
};
