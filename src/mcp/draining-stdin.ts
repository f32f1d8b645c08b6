import { PassThrough, type Readable, type Writable } from 'node:stream';

/** How long calls under way may take after the client closed its end. */
const DRAIN_MS = 1_500;

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly requestId?: string | number };
}

const parse = (line: string): Message | undefined => {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
};

/** Calls `each` with every whole line of a stream of chunks. */
const lineReader = (each: (line: string) => void): ((chunk: Buffer) => void) => {
  let rest = '';
  const decoder = new TextDecoder();
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') each(line);
  };
};

/**
 * The SDK's transport drops calls under way when stdin ends. These streams stand between it and the process: the end of
 * stdin is passed on once every request has its answer, or after a moment.
 */
export const drainingStreams = (
  stdin: Readable,
  stdout: Writable,
): { readonly input: Readable; readonly output: Writable } => {
  const pending = new Set<string | number>();
  const input = new PassThrough();
  const output = new PassThrough();
  let ending = false;
  const finish = (): void => {
    if (ending && pending.size === 0) input.end();
  };
  const onRequest = lineReader((line) => {
    const message = parse(line);
    if (message?.method === 'notifications/cancelled' && message.params?.requestId !== undefined)
      pending.delete(message.params.requestId);
    else if (message?.id !== undefined && message.method !== undefined) pending.add(message.id);
  });
  const onAnswer = lineReader((line) => {
    const message = parse(line);
    if (message?.id !== undefined && message.method === undefined) pending.delete(message.id);
    finish();
  });
  stdin.on('data', (chunk: Buffer) => {
    onRequest(chunk);
    input.write(chunk);
  });
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => input.end(), DRAIN_MS).unref();
    finish();
  };
  stdin.once('end', end);
  stdin.once('close', end);
  stdin.once('error', end);
  output.on('data', (chunk: Buffer) => {
    stdout.write(chunk);
    onAnswer(chunk);
  });
  return { input, output };
};
