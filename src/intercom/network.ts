import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setGlobalProxyFromEnv } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AppError } from '../errors/app-error.ts';

export interface NetworkOptions {
  /** Proxy for http addresses, and for https ones where `httpsProxy` is not given. */
  readonly httpProxy?: string | undefined;
  /** Proxy for https addresses, reached by CONNECT. */
  readonly httpsProxy?: string | undefined;
  /** Hosts that are reached directly: a list with commas, `.suffix`, `host:port` or `*`. */
  readonly noProxy?: string | undefined;
  /** PEM file with certificate authorities that are trusted beside the built-in ones. */
  readonly extraCaFile?: string | undefined;
}

const proxyUrl = (name: string, value: string | undefined): string | undefined => {
  if (value === undefined || value.trim() === '') return undefined;
  // `proxy.example:3128` is what many machines carry; it means an http proxy.
  const text = value.includes('://') ? value.trim() : `http://${value.trim()}`;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  // The value may hold a password, so the message does not repeat it.
  throw new AppError('CONFIG_INVALID', `${name} is not an http or https address.`);
};

/** The certificates of a PEM file; throws where there is none, or one that cannot be read. */
const certificatesOf = (path: string): string[] => {
  const blocks =
    readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  // The platform takes text without certificates in silence; the first request would fail instead.
  if (blocks.length === 0) throw new Error('no certificate in the file');
  return blocks.map((block) => new X509Certificate(block).toString());
};

const trustFile = (path: string): (() => void) => {
  const before = getCACertificates('default');
  try {
    setDefaultCACertificates([...before, ...certificatesOf(path)]);
  } catch (cause) {
    throw new AppError(
      'CONFIG_INVALID',
      'The file with extra CA certificates cannot be read as PEM certificates.',
      { cause },
    );
  }
  return () => setDefaultCACertificates(before);
};

/**
 * Sets, for this process's fetch, the proxy and the certificate authorities. The platform does the work (Node 24.14's
 * `setGlobalProxyFromEnv`, 24.5's `setDefaultCACertificates`); values come from the configuration, not the environment.
 * Call it before the first request. Returns a function that restores what was there; connections opened under the
 * settings may live on. Throws CONFIG_INVALID for a proxy address or a CA file that cannot be used.
 */
export const configureNetwork = (options: NetworkOptions): (() => void) => {
  const httpProxy = proxyUrl('HTTP_PROXY', options.httpProxy);
  const httpsProxy = proxyUrl('HTTPS_PROXY', options.httpsProxy);
  const untrust = options.extraCaFile ? trustFile(options.extraCaFile) : undefined;
  const direct = setGlobalProxyFromEnv({
    // Empty rather than absent: what is absent would be taken from the environment.
    HTTP_PROXY: httpProxy ?? '',
    HTTPS_PROXY: httpsProxy ?? '',
    NO_PROXY: options.noProxy ?? '',
  });
  return () => {
    direct();
    untrust?.();
  };
};
