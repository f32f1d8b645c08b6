import { ApiError } from './errors.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const KNOWN_VERSIONS = new Set(['2.11', '2.12', '2.13', '2.14', '2.15', '2.16', 'Preview', 'Unstable']);
/** Any token opens the sandbox, but those that say that they should not. */
const REFUSED_TOKEN = /bad|invalid|wrong|expired|revoked/i;

/** API-FACTS 1.2. @throws ApiError 401, which carries no rate headers */
export const tokenOf = (headers: Headers): string => {
  const token = /^Bearer\s+(\S+)$/i.exec(String(headers.authorization ?? ''))?.[1];
  if (token === undefined || REFUSED_TOKEN.test(token))
    throw new ApiError(401, 'unauthorized', 'Access Token Invalid');
  return token;
};

/**
 * API-FACTS 1.3. Without the header Intercom falls back to a version of the app's own; the sandbox refuses, so that
 * nobody forgets it (TRAPS T84).
 * @throws ApiError 400
 */
export const versionOf = (headers: Headers): string => {
  const version = String(headers['intercom-version'] ?? '');
  if (!KNOWN_VERSIONS.has(version))
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
