/**
 * The import table of the house, as data. The rooms are the folders of src/; `main` is src/main.ts.
 * `check-layers.ts` applies it; CONTRIBUTING.md explains it.
 */

/** A permission with a condition: `from` and `to` are matched against paths below src/. */
export interface Door {
  readonly room: string;
  /** Only these files of the importing room may pass. */
  readonly from?: RegExp;
  /** Only these files of the imported room may be reached. */
  readonly to?: RegExp;
}

const ALL_BUT_CLI_AND_SANDBOX = [
  'errors',
  'config',
  'telemetry',
  'intercom',
  'cache',
  'entities',
  'data',
  'storage',
  'query',
  'mcp',
  'http',
  'sync',
];

const open = (...rooms: readonly string[]): readonly Door[] => rooms.map((room) => ({ room }));

/** What each room may import besides itself and `lib`, which is open to all. */
export const ROOMS: Readonly<Record<string, readonly Door[]>> = {
  lib: [],
  errors: [],
  config: open('errors'),
  telemetry: open('errors'),
  intercom: open('errors', 'telemetry'),
  cache: open('errors', 'telemetry'),
  entities: open('errors'),
  data: [...open('errors'), { room: 'entities', to: /^entities\/[^/]+\/table\.ts$/ }],
  storage: open('errors', 'telemetry', 'data'),
  sandbox: open('errors', 'telemetry'),
  query: [...open('errors', 'telemetry', 'cache'), { room: 'data', to: /^data\/(?!writes\/)/ }],
  mcp: open('errors', 'telemetry', 'query'),
  http: [
    ...open('errors', 'telemetry', 'mcp'),
    { room: 'query', from: /dashboard/ },
    { room: 'sync', from: /webhook/ },
  ],
  sync: open('errors', 'telemetry', 'intercom', 'entities', 'data'),
  app: open(...ALL_BUT_CLI_AND_SANDBOX),
  cli: [
    ...open('app', 'config', 'errors', 'telemetry'),
    { room: 'sandbox', from: /^cli\/commands\/(demo|sandbox)([-/]|\.ts$)/ },
  ],
  main: open('cli', 'config', 'errors'),
};

/** Folders whose children do not know each other: the first group is what they may not differ in. */
export const STRANGERS: readonly { readonly what: string; readonly child: RegExp }[] = [
  { what: 'an entity never imports another entity', child: /^entities\/([^/]+)\// },
  { what: 'an engine never imports another engine', child: /^storage\/([^/]+)\// },
  { what: 'a tool never imports another tool', child: /^mcp\/tools\/(?!registry\.ts$)([^/]+)/ },
];

/** Where a package (or Node's SQLite) may be imported: below src/, a pattern for the importing file. */
export const VENDORS: readonly { readonly name: RegExp; readonly home: RegExp }[] = [
  { name: /^pg(-.*)?$/, home: /^storage\/postgres\// },
  { name: /^(node:sqlite|better-sqlite3)$/, home: /^storage\/sqlite\// },
  { name: /^(io)?redis$/, home: /^cache\// },
  { name: /^@modelcontextprotocol\/(server|node|hono)$/, home: /^(mcp|http)\// },
  { name: /^@modelcontextprotocol\/client$/, home: /^cli\/commands\/(demo|doctor)([-/]|\.ts$)/ },
  { name: /^(hono|@hono\/.+)$/, home: /^http\// },
  { name: /^commander$/, home: /^cli\// },
  { name: /^kysely$/, home: /^(data|storage)\// },
  { name: /^pino$/, home: /^telemetry\// },
  { name: /^(entities|tinyld)$/, home: /^lib\/text\// },
  { name: /^zod$/, home: /^(config|mcp|http|query)\// },
];
