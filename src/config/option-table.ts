import type { CommandName } from './command-name.ts';

/** One setting: its environment variable, its flag and its line in the documentation. */
export interface OptionRow {
  readonly env: string;
  /** Other spellings of the variable that machines carry. */
  readonly envAliases?: readonly string[];
  /** Long flag with its value's name; absent for secrets, which have none (CONTRACT "Settings"). */
  readonly flag?: `--${string} <${string}>`;
  /** Appears in no log, error, status or process list; may also come from the file that `<NAME>_FILE` names. */
  readonly secret?: true;
  /** Also as `<env>_<ALIAS>`, for one of several workspaces; the plain name and the flag are those of alias `default`. */
  readonly perWorkspace?: true;
  readonly type: 'text' | 'url' | 'integer' | 'number' | 'choice';
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly default?: string | number;
  /** What the default is, where it is not a fixed value. */
  readonly defaultText?: string;
  /** One sentence. */
  readonly description: string;
  readonly commands: readonly CommandName[];
}

const INTERCOM: readonly CommandName[] = ['serve', 'sync', 'verify'];
const MIRROR: readonly CommandName[] = [
  'serve',
  'sync',
  'verify',
  'status',
  'search',
  'analyze',
  'contacts',
  'tickets',
  'articles',
  'trends',
  'show',
  'similar',
  'export',
  'db',
];

/**
 * Every setting of the program (ARCHITECTURE 7). A row's key is its flag in camel case. `docs/reference/settings.md`
 * and the flags of `--help` come from here; nothing else reads the environment.
 */
