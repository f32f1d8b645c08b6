import type { ConversationTable, ThreadPart } from '../../entities/conversation/table.ts';

/** A conversation taken apart by the sync layer, with the JSON it came from. */
export interface IncomingConversation {
  readonly columns: Omit<
    ConversationTable,
    'workspace_id' | 'doc_id' | 'hydrated' | 'hydrated_updated_at' | 'fetched_at' | 'deleted_at'
  >;
  readonly parts: readonly ThreadPart[];
  readonly contactIds: readonly string[];
  readonly tags: readonly { readonly id: string; readonly name: string | null }[];
  /** The object's JSON, character for character. */
  readonly payload: string;
  /** It carries its whole thread. */
  readonly full: boolean;
}
