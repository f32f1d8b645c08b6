import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../scripts/openapi/operations.ts';
import { createTempDir } from '../support/temp-dir.ts';
import { readDescription } from './description.ts';
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { type SampleAnswer, sampleAnswers } from './sample-answers.ts';
import { createValidator, type Validator } from './validator.ts';

/** Index of a conversation with more than 500 parts (see src/sandbox/world/grammar.ts). */
const LONG = 4_321;

const CORPUS = [
  {
    id: 'shop:1',
    source: 'shop',
    language: 'en',
    topic: 'refund',
    labels: ['refund'],
    turns: [
      {
        role: 'customer',
        text: 'Where is my "refund" & why <so> late?\nSecond line',
        at: '2024-01-01T10:00:00Z',
      },
      { role: 'agent', text: 'It’s on its way 🚚', at: '2024-01-01T10:05:00Z', macro: true },
      { role: 'agent', text: 'Automatic', at: '2024-01-01T10:06:00Z', bot: true },
    ],
  },
  { id: 'shop:2', source: 'shop', language: 'ja', turns: [{ role: 'agent', text: 'いらっしゃいませ' }] },
  { id: 'shop:3', source: 'shop', language: 'en', turns: [{ role: 'customer', text: 'Hello?' }] },
];

const faultsOf = (validator: Validator, { asked, status, body }: SampleAnswer): string[] => {
  const [method = '', target = ''] = asked.split(' ');
  const operation = validator.operationOf(method, target.replace(/\?.*$/, ''));
  return operation === undefined ? [`${asked} is not described`] : validator.answer(operation, status, body);
};

/** Keys of every object that hangs at one key, or of the answers themselves. */
const keysSeen = (
  value: unknown,
  isWanted: (object: Record<string, unknown>) => boolean,
  seen: Set<string>,
): void => {
  if (typeof value !== 'object' || value === null) return;
  const object = value as Record<string, unknown>;
  if (isWanted(object)) for (const key of Object.keys(object)) seen.add(key);
  for (const child of Object.values(object)) keysSeen(child, isWanted, seen);
};

describe('what the sandbox answers', () => {
  let answers: SampleAnswer[];
  let folder: Awaited<ReturnType<typeof createTempDir>>;

  beforeAll(async () => {
    folder = await createTempDir();
    const corpusDir = join(folder.path, 'corpus');
    await mkdir(corpusDir);
    await writeFile(
      join(corpusDir, 'shop.jsonl.gz'),
      gzipSync(CORPUS.map((conversation) => JSON.stringify(conversation)).join('\n')),
    );
    answers = [
      ...(await sampleAnswers({ seed: 1, conversations: 4_400, incident: true }, [LONG])),
      ...(await sampleAnswers({ seed: 2, conversations: 300 })),
      ...(await sampleAnswers({ seed: 3, conversations: 150 })),
      ...(await sampleAnswers({ seed: 4, conversations: 40, corpusDir })),
      ...(await sampleAnswers({ seed: 5, corpusDir })),
    ];
  });
  afterAll(() => folder.remove());

  test('is what the description says, but for the listed exceptions', () => {
    const validator = createValidator(EXCEPTIONS);
    expect([...new Set(answers.flatMap((answer) => faultsOf(validator, answer)))]).toEqual([]);
  });

  test('was looked at for every operation, and for all that conversations can have', () => {
    const validator = createValidator([]);
    const asked = answers
      .filter(({ status }) => status === 200)
      .map(({ asked: line }) => line.replace(/\?.*$/, '').split(' '))
      .map(([method = '', path = '']) => validator.operationOf(method, path));
    expect(new Set(asked)).toEqual(new Set<string | undefined>(OPERATIONS));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200, 400, 401, 403, 404, 406, 410, 422]),
    );
    const text = JSON.stringify(answers.map(({ body }) => body));
    for (const sign of [
      '"rating":5',
      '"sla_status":"missed"',
      '"type":"bot"',
      '"redacted":true',
      '"total_count":7',
    ])
      expect(text, sign).toContain(sign);
    const parts = answers.map(({ body }) => body as { conversation_parts?: { total_count: number } });
    expect(parts.some(({ conversation_parts: list }) => (list?.total_count ?? 0) > 500)).toBe(true);
  });

  test.each<[string, string, readonly string[]]>([
    ['conversation', 'conversation', []],
    ['conversation_part', 'conversation_part', []],
    ['conversation_statistics', 'conversation_statistics', []],
    ['contact', 'contact', []],
    ['ticket', 'ticket', []],
    ['ticket_part', 'ticket_part', []],
    ['ticket_type', 'ticket_type', []],
    ['article', 'article', []],
    ['macro', 'macro', []],
    ['segment', 'segment', []],
    ['data_attribute', 'data_attribute', []],
    ['company', 'company', ['notes']],
    ['admin', 'admin', ['away_status_reason_id']],
    ['team', 'team', []],
  ])('has every field of the schema %s, but those that have to be asked for', (schema, type, left) => {
    const seen = new Set<string>();
    keysSeen(
      answers.map(({ body }) => body),
      (object) => object.type === type,
      seen,
    );
    const described = Object.keys(readDescription().components.schemas[schema]?.properties ?? {});
    expect(described.filter((name) => !seen.has(name))).toEqual(left);
  });

  test.each(EXCEPTIONS.filter(({ side }) => side === 'answer').map((each) => [nameOf(each), each] as const))(
    'needs the exception %s',
    (_name, exception) => {
      const validator = createValidator(EXCEPTIONS.filter((each) => each !== exception));
      expect(answers.some((answer) => faultsOf(validator, answer).length > 0)).toBe(true);
    },
  );
});

function nameOf({ operation, schema, change }: Exception): string {
  const added = change.kind === 'property' || change.kind === 'parameter' ? ` ${change.name}` : '';
  return `${operation} ${schema}: ${change.kind}${added}`;
}
