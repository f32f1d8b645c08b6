/** Space that is not one plain space between words, or that stands at an edge. */
const UNTIDY = /[^\S ]|\0| {2}/;

/**
 * Puts text together: runs of space become one, spaces at the ends of lines go, at most one blank line stays, nothing
 * but text begins or ends the whole. NUL is dropped, as HTML does (and as PostgreSQL needs).
 */
export class PlainTextWriter {
  #out = '';
  #space = false;
  #breaks = 0;

  /** Length of the text so far; grows only by text that is not space. */
  get length(): number {
    return this.#out.length;
  }

  /** Words, in which line breaks count as spaces. */
  text(run: string): void {
    const tidy = UNTIDY.test(run) ? run.replaceAll('\0', '').replace(/\s+/g, ' ') : run;
    if (tidy === '') return;
    const from = tidy.charCodeAt(0) === 0x20 ? 1 : 0;
    if (from === 1) this.#space = true;
    if (from === tidy.length) return;
    const to = tidy.charCodeAt(tidy.length - 1) === 0x20 ? tidy.length - 1 : tidy.length;
    this.#flush();
    this.#out += from === 0 && to === tidy.length ? tidy : tidy.slice(from, to);
    this.#space = to < tidy.length;
  }

  /** Words, in which line breaks stand. */
  lines(run: string): void {
    run.split(/\r\n?|\n/).forEach((line, index) => {
      if (index > 0) this.lineBreak();
      this.text(line);
    });
  }

  space(): void {
    this.#space = true;
  }

  lineBreak(): void {
    this.#breaks += 1;
  }

  /** What follows stands on a line of its own. */
  block(): void {
    if (this.#breaks === 0) this.#breaks = 1;
  }

  toString(): string {
    return this.#out;
  }

  #flush(): void {
    if (this.#out !== '') {
      if (this.#breaks > 0) this.#out += this.#breaks > 1 ? '\n\n' : '\n';
      else if (this.#space) this.#out += ' ';
    }
    this.#space = false;
    this.#breaks = 0;
  }
}
