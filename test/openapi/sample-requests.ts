import { join } from 'node:path';
import type { AccessEntry } from '../../src/sandbox/access-log.ts';
import { runCli, startSandboxProcess } from '../support/cli.ts';
import { createTempDir } from '../support/temp-dir.ts';
import type { SentRequest } from './validator.ts';

const post = async (url: string, body: unknown): Promise<void> => {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
};

/** What the built command sends in a first sync and in one that follows a change, as the sandbox's log has it. */
export const sampleRequests = async (): Promise<SentRequest[]> => {
  const sandbox = await startSandboxProcess(['--conversations', '320', '--seed', '12']);
  const folder = await createTempDir();
  try {
    const env = {
      ...sandbox.env,
      DATABASE_URL: `sqlite:${join(folder.path, 'mirror.db')}`,
      HOME: folder.path,
    };
    const sync = async (): Promise<void> => {
      const { code, stderr } = await runCli(['sync', '--json'], { env });
      if (code !== 0) throw new Error(`sync ended with ${code}: ${stderr.slice(-500)}`);
    };
    await sync();
    await post(`${sandbox.url}/__sandbox/mutate`, { op: 'addConversation' });
    await post(`${sandbox.url}/__sandbox/mutate`, { op: 'addContact' });
    await sync();
    const response = await fetch(`${sandbox.url}/__sandbox/log`);
    const log = (await response.json()) as AccessEntry[];
    return log.map(({ method, path, query, headers, body }) => ({
      method,
      path,
      query: new URLSearchParams(query),
      headers,
      body,
    }));
  } finally {
    await sandbox.stop();
    await folder.remove();
  }
};
