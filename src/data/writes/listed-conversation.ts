import type { StoredConversation } from './existing-conversations.ts';
import type { IncomingConversation } from './incoming-conversation.ts';

/** An item of a listing beside what is stored of it. */
export interface Listed {
  readonly incoming: IncomingConversation;
  /** Of its JSON. */
  readonly hash: string;
  readonly stored: StoredConversation | undefined;
}
