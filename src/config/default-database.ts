import { posix, win32 } from 'node:path';

/** What of a machine decides where a user's data lies. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const FOLDER = 'fast-intercom-mcp';
const FILE = 'mirror.db';

/**
 * The SQLite file that is used when DATABASE_URL is not set: in the user's data folder (XDG Base Directory on Linux,
 * Application Support on macOS, LOCALAPPDATA on Windows).
 */
export const defaultDatabasePath = ({ platform, homeDir, env }: Machine): string => {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA || win32.join(homeDir, 'AppData', 'Local'), FOLDER, FILE);
  }
  if (platform === 'darwin') return posix.join(homeDir, 'Library', 'Application Support', FOLDER, FILE);
  // The specification says that a relative XDG path is to be ignored.
  const xdg = env.XDG_DATA_HOME;
  const data = xdg && posix.isAbsolute(xdg) ? xdg : posix.join(homeDir, '.local', 'share');
  return posix.join(data, FOLDER, FILE);
};
