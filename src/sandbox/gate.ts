import { ApiError } from './errors.ts';
import { isAtLeast, isVersion, type Version } from './versions.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Any token opens the sandbox, but those that say that they should not. */
const REFUSED_TOKEN = /bad|invalid|wrong|expired|revoked/i;

/** API-FACTS 1.2. @param refuses all of them @throws ApiError 401, which carries no rate headers */
export const tokenOf = (headers: Headers, refuses: boolean): string => {
  const token = /^Bearer\s+(\S+)$/i.exec(String(headers.authorization ?? ''))?.[1];
  if (token === undefined || refuses || REFUSED_TOKEN.test(token))
    throw new ApiError(401, 'unauthorized', 'Access Token Invalid');
  return token;
};

/**
 * API-FACTS 1.3. Without the header Intercom falls back to a version of the app's own; the sandbox refuses, so that
 * nobody forgets it (TRAPS T84).
 * @param newest that the app may use
 * @throws ApiError 400
 */
export const versionOf = (headers: Headers, newest: Version): string => {
  const version = String(headers['intercom-version'] ?? '');
  if (!isVersion(version) || (isAtLeast(version, newest) && !isAtLeast(newest, version)))
    throw new ApiError(400, 'intercom_version_invalid', 'The requested version could not be found');
  return version;
};

/** API-FACTS 1.5. @throws ApiError 406 */
export const checkAccept = (headers: Headers): void => {
  if (!/application\/json|\*\/\*|application\/\*/.test(String(headers.accept ?? '')))
    throw new ApiError(
      406,
      'not_acceptable',
      'The Accept header should send a media type of application/json',
    );
};
