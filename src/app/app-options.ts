import type { Config } from '../config/config.ts';
import type { Region } from '../intercom/region.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** read: the mirror only. sync: a token is needed. serve: whatever is possible. */
  readonly use: 'read' | 'sync' | 'serve';
  /** For serve: no background sync. */
  readonly noSync?: boolean;
  /** In place of Intercom's hosts, for tests. */
  readonly hosts?: Readonly<Record<Region, string>>;
}
