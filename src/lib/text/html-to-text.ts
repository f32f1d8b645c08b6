import { decodeHTML } from 'entities';

/** Elements whose content is no text of the message. */
const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'title', 'head', 'svg']);
/** Elements that begin and end a line. */
const BLOCK = new Set(
  'address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
/** Elements that keep words apart without a new line. */
const SPACED = new Set(['td', 'th', 'img', 'button', 'option']);

const TAG_NAME = /^\/?([a-zA-Z][a-zA-Z0-9:-]*)/;
const ALT = /\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

/** Index behind the tag that begins at `at`; quoted attributes may hold `>`. */
const endOfTag = (html: string, at: number): number => {
  let quote = '';
  for (let index = at + 1; index < html.length; index += 1) {
    const char = html[index];
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '>') return index + 1;
    else if ((char === '"' || char === "'") && html[index - 1] === '=') quote = char;
  }
  return html.length;
};

/** Index behind the end tag of a skipped element, found without looking at what it holds. */
const endOfSkipped = (lower: string, name: string, at: number): number => {
  const close = lower.indexOf(`</${name}`, at);
  return close < 0 ? lower.length : endOfTag(lower, close);
};

/** What stands in the text in place of a tag. */
const replacement = (name: string, tag: string): string => {
  if (name === 'br') return '\n';
  if (name === 'img') {
    const alt = ALT.exec(tag.slice(0, 2_000));
    return ` ${alt?.[1] ?? alt?.[2] ?? alt?.[3] ?? ''} `;
  }
  if (BLOCK.has(name)) return '\n';
  return SPACED.has(name) ? ' ' : '';
};

const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/**
 * The text of an Intercom body (API-FACTS 6.8): line breaks and blocks become line breaks, words never glue, entities
 * are decoded, scripts and comments go. One pass over the input, whatever its nesting; a `<` that opens no tag is text.
 */
export const htmlToText = (html: string): string => {
  if (!html.includes('<') && !html.includes('&')) return tidy(html);
  const lower = html.toLowerCase();
  // Lower-casing may change the length of a few letters; then places in both texts would differ.
  const names = lower.length === html.length ? lower : html;
  const out: string[] = [];
  let index = 0;
  while (index < html.length) {
    const open = html.indexOf('<', index);
    if (open < 0) break;
    out.push(html.slice(index, open));
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      index = close < 0 ? html.length : close + 3;
      continue;
    }
    const name = TAG_NAME.exec(html.slice(open + 1, open + 40))?.[1]?.toLowerCase();
    if (name === undefined && html[open + 1] !== '!' && html[open + 1] !== '?') {
      out.push('&lt;');
      index = open + 1;
      continue;
    }
    const end = endOfTag(html, open);
    if (name !== undefined) out.push(replacement(name, html.slice(open, Math.min(end, open + 4_000))));
    index =
      name !== undefined && SKIPPED.has(name) && html[open + 1] !== '/'
        ? endOfSkipped(names, name, end)
        : end;
  }
  out.push(html.slice(Math.min(index, html.length)));
  const text = out.join('');
  return tidy(text.includes('&') ? decodeHTML(text) : text);
};
