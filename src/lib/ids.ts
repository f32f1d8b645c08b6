const RAW_ID = /^[A-Za-z0-9_-]{1,64}$/;
const PREFIX = /^conversation[_:]/;
/** The id stands behind `conversation(s)/` in every address of Intercom's inbox. */
const IN_URL = /\/conversations?\/(?:conversation_)?(\d{1,32})(?:[/?#]|$)/;

/**
 * The id meant by what a person or model gives: a raw id, `conversation_123`, `conversation:123`, or the address of a conversation in
 * Intercom's app. Undefined when none is meant.
 */
export const conversationIdOf = (input: string): string | undefined => {
  const text = input.trim();
  if (/^https?:\/\//i.test(text)) return IN_URL.exec(text)?.[1];
  const id = text.replace(PREFIX, '');
  return RAW_ID.test(id) ? id : undefined;
};
