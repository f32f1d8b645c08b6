import { describe, expect, it } from 'vitest';
import { conversationIdOf } from './ids.ts';
import { conversationUrl, workspaceOfUrl } from './inbox-url.ts';
import { nearest } from './nearest.ts';
import { asFilledText, asId, asInteger, asText } from './read-json.ts';

describe('conversationIdOf', () => {
  it.each([
    ['215472856448646', '215472856448646'],
    [' conversation_42 ', '42'],
    ['conversation:42', '42'],
    [conversationUrl('abc12', 'eu', '42'), '42'],
    [
      'https://app.intercom.com/a/inbox/abc12/inbox/admin/814860/conversation/215472856448646?view=List',
      '215472856448646',
    ],
    ['https://app.eu.intercom.com/a/apps/abc12/conversations/99', '99'],
    ['https://app.intercom.com/a/apps/abc12/users/99', undefined],
    ['', undefined],
    ["1' or 1=1", undefined],
  ])('%j', (input, id) => {
    expect(conversationIdOf(input)).toBe(id);
  });
});

describe('addresses of the inbox', () => {
  it.each([
    ['us', 'https://app.intercom.com/a/inbox/abc12/inbox/conversation/42'],
    ['EU', 'https://app.eu.intercom.com/a/inbox/abc12/inbox/conversation/42'],
    ['au', 'https://app.au.intercom.com/a/inbox/abc12/inbox/conversation/42'],
    [null, 'https://app.intercom.com/a/inbox/abc12/inbox/conversation/42'],
  ])('are those of the region %s', (region, url) => {
    expect(conversationUrl('abc12', region, '42')).toBe(url);
    expect(workspaceOfUrl(url)).toBe('abc12');
  });

  it('name a workspace, or none', () => {
    expect(workspaceOfUrl('https://app.intercom.com/a/apps/abc12/conversations/99')).toBe('abc12');
    expect(workspaceOfUrl('https://app.intercom.com/a/inbox/_/inbox/conversation/99')).toBeUndefined();
    expect(workspaceOfUrl('conversation_99')).toBeUndefined();
  });
});

describe('nearest', () => {
  it('finds what a typo meant', () => {
    expect(nearest('qurey', ['limit', 'query', 'state'])).toBe('query');
    expect(nearest('time_frame', ['timeframe', 'time_field'])).toBe('timeframe');
    expect(nearest('x', [])).toBeUndefined();
  });
});

describe('tolerant readers', () => {
  it('give canonical ids', () => {
    expect([asId(274), asId('274'), asId(0), asId('0'), asId(null), asId('')]).toEqual([
      '274',
      '274',
      null,
      null,
      null,
      null,
    ]);
  });
  it('give what both engines can hold', () => {
    expect(asText('a\0b\ud800')).toBe('ab\ufffd');
    expect([asFilledText(''), asFilledText(5)]).toEqual([null, null]);
    expect([asInteger('12'), asInteger(1.9), asInteger('x'), asInteger(Number.NaN), asInteger(-5)]).toEqual([
      12,
      1,
      null,
      null,
      -5,
    ]);
  });
});