export const OPTIONS = {
  accessToken: {
    env: 'INTERCOM_ACCESS_TOKEN',
    secret: true,
    perWorkspace: true,
    type: 'text',
    description: 'Access token of the Intercom workspace, from the Intercom Developer Hub.',
    commands: INTERCOM,
  },
  region: {
    env: 'INTERCOM_REGION',
    flag: '--region <region>',
    perWorkspace: true,
    type: 'choice',
    choices: ['us', 'eu', 'au'],
    defaultText: 'found through `GET /me`',
    description: "Where the workspace's data lives; chooses the API's host.",
    commands: INTERCOM,
  },
  apiBaseUrl: {
    env: 'INTERCOM_API_BASE_URL',
    flag: '--api-base-url <url>',
    perWorkspace: true,
    type: 'url',
    defaultText: 'the host of the region',
    description: 'Address of the API, for example of a sandbox; overrides the region.',
    commands: INTERCOM,
  },
  clientSecret: {
    env: 'INTERCOM_CLIENT_SECRET',
    secret: true,
    perWorkspace: true,
    type: 'text',
    description:
      'Client secret of the app in the Intercom Developer Hub; with it `serve --http` takes signed webhooks.',
    commands: ['serve'],
  },
  apiVersion: {
    env: 'INTERCOM_API_VERSION',
    flag: '--api-version <version>',
    type: 'text',
    default: '2.16',
    description: 'Intercom API version that is asked for.',
    commands: INTERCOM,
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    secret: true,
    type: 'text',
    defaultText: "a SQLite file in the user's data folder",
    description: 'The mirror: `sqlite:/path/file.db` or `postgresql://user@host/database`.',
    commands: MIRROR,
  },
  host: {
    env: 'HOST',
    flag: '--host <address>',
    type: 'text',
    default: '127.0.0.1',
    description: 'Address that `serve --http` listens on.',
    commands: ['serve'],
  },
  port: {
    env: 'PORT',
    flag: '--port <number>',
    type: 'integer',
    min: 0,
    max: 65_535,
    default: 4020,
    description: 'Port that `serve --http` listens on; 0 takes a free one.',
    commands: ['serve'],
  },
  logLevel: {
    env: 'LOG_LEVEL',
    flag: '--log-level <level>',
    type: 'choice',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'warn',
    description: 'How much is logged, as JSON lines on stderr.',
    commands: [...MIRROR, 'demo'],
  },
  pollSeconds: {
    env: 'FAST_INTERCOM_POLL_SECONDS',
    flag: '--poll-seconds <seconds>',
    type: 'integer',
    min: 1,
    max: 86_400,
    default: 60,
    description: 'How often a background sync looks for changes.',
    commands: INTERCOM,
  },
  leaseSeconds: {
    env: 'FAST_INTERCOM_LEASE_SECONDS',
    flag: '--lease-seconds <seconds>',
    type: 'integer',
    min: 1,
    max: 3_600,
    default: 30,
    description: 'Time after which another process may sync in place of one that is not heard of.',
    commands: INTERCOM,
  },
  rateShare: {
    env: 'FAST_INTERCOM_RATE_SHARE',
    flag: '--rate-share <share>',
    type: 'number',
    min: 0.01,
    max: 1,
    default: 0.9,
    description: "Part of the workspace's API rate limit that a sync may use.",
    commands: INTERCOM,
  },
  concurrency: {
    env: 'FAST_INTERCOM_CONCURRENCY',
    flag: '--concurrency <number>',
    type: 'integer',
    min: 1,
    max: 1_000,
    default: 64,
    description: 'Most API requests under way at once.',
    commands: INTERCOM,
  },
  toolsets: {
    env: 'FAST_INTERCOM_TOOLSETS',
    flag: '--toolsets <names>',
    type: 'text',
    defaultText: '`default`, or none where `--tools` is given',
    description:
      'Toolsets whose tools are offered, with commas between them; `default` stands for those that are on by default, `all` for all.',
    commands: ['serve'],
  },
  tools: {
    env: 'FAST_INTERCOM_TOOLS',
    flag: '--tools <names>',
    type: 'text',
    defaultText: 'those of the toolsets',
    description:
      'Single tools that are offered beside those of `--toolsets`, with commas between them; without `--toolsets` they alone.',
    commands: ['serve'],
  },
  excludeTools: {
    env: 'FAST_INTERCOM_EXCLUDE_TOOLS',
    flag: '--exclude-tools <names>',
    type: 'text',
    defaultText: 'none',
    description: 'Tools that are not offered, whatever the other two say, with commas between them.',
    commands: ['serve'],
  },
  readers: {
    env: 'FAST_INTERCOM_READERS',
    flag: '--readers <number>',
    type: 'integer',
    min: 1,
    max: 64,
    default: 2,
    description: 'Database readers: threads with SQLite, connections with PostgreSQL.',
    commands: ['serve'],
  },
  maxDatabaseMb: {
    env: 'FAST_INTERCOM_MAX_DATABASE_MB',
    flag: '--max-database-mb <megabytes>',
    type: 'integer',
    min: 1,
    max: 100_000_000,
    defaultText: 'no limit',
    description: 'Size that the SQLite file may grow to, in MiB.',
    commands: INTERCOM,
  },
  httpProxy: {
    env: 'HTTP_PROXY',
    envAliases: ['http_proxy'],
    secret: true,
    type: 'text',
    description: 'Proxy for http addresses, and for https ones where HTTPS_PROXY is not set.',
    commands: INTERCOM,
  },
  httpsProxy: {
    env: 'HTTPS_PROXY',
    envAliases: ['https_proxy'],
    secret: true,
    type: 'text',
    description: 'Proxy for https addresses.',
    commands: INTERCOM,
  },
  noProxy: {
    env: 'NO_PROXY',
    envAliases: ['no_proxy'],
    type: 'text',
    description: 'Hosts that are reached without a proxy, separated by commas.',
    commands: INTERCOM,
  },
  extraCaFile: {
    env: 'FAST_INTERCOM_EXTRA_CA_FILE',
    flag: '--extra-ca-file <path>',
    type: 'text',
    description: 'PEM file with certificate authorities that are trusted beside the built-in ones.',
    commands: INTERCOM,
  },
} as const satisfies Record<string, OptionRow>;

export type OptionKey = keyof typeof OPTIONS;

/** The table as pairs of key and row, in the order of the documentation. */
export const OPTION_ROWS: readonly (readonly [OptionKey, OptionRow])[] = Object.entries(
  OPTIONS,
) as unknown as readonly (readonly [OptionKey, OptionRow])[];
