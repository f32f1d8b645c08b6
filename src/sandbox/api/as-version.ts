import { isAtLeast, type Version } from '../versions.ts';
import type { JsonObject, JsonValue } from '../world.ts';

type Change = (object: JsonObject) => JsonObject;

/** What one version changed, read backwards: how the objects of a type looked before it (API-FACTS 10, 6.1, 6.15). */
interface Step {
  readonly since: Version;
  readonly before: Readonly<Record<string, Change>>;
}

const idText = (id: JsonValue | undefined): string => String(id ?? 0);

const conversationBefore216: Change = (item) => ({
  ...item,
  priority: item.priority === 'none' ? 'not_priority' : 'priority',
  admin_assignee_id: item.admin_assignee_id === 0 ? null : (item.admin_assignee_id ?? null),
  team_assignee_id: item.team_assignee_id === 0 ? null : (item.team_assignee_id ?? null),
});

const ticketBefore216: Change = (item) => ({
  ...item,
  admin_assignee_id: idText(item.admin_assignee_id),
  team_assignee_id: idText(item.team_assignee_id),
});

const contactBefore216: Change = (item) => ({
  ...item,
  owner_id: (item.owner_id ?? null) === null ? null : Number(item.owner_id),
});

const articleBefore216: Change = ({ parent_ids: parents, ...item }) => {
  const [parent = null] = (parents ?? []) as JsonValue[];
  return { ...item, parent_id: parent, parent_type: parent === null ? null : 'collection' };
};

const OLD_RESOLUTIONS: Readonly<Record<string, string>> = {
  escalated: 'routed_to_team',
  procedure_handoff: 'routed_to_team',
  negative_feedback: 'abandoned',
};

const conversationBefore215: Change = ({ company: _company, ...item }) => {
  const agent = item.ai_agent as JsonObject | null;
  if (agent === null) return item;
  const { resolution_state: state = null } = agent;
  return { ...item, ai_agent: { ...agent, resolution_state: OLD_RESOLUTIONS[String(state)] ?? state } };
};

const ticketBefore212: Change = (item) => ({
  ...item,
  ticket_state: (item.ticket_state as JsonObject | null)?.category ?? null,
});

/** The latest first. */
const STEPS: readonly Step[] = [
  {
    since: '2.16',
    before: {
      conversation: conversationBefore216,
      ticket: ticketBefore216,
      contact: contactBefore216,
      article: articleBefore216,
    },
  },
  { since: '2.15', before: { conversation: conversationBefore215 } },
  { since: '2.12', before: { ticket: ticketBefore212 } },
];

const LISTS = ['conversations', 'tickets', 'data'];

/** An answer as an older version gives it: the objects themselves, alone or in a list. */
export const asVersion = (answer: JsonObject, version: string): JsonObject => {
  const steps = STEPS.filter(({ since }) => !isAtLeast(version, since));
  if (steps.length === 0) return answer;
  const aged = (object: JsonObject): JsonObject =>
    steps.reduce((item, { before }) => before[String(item.type)]?.(item) ?? item, object);
  const lists = LISTS.filter((key) => Array.isArray(answer[key])).map((key) => [
    key,
    (answer[key] as JsonObject[]).map(aged),
  ]);
  return { ...aged(answer), ...Object.fromEntries(lists) };
};
