import { decodeHTML, decodeHTMLAttribute } from 'entities';
import {
  BLOCK,
  elementKind,
  IMAGE,
  LINE_BREAK,
  LINK,
  PREFORMATTED,
  SKIPPED,
  SPACER,
} from './html-elements.ts';
import { endOfName, endOfTag, isLetter, type OnAttribute } from './html-tag.ts';
import { PlainTextWriter } from './plain-text-writer.ts';

const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;

/** Longest address that stands in for a link without text; data and script addresses say nothing. */
const MAX_HREF = 2_000;
const NO_ADDRESS = /^\s*(?:#|javascript:|data:|$)/i;

/** One pass over the input, without recursion; the state is what is open and matters. */
class HtmlReader {
  readonly #html: string;
  readonly #out = new PlainTextWriter();
  /** Behind the last `>` there is no markup. */
  readonly #lastEnd: number;
  #preformatted = 0;
  /** A tag was met that never ends. */
  #broken = false;
  /** Address of the open link, and how much text there was before it. */
  #href: string | undefined;
  #linkStart = 0;

  constructor(html: string) {
    this.#html = html;
    this.#lastEnd = html.lastIndexOf('>');
  }

  read(): string {
    const html = this.#html;
    let index = 0;
    while (index < html.length) {
      const open = html.indexOf('<', index);
      if (open < 0 || open > this.#lastEnd) break;
      if (open > index) this.#text(index, open);
      const next = this.#markup(open);
      // A `<` that opens nothing is text.
      if (next < 0) this.#out.text('<');
      index = next < 0 ? open + 1 : next;
    }
    if (index < html.length) this.#text(index, html.length);
    this.#closeLink();
    return this.#out.toString();
  }

  #text(start: number, end: number): void {
    const raw = this.#html.slice(start, end);
    const text = raw.includes('&') ? decodeHTML(raw) : raw;
    if (this.#preformatted > 0) this.#out.lines(text);
    else this.#out.text(text);
  }

  /** Index behind the tag or comment that begins at `open`, or -1 when there is none. */
  #markup(open: number): number {
    const html = this.#html;
    const code = html.charCodeAt(open + 1);
    if (isLetter(code)) return this.#startTag(open + 1);
    if (code === SLASH) {
      if (isLetter(html.charCodeAt(open + 2))) return this.#endTag(open + 2);
      return html.indexOf('>', open + 2) + 1;
    }
    if (html.startsWith('!--', open + 1)) {
      const close = html.indexOf('-->', open + 2);
      return close < 0 ? html.length : close + 3;
    }
    return code === EXCLAMATION || code === QUESTION ? html.indexOf('>', open + 2) + 1 : -1;
  }

  /**
   * Index behind a tag. A browser drops all that follows a quote which is never closed; here that tag and all after it
   * end at their next `>`: better a stray attribute in the text than a message that cannot be found. (All after it,
   * because looking for the end of each again would make such input quadratic.)
   */
  #tagEnd(at: number, onAttribute?: OnAttribute): number {
    if (!this.#broken) {
      const end = endOfTag(this.#html, at, onAttribute);
      if (end >= 0) return end;
      this.#broken = true;
    }
    const end = this.#html.indexOf('>', at) + 1;
    if (onAttribute !== undefined) endOfTag(this.#html.slice(at, end), 0, onAttribute);
    return end;
  }

  #startTag(at: number): number {
    const nameEnd = endOfName(this.#html, at);
    const name = this.#html.slice(at, nameEnd);
    const kind = elementKind(name);
    if (kind === IMAGE || kind === LINK) return this.#withAttribute(nameEnd, kind);
    const end = this.#tagEnd(nameEnd);
    if (kind === SKIPPED) return this.#skip(name, end);
    this.#separate(kind);
    if (kind === PREFORMATTED) this.#preformatted += 1;
    return end;
  }

  #endTag(at: number): number {
    const nameEnd = endOfName(this.#html, at);
    const end = this.#tagEnd(nameEnd);
    const kind = elementKind(this.#html.slice(at, nameEnd));
    if (kind === LINK) this.#closeLink();
    this.#separate(kind);
    if (kind === PREFORMATTED && this.#preformatted > 0) this.#preformatted -= 1;
    return end;
  }

  #separate(kind: number): void {
    if (kind === BLOCK || kind === PREFORMATTED) this.#out.block();
    else if (kind === LINE_BREAK) this.#out.lineBreak();
    else if (kind === SPACER) this.#out.space();
  }

  #withAttribute(nameEnd: number, kind: number): number {
    const wanted = kind === IMAGE ? 'alt' : 'href';
    let value: string | undefined;
    const end = this.#tagEnd(nameEnd, (name, raw) => {
      if (name === wanted) value ??= raw;
    });
    if (kind === LINK) {
      this.#closeLink();
      this.#href = value;
      this.#linkStart = this.#out.length;
      return end;
    }
    this.#out.space();
    if (value !== undefined) this.#out.text(decodeHTMLAttribute(value));
    this.#out.space();
    return end;
  }

  /** The address stands for a link that shows no text. */
  #closeLink(): void {
    const href = this.#href;
    this.#href = undefined;
    if (href === undefined || this.#out.length > this.#linkStart) return;
    if (href.length > MAX_HREF || NO_ADDRESS.test(href)) return;
    this.#out.space();
    this.#out.text(decodeHTMLAttribute(href));
    this.#out.space();
  }

  /** Index behind the end tag of an element whose content is not shown; `<` inside is no markup. */
  #skip(name: string, from: number): number {
    // Only what is followed by a `>` somewhere counts, as for all tags.
    const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
    closing.lastIndex = from;
    const found = closing.exec(this.#html);
    if (found === null || found.index > this.#lastEnd) return this.#html.length;
    return this.#tagEnd(closing.lastIndex);
  }
}

/** A text without markup: its line breaks stand. */
const plain = (text: string): string => {
  if (!/[^\S ]|\0| {2}/.test(text)) return text.trim();
  const out = new PlainTextWriter();
  out.lines(text);
  return out.toString();
};

/**
 * The text of an Intercom body (API-FACTS 6.8). `<br>` and blocks become line breaks, cells and images are kept apart,
 * words never glue; entities are decoded; scripts, styles and comments go; an image is its `alt`, a link its text or, when
 * it shows none, its address. Linear in the input whatever its nesting; never throws.
 */
export const htmlToText = (html: string): string => {
  if (html.includes('<')) return new HtmlReader(html).read();
  return plain(html.includes('&') ? decodeHTML(html) : html);
};
