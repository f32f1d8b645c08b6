/** The commands that read settings; `db migrate` counts as `db`. */
export type CommandName =
  | 'serve'
  | 'sync'
  | 'verify'
  | 'status'
  | 'search'
  | 'analyze'
  | 'contacts'
  | 'tickets'
  | 'articles'
  | 'trends'
  | 'show'
  | 'similar'
  | 'export'
  | 'db'
  | 'demo';

/** Commands that other programs start: they take no settings from a `.env` file that happens to lie around. */
export const STARTED_BY_PROGRAMS: ReadonlySet<CommandName> = new Set(['serve']);
