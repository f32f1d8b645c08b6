/** Letters that Unicode does not take apart, but that people leave out or write differently. */
const SPECIAL: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'ss',
  ø: 'o',
  Ø: 'o',
  ł: 'l',
  Ł: 'l',
  đ: 'd',
  Đ: 'd',
  ð: 'd',
  Ð: 'd',
  þ: 'th',
  Þ: 'th',
  æ: 'ae',
  Æ: 'ae',
  œ: 'oe',
  Œ: 'oe',
  ı: 'i',
  ς: 'σ',
  ħ: 'h',
  Ħ: 'h',
  ŋ: 'n',
  Ŋ: 'n',
};
const SPECIAL_PATTERN = new RegExp(`[${Object.keys(SPECIAL).join('')}]`, 'gu');

/**
 * Marks that carry no meaning for a search: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels and tatweel,
 * soft hyphen, zero-width characters, variation selectors.
 */
const DROPPED =
  /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u00ad\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f]/gu;

const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
};

/**
 * The form in which words are compared: compatibility forms and accents gone, lower case, kana and Hangul whole.
 * The same on both engines, because it happens here and not in them.
 */
export const fold = (text: string): string => {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(SPECIAL_PATTERN, (letter) => SPECIAL[letter] ?? letter)
    .toLowerCase()
    .replace(DROPPED, '')
    .replace(SPECIAL_PATTERN, (letter) => SPECIAL[letter] ?? letter)
    .normalize('NFC');
};
