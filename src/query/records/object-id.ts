import { AppError } from '../../errors/app-error.ts';

const IN_URL: Readonly<Record<string, RegExp>> = {
  contact: /\/users\/([^/?#]+)/,
  company: /\/companies\/([^/?#]+)/,
  ticket: /\/(?:conversations?|tickets?)\/([^/?#]+)/,
  article: /\/articles?\/(?:articles\/)?(\d+)/,
};
const LONGEST = 500;

/**
 * The id that is meant by a raw id, `contact_123`, `contact:123`, an address of Intercom's app, or anything else that an
 * object may be known by.
 * @throws AppError ARGUMENT_INVALID for an empty one, or an address that names none
 */
export const objectIdOf = (kind: 'contact' | 'company' | 'ticket' | 'article', input: string): string => {
  const text = input.trim();
  const found = /^https?:\/\//i.test(text)
    ? IN_URL[kind]?.exec(text)?.[1]
    : text.replace(new RegExp(`^${kind}[_:]`), '');
  if (found === undefined || found === '' || found.length > LONGEST)
    throw new AppError('ARGUMENT_INVALID', `id must be the id of a ${kind} or its address in Intercom.`);
  return decodeURIComponentSafely(found);
};

const decodeURIComponentSafely = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
