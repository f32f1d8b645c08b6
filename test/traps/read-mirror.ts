import { exportConversations } from '../../src/query/export-conversations.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { Json } from './oracle.ts';

/** The export of a mirror that other processes wrote, as `export conversations` prints it. */
export const exported = async (databaseUrl: string): Promise<string> => {
  const store = await openStore({ url: databaseUrl, mode: 'readOnly', logger: silentLogger });
  try {
    const lines: string[] = [];
    for await (const line of exportConversations({ reader: store, logger: silentLogger })) lines.push(line);
    return lines.join('');
  } finally {
    await store.close();
  }
};

export const rowsOf = (jsonl: string): Json[] =>
  jsonl
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Json);
