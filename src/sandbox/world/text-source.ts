export type Role = 'customer' | 'agent' | 'bot';

/** One message of a conversation. */
export interface SourceTurn {
  readonly role: Role;
  /** HTML, as Intercom sends it. */
  readonly body: string;
  /** Seconds since the turn before, where the source knows. */
  readonly gap?: number;
}

export interface SourceText {
  readonly language: string;
  readonly turns: readonly SourceTurn[];
  readonly title: string | null;
  readonly subject: string;
  readonly corpusId?: string;
  /** Index of a tag that the text calls for. */
  readonly tag?: number;
}

/** Where the words come from: the built-in grammar, or a corpus. */
export interface TextSource {
  /** Conversations when none is asked for. */
  readonly natural: number;
  /** Cheap: needed for the times of a million conversations. */
  turnCount(index: number, time: number): number;
  text(index: number, time: number): SourceText;
}

/** Plain text → one message body. */
export const htmlOf = (text: string): string =>
  `<p>${text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(/\r\n|\r|\n/g, '<br>')}</p>`;
