import { AppError } from '../errors/app-error.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The base URL of an API as an URL. Throws CONFIG_INVALID unless it is http or https without user name and password
 * (those would travel to the host in every request).
 */
export const parseBaseUrl = (baseUrl: string): URL => {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new AppError(
      'CONFIG_INVALID',
      'The base URL of the Intercom API is not an http or https address.',
      {
        remedy: 'Correct INTERCOM_API_BASE_URL, or remove it.',
      },
    );
  }
  return url;
};

/** Throws INTERCOM_FOREIGN_HOST unless `url` has the origin of `base` and carries no user name or password. */
export const assertSameOrigin = (base: URL, url: URL): void => {
  if (url.origin === base.origin && url.username === '' && url.password === '') return;
  throw new AppError('INTERCOM_FOREIGN_HOST', undefined, { details: { host: url.host } });
};

/**
 * The address of one request. `path` begins with `/` and stands below the base URL's own path, or is an absolute URL of
 * the same origin; anything else throws INTERCOM_FOREIGN_HOST. Undefined query values are left out.
 */
export const requestUrl = (base: URL, path: string, query: Query = {}): URL => {
  // Joined as text: a relative reference such as `//other.example/` would otherwise name another host.
  const text = path.startsWith('/') ? base.origin + base.pathname.replace(/\/$/, '') + path : path;
  if (!URL.canParse(text))
    throw new AppError('INTERCOM_FOREIGN_HOST', 'A request path is not a path of the Intercom API.');
  const url = new URL(text);
  assertSameOrigin(base, url);
  url.hash = '';
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
};
