import type { JsonObject } from '../world.ts';

export type Role = 'customer' | 'agent' | 'bot';

/** One message of a conversation. */
export interface SourceTurn {
  readonly role: Role;
  /** HTML, as Intercom sends it. */
  readonly body: string;
  /** An internal note: no customer saw it. */
  readonly note?: boolean;
  readonly attachments?: readonly JsonObject[];
}

export interface SourceText {
  readonly language: string;
  readonly turns: readonly SourceTurn[];
  readonly title: string | null;
  /** HTML; empty for a conversation that did not begin as an e-mail. */
  readonly subject: string;
  readonly corpusId?: string;
  /** Index of a tag that the text calls for. */
  readonly tag?: number;
}

/** What the times of a conversation depend on, without its words. */
export interface Shape {
  readonly turns: number;
  /** Seconds between a turn and the one before, one fewer than turns, where the source knows real times. */
  readonly gaps?: readonly number[];
}

/** Where the words come from: the built-in grammar, or a corpus. */
export interface TextSource {
  /** Cheap: needed for the times of a million conversations. */
  shape(index: number): Shape;
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
