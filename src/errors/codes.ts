/**
 * Every failure that a person or a model can meet, with what it means and what to do.
 * `docs/reference/errors.md` is generated from this table; a test keeps them equal.
 *
 * `exit` is the exit code of a command that ends with the error (CONTRACT: 1 failed, 2 usage or configuration, 3 incomplete).
 * `retryable` says whether the same call may succeed later without a change.
 */
export interface CodeEntry {
  readonly exit: 1 | 2 | 3;
  readonly retryable: boolean;
  /** When this is normal, in one sentence. */
  readonly meaning: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
}

const entry = (exit: 1 | 2 | 3, retryable: boolean, meaning: string, remedy: string): CodeEntry => ({
  exit,
  retryable,
  meaning,
  remedy,
});

export const ERROR_CODES = {
  // configuration
  CONFIG_INVALID: entry(
    2,
    false,
    'A setting has a value that cannot be used.',
    'Correct the named setting; `--help` lists what each one accepts.',
  ),
  CONFIG_TOKEN_MISSING: entry(
    2,
    false,
    'No Intercom access token is configured.',
    'Set INTERCOM_ACCESS_TOKEN to a token from the Intercom Developer Hub, or try `fast-intercom-mcp demo` first.',
  ),
  CONFIG_BIND_REFUSED: entry(
    2,
    false,
    'The HTTP server was asked to listen beyond this machine without access control.',
    'Bind to 127.0.0.1; other addresses need API keys or OAuth.',
  ),
  USAGE_INVALID: entry(2, false, 'The command line cannot be understood.', 'Run the command with --help.'),
  PORT_IN_USE: entry(
    1,
    true,
    'Another process listens on the port.',
    'Choose another --port, or stop the other process.',
  ),

  // Intercom API
  INTERCOM_UNAUTHORIZED: entry(
    1,
    false,
    'Intercom refused the access token, also for GET /me.',
    'Create a new access token in the Intercom Developer Hub and set it as INTERCOM_ACCESS_TOKEN, or as that of the alias.',
  ),
  INTERCOM_FORBIDDEN: entry(
    1,
    false,
    'The token may not read this kind of data.',
    'Add the missing permission to the app in the Intercom Developer Hub.',
  ),
  INTERCOM_PLAN: entry(
    1,
    false,
    'The plan of the workspace does not include this kind of data.',
    'Nothing to do unless the plan changes; the rest is mirrored.',
  ),
  INTERCOM_VERSION: entry(
    1,
    false,
    'This version of the Intercom API does not have this kind of data.',
    'Set INTERCOM_API_VERSION to 2.16 or later; the rest is mirrored.',
  ),
  INTERCOM_NOT_FOUND: entry(
    1,
    false,
    'Intercom no longer has the object.',
    'Nothing to do; it was deleted or merged in Intercom.',
  ),
  INTERCOM_GONE: entry(
    1,
    false,
    'The object was merged into another one.',
    'Nothing to do; the mirror follows the merge.',
  ),
  INTERCOM_BAD_REQUEST: entry(
    1,
    false,
    'Intercom did not accept the request.',
    'This is a fault of this program or an API change; report it with the code.',
  ),
  INTERCOM_UNREACHABLE: entry(
    1,
    true,
    'The Intercom API could not be reached.',
    'Check the network, HTTPS_PROXY and INTERCOM_API_BASE_URL.',
  ),
  INTERCOM_TIMEOUT: entry(
    1,
    true,
    'Intercom did not answer within the deadline.',
    'Try again later; the sync continues where it stopped.',
  ),
  INTERCOM_BAD_BODY: entry(
    1,
    true,
    'Intercom answered with a body that is truncated, empty, not JSON or of the wrong shape.',
    'Try again later; nothing of that answer was stored.',
  ),
  INTERCOM_RATE_LIMITED: entry(
    1,
    true,
    'Intercom kept refusing requests for exceeding the rate limit.',
    'Try again later, or lower FAST_INTERCOM_RATE_SHARE.',
  ),
  INTERCOM_SERVER_ERROR: entry(
    1,
    true,
    'Intercom answered with a server error, repeatedly.',
    'Try again later; the sync continues where it stopped.',
  ),
  INTERCOM_FOREIGN_HOST: entry(
    1,
    false,
    'A redirect or link pointed to another host; the token was not sent there.',
    'Check INTERCOM_API_BASE_URL and INTERCOM_REGION.',
  ),

  // sync
  SYNC_WORKSPACE_MISMATCH: entry(
    2,
    false,
    'The token belongs to another workspace than the one this alias is bound to.',
    'Use the token of the bound workspace, or give the other one an alias of its own: INTERCOM_ACCESS_TOKEN_<ALIAS>.',
  ),
  SYNC_LEASE_LOST: entry(
    1,
    true,
    'Another process took over the sync while this one was paused.',
    'Nothing to do; the other process goes on.',
  ),
  SYNC_INCOMPLETE: entry(
    3,
    true,
    'The sync finished, but some objects could not be fetched.',
    'Run `fast-intercom-mcp sync` again; `status` lists what is missing.',
  ),
  SYNC_STALE: entry(
    3,
    true,
    'Intercom answered with an older version of the conversation than its list showed.',
    'Nothing to do; it is fetched again.',
  ),
  SYNC_PARTS_MISSING: entry(
    3,
    true,
    'Intercom answered with fewer parts of the conversation than it says there are.',
    'Nothing to do; it is fetched again.',
  ),
  SYNC_CURSOR_REPEATED: entry(
    1,
    true,
    'Intercom returned the same page again instead of the next one.',
    'Try again later; the watermark was not moved.',
  ),

  SYNC_LIST_MOVED: entry(
    3,
    true,
    'A list changed again and again while it was read, so that parts of it may have been missed.',
    'Nothing to do; it is listed again.',
  ),
  SYNC_SCROLL_BUSY: entry(
    3,
    true,
    'Another program reads the companies of this workspace; Intercom lets only one do that at a time.',
    'Nothing to do; companies are listed again later.',
  ),
  SYNC_TRUNCATED: entry(
    3,
    true,
    'Intercom lists no more than 10,000 companies this way; the others are not mirrored.',
    'Let no other program use the companies scroll of the API, then sync again.',
  ),
  SYNC_STOPPED: entry(
    1,
    true,
    'The sync was stopped before it was done.',
    'Run `fast-intercom-mcp sync` again; it continues where it stopped.',
  ),
  SYNC_OFF: entry(
    1,
    false,
    'Background sync is switched off (`serve --no-sync`).',
    'Start `serve` without --no-sync, or run `fast-intercom-mcp sync` beside it.',
  ),

  // storage
  STORE_URL_INVALID: entry(
    2,
    false,
    'DATABASE_URL cannot be used.',
    'Write sqlite:/path/file.db or postgresql://user@host/database.',
  ),
  STORE_NOT_FOUND: entry(
    2,
    false,
    'There is no mirror yet at the configured place.',
    'Run `fast-intercom-mcp sync` first.',
  ),
  STORE_UNREACHABLE: entry(
    1,
    true,
    'The database server cannot be reached.',
    'Check DATABASE_URL and that the server runs.',
  ),
  STORE_SCHEMA_NEWER: entry(
    1,
    false,
    'The database was written by a newer version of fast-intercom-mcp.',
    'Upgrade fast-intercom-mcp, or use another DATABASE_URL.',
  ),
  STORE_SCHEMA_OLDER: entry(
    1,
    false,
    'The database has an older schema and cannot be migrated by a read-only process.',
    'Run `fast-intercom-mcp db migrate`.',
  ),
  STORE_DAMAGED: entry(
    1,
    false,
    'The database file is damaged or is not a database of this program.',
    'Move the file away and run `fast-intercom-mcp sync` to build a new mirror, or restore a backup.',
  ),
  STORE_READ_ONLY: entry(
    1,
    false,
    'The database cannot be written.',
    'Give this user write permission to the file and its folder, or choose another DATABASE_URL.',
  ),
  STORE_FULL: entry(
    1,
    true,
    'The disk or the allowed size of the database is full.',
    'Free space and run the command again; what was stored before is intact.',
  ),
  STORE_BUSY: entry(1, true, 'Another process kept the database locked for too long.', 'Try again.'),
  STORE_DEADLINE: entry(
    1,
    true,
    'The question took longer than its deadline and was stopped.',
    'Narrow the time frame or the search words.',
  ),
  STORE_READER_DIED: entry(
    1,
    true,
    'The thread that answered this call ended unexpectedly; a new one has taken its place.',
    'Try again.',
  ),
  STORE_CLOSED: entry(1, true, 'The program is shutting down.', 'Start it again.'),
  STORE_FAILED: entry(
    1,
    true,
    'The database failed in an unexpected way.',
    'Try again; if it stays, run with LOG_LEVEL=debug and report the code.',
  ),

  // questions
  QUERY_EMPTY: entry(
    2,
    false,
    'The search has no word that can be looked up.',
    'Use at least one word with a letter or a digit.',
  ),
  QUERY_INVALID: entry(2, false, 'The search cannot be understood.', 'Correct the named part of the search.'),
  ARGUMENT_UNKNOWN: entry(
    2,
    false,
    'The call has an argument that this tool does not know.',
    'Use the nearest parameter that is named in the message.',
  ),
  ARGUMENT_INVALID: entry(
    2,
    false,
    'An argument has a value outside of what is allowed.',
    'Correct the named argument.',
  ),
  TIMEFRAME_UNKNOWN: entry(
    2,
    false,
    'The time frame is not one that is known.',
    'Use one of the listed forms, or start_date and end_date.',
  ),
  CURSOR_INVALID: entry(
    2,
    false,
    'The cursor is damaged or belongs to another search.',
    'Start again without a cursor.',
  ),
  CONVERSATION_NOT_FOUND: entry(
    1,
    false,
    'The mirror has no conversation with this id.',
    'Check the id, or wait for the sync to finish.',
  ),
  RECORD_NOT_FOUND: entry(
    1,
    false,
    'The mirror has no contact, company, ticket or article with this id.',
    'Search for it by words, or wait for the sync to finish.',
  ),
  WORKSPACE_UNKNOWN: entry(
    1,
    true,
    'Nothing has been mirrored yet.',
    'Run `fast-intercom-mcp sync`, or wait for the first sync to begin.',
  ),
  WORKSPACE_REQUIRED: entry(
    2,
    false,
    'The mirror holds several workspaces, and the question names none.',
    'Name one of the listed workspaces.',
  ),
  WORKSPACE_NOT_FOUND: entry(
    2,
    false,
    'The mirror has no workspace of this name.',
    'Name one of the listed workspaces.',
  ),
  INTERNAL: entry(
    1,
    true,
    'Something failed inside the program.',
    'Try again; if it stays, report it with the time of the call.',
  ),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
