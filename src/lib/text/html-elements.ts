/** What an element does to the text around it. */
export const INLINE = 0;
/** Begins and ends a line. */
export const BLOCK = 1;
/** Keeps words apart without a new line. */
export const SPACER = 2;
export const LINE_BREAK = 3;
/** Its content up to its end tag is no text of the message. */
export const SKIPPED = 4;
export const IMAGE = 5;
export const LINK = 6;
/** A block whose line breaks stand as written. */
export const PREFORMATTED = 7;

const NAMES: Readonly<Record<string, number>> = {
  'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure':
    BLOCK,
  'footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p search':
    BLOCK,
  'section select summary table tbody tfoot thead tr ul': BLOCK,
  'pre textarea listing xmp': PREFORMATTED,
  'audio button canvas embed input object td th video': SPACER,
  br: LINE_BREAK,
  'iframe noembed noframes script style template title': SKIPPED,
  img: IMAGE,
  a: LINK,
};

const elements = new Map<string, number>(
  Object.entries(NAMES).flatMap(([names, kind]) =>
    names.split(' ').map((name): [string, number] => [name, kind]),
  ),
);

/** The kind of an element by its name in any case; what is unknown is inline. */
export const elementKind = (name: string): number =>
  elements.get(name) ?? elements.get(name.toLowerCase()) ?? INLINE;
