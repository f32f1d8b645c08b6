import type { ThreadPart } from '../entities/conversation/table.ts';
import type { Logger } from '../telemetry/logger.ts';

/** API-FACTS 6.10, and the opening message, which has no type of its own. */
const PART_TYPES = new Set(
  `source comment note note_and_reopen note_and_unsnooze quick_reply assignment assign_and_unsnooze assign_and_reopen
  default_assignment workflow_assignment away_mode_assignment message_strategy_assignment open close snoozed unsnoozed
  timer_unsnooze participant_added participant_removed conversation_rating_changed conversation_rating_remark_added
  conversation_attribute_updated_by_user conversation_attribute_updated_by_admin
  conversation_attribute_updated_by_workflow custom_action_started custom_action_finished operator_workflow_event
  conversation_sla_applied_by_rule conversation_sla_applied_by_workflow conversation_sla_removed
  conversation_sla_target_missed conversation_sla_paused conversation_sla_unpaused priority_changed
  priority_changed_by_rule conversation_tags_updated company_updated language_detection_details
  channel_and_reply_time_expectation user_became_idle resolution_bot_found_no_answer attribute_collector
  attribute_collected fin_guidance_applied merged_primary_conversation call_summary ticket_state_updated_by_admin
  ticket_attribute_updated_by_admin`.split(/\s+/),
);
/** API-FACTS 6.12; none where the channel names nobody. */
const AUTHOR_TYPES: ReadonlySet<string | null> = new Set([
  'user',
  'lead',
  'contact',
  'visitor',
  'admin',
  'bot',
  'team',
  null,
]);
/** More are not remembered: a fault that makes up kinds must not fill the log. */
const MOST_KINDS = 100;

/** Looks through the parts of a thread. */
export type NoteKinds = (conversationId: string, parts: readonly ThreadPart[]) => void;

/**
 * Says once of each kind of part or author that nobody knew, where it was met: it is stored as it came (TRAPS T29), and
 * may tell of something new in Intercom.
 */
export const createKindLog = (logger: Logger): NoteKinds => {
  const met = new Set<string>();
  const note = (field: string, kind: string | null, conversationId: string): void => {
    const key = `${field} ${kind ?? ''}`;
    if (met.has(key) || met.size >= MOST_KINDS) return;
    met.add(key);
    logger.info(
      { [field]: kind?.slice(0, 80), conversation_id: conversationId },
      'a kind that is not known yet; it is stored as it came',
    );
  };
  return (conversationId, parts) => {
    for (const { author_type: author, part_type: type } of parts) {
      if (!PART_TYPES.has(type)) note('part_type', type, conversationId);
      if (!AUTHOR_TYPES.has(author)) note('author_type', author, conversationId);
    }
  };
};
