const TAB = 0x09;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;

/** Space of HTML: tab, line feed, form feed, carriage return, space. */
const isSpace = (code: number): boolean => code === SPACE || (code >= TAB && code <= 0x0d && code !== 0x0b);

/** True for A to Z in either case. */
export const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** Index behind the tag name that begins at `at`. */
export const endOfName = (html: string, at: number): number => {
  let index = at;
  while (index < html.length) {
    const code = html.charCodeAt(index);
    if (code === GREATER || code === SLASH || isSpace(code)) break;
    index += 1;
  }
  return index;
};

/** Index behind an attribute value that begins at `at`, or -1 when its quote is never closed. */
const endOfValue = (html: string, at: number): number => {
  const code = html.charCodeAt(at);
  if (code === DOUBLE_QUOTE) return html.indexOf('"', at + 1) + 1 || -1;
  if (code === SINGLE_QUOTE) return html.indexOf("'", at + 1) + 1 || -1;
  let index = at;
  while (index < html.length && html.charCodeAt(index) !== GREATER && !isSpace(html.charCodeAt(index)))
    index += 1;
  return index;
};

/** Takes an attribute's name in lower case and its value as written, entities not decoded. */
export type OnAttribute = (name: string, value: string) => void;

/**
 * Index behind the `>` of the tag whose name ends at `at`, or -1 when the tag is never closed. Quoted values may hold
 * `>` (HTML, "Attribute value (double-quoted) state").
 */
export const endOfTag = (html: string, at: number, onAttribute?: OnAttribute): number => {
  for (let index = at; index < html.length; ) {
    const code = html.charCodeAt(index);
    if (code === GREATER) return index + 1;
    if (code === SLASH || isSpace(code)) {
      index += 1;
      continue;
    }
    const nameStart = index;
    index += 1;
    while (index < html.length) {
      const inName = html.charCodeAt(index);
      if (inName === EQUALS || inName === GREATER || inName === SLASH || isSpace(inName)) break;
      index += 1;
    }
    const nameEnd = index;
    while (index < html.length && isSpace(html.charCodeAt(index))) index += 1;
    if (html.charCodeAt(index) !== EQUALS) continue;
    index += 1;
    while (index < html.length && isSpace(html.charCodeAt(index))) index += 1;
    if (html.charCodeAt(index) === GREATER) continue;
    const valueStart = index;
    index = endOfValue(html, index);
    if (index < 0) return -1;
    if (onAttribute !== undefined) {
      const quoted =
        html.charCodeAt(valueStart) === DOUBLE_QUOTE || html.charCodeAt(valueStart) === SINGLE_QUOTE;
      const value = quoted ? html.slice(valueStart + 1, index - 1) : html.slice(valueStart, index);
      onAttribute(html.slice(nameStart, nameEnd).toLowerCase(), value);
    }
  }
  return -1;
};
