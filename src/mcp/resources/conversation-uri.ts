/** Where the transcript of a conversation stands. */
export const conversationUri = (workspace: string, id: string): string =>
  `intercom://${workspace}/conversation/${encodeURIComponent(id)}`;
