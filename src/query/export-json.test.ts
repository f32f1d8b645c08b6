import { expect, it } from 'vitest';
import { exportLine } from './export-json.ts';

const row = (payload: string) => ({
  id: '1',
  createdAt: 1,
  payload,
  head: null,
  olderParts: null,
  hydrated: true,
  monitorEvaluations: [],
  scorecards: [],
  partsTruncated: false,
  deletedAt: null,
  fetchedAt: 1_700_000_000,
});

it('writes the object under its own names, the opening message first, times in ISO 8601', () => {
  const payload = `{"id":"1","created_at":1700000000,"updated_at":1700000060,"waiting_since":null,"big":12345678901234567890,
    "custom_attributes":{"renewed_at":1700000000,"corpus_id":"x:1"},"statistics":{"first_close_at":1700000050,"time_to_admin_reply":55},
    "source":{"type":"email","id":"s1","body":"<p>a\\u0041</p>","author":{"type":"user","id":"u"},"subject":""},
    "conversation_parts":{"total_count":1,"conversation_parts":[
      {"type":"conversation_part","id":9,"part_type":"assignment","body":"<p>hi</p>","created_at":1700000010,"author":{"type":"admin","id":"a"},"tags":[]}]}}`;
  const line = exportLine(row(payload), 'ws');
  expect(line.endsWith('\n')).toBe(true);
  expect(line).toContain('"big":12345678901234567890');
  expect(JSON.parse(line)).toMatchObject({
    id: '1',
    created_at: '2023-11-14T22:13:20Z',
    waiting_since: null,
    custom_attributes: { renewed_at: 1_700_000_000, corpus_id: 'x:1' },
    statistics: { first_close_at: '2023-11-14T22:14:10Z', time_to_admin_reply: 55 },
    parts: [
      {
        id: 's1',
        type: 'source',
        body: '<p>aA</p>',
        created_at: '2023-11-14T22:13:20Z',
        source_type: 'email',
      },
      {
        id: '9',
        type: 'assignment',
        body: '<p>hi</p>',
        created_at: '2023-11-14T22:13:30Z',
        author: { id: 'a' },
      },
    ],
    _mirror: {
      workspace: 'ws',
      hydrated: true,
      parts_truncated: false,
      deleted_at: null,
      fetched_at: '2023-11-14T22:13:20Z',
    },
  });
  expect(JSON.parse(line)).not.toHaveProperty('conversation_parts');
});

it('takes the fields of a later listing and the parts that the payload no longer holds', () => {
  const payload =
    '{"id":"1","state":"open","kept":1,"conversation_parts":{"conversation_parts":[{"id":"p2","body":"new"}]}}';
  const line = exportLine(
    { ...row(payload), head: '{"id":"1","state":"closed"}', olderParts: '[{"id":"p1","body":"old"}]' },
    'ws',
  );
  expect(JSON.parse(line)).toMatchObject({
    state: 'closed',
    kept: 1,
    parts: [{ type: 'source' }, { id: 'p1', body: 'old' }, { id: 'p2', body: 'new' }],
  });
});

it('names what QA found at the end, where it found something', () => {
  const monitor = '{"monitor_id":"3","result":"flagged","evaluated_at":1700000000,"n":12345678901234567890}';
  const line = exportLine({ ...row('{"id":"1"}'), monitorEvaluations: [monitor] }, 'ws');
  expect(line).toContain('"n":12345678901234567890');
  const { _mirror: mirror } = JSON.parse(line) as { _mirror: Record<string, unknown> };
  expect(mirror.monitor_evaluations).toMatchObject([
    { monitor_id: '3', result: 'flagged', evaluated_at: '2023-11-14T22:13:20Z' },
  ]);
  expect(mirror).not.toHaveProperty('scorecards');
});

it('survives a payload with next to nothing in it', () => {
  expect(JSON.parse(exportLine(row('{"id":"1"}'), 'ws'))).toMatchObject({
    id: '1',
    parts: [{ type: 'source', body: null }],
  });
});
