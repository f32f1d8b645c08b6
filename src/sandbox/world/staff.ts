import type { JsonObject } from '../world.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';

/** Name of the tag that a planted incident gets: the first one. */
export const TAG_NAMES = [
  'incident',
  'billing',
  'bug',
  'refund',
  'feature request',
  'onboarding',
  'shipping',
  'login',
  'churn risk',
  'VIP',
  'data export',
  'mobile app',
] as const;
export const TEAM_NAMES = ['Support', 'Billing', 'Engineering', 'Onboarding', 'Success'] as const;
export const ADMIN_COUNT = 14;
export const FIN_ID = '99901';
const BOT_EMAIL = 'operator+sandbox@example.com';
const AVATAR = 'https://static.example.com/avatars/default.png';

export const adminId = (index: number): string => String(5_017_000 + index);
export const teamId = (index: number): string => String(6_020 + index);
export const tagId = (index: number): string => String(7_300_100 + index);

export const adminName = (index: number): string =>
  `${FIRST_NAMES[index % FIRST_NAMES.length]} ${LAST_NAMES[(index * 7 + 3) % LAST_NAMES.length]}`;

/** Authors of parts (API-FACTS 6.12). */
export const adminAuthor = (index: number): JsonObject => ({
  type: 'admin',
  id: adminId(index),
  name: adminName(index),
  email: `teammate${index + 1}@example.com`,
});
export const finAuthor = (): JsonObject => ({
  type: 'bot',
  id: FIN_ID,
  name: 'Fin',
  email: BOT_EMAIL,
  from_ai_agent: true,
  is_ai_answer: true,
});
export const operatorAuthor = (): JsonObject => ({
  type: 'bot',
  id: FIN_ID,
  name: 'Operator',
  email: BOT_EMAIL,
});

const teamOf = (admin: number): number => admin % TEAM_NAMES.length;

const adminCore = (index: number): JsonObject => ({
  type: 'admin',
  id: adminId(index),
  name: adminName(index),
  email: `teammate${index + 1}@example.com`,
  job_title: index === 0 ? 'Head of Support' : 'Support Specialist',
  away_mode_enabled: index === 9,
  away_mode_reassign: false,
  has_inbox_seat: true,
  team_ids: [Number(teamId(teamOf(index)))],
});

/** GET /admins; `role` came with 2.16 (API-FACTS 5.5). */
export const adminsOf = (): JsonObject[] =>
  Array.from({ length: ADMIN_COUNT }, (_, index) => ({
    ...adminCore(index),
    avatar: index % 3 === 0 ? null : AVATAR,
    team_priority_level: { primary_team_ids: [Number(teamId(teamOf(index)))], secondary_team_ids: [] },
    role: { type: 'role', id: index === 0 ? '1' : '2', name: index === 0 ? 'Owner' : 'Agent' },
  }));

/** The admin of GET /me: fewer fields than in the list, another avatar. */
export const meOf = (): JsonObject => ({
  ...adminCore(0),
  email_verified: true,
  avatar: { type: 'avatar', image_url: AVATAR },
});

export const teamsOf = (): JsonObject[] =>
  TEAM_NAMES.map((name, index) => {
    const members = Array.from({ length: ADMIN_COUNT }, (_, admin) => admin)
      .filter((admin) => teamOf(admin) === index)
      .map((admin) => Number(adminId(admin)));
    return {
      type: 'team',
      id: teamId(index),
      name,
      admin_ids: members,
      admin_priority_level: { primary_admin_ids: members, secondary_admin_ids: [] },
      assignment_limit: null,
      distribution_method: 'round_robin',
    };
  });

export const tagsOf = (): JsonObject[] =>
  TAG_NAMES.map((name, index) => ({ type: 'tag', id: tagId(index), name }));
