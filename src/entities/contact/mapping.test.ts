import { describe, expect, test } from 'vitest';
import { mapContact, mapContactListRow, mapContactLists } from './mapping.ts';

describe('a contact', () => {
  test('is taken apart', () => {
    expect(
      mapContact({
        type: 'contact',
        id: '6762f0d01bb69f9f2193bb7d',
        external_id: '70',
        role: 'user',
        name: 'Ann',
        email: ' Ann@Example.com ',
        phone: '+1',
        created_at: 1_734_537_424,
        updated_at: 1_734_537_425,
      }),
    ).toEqual({
      id: '6762f0d01bb69f9f2193bb7d',
      external_id: '70',
      role: 'user',
      name: 'Ann',
      email: ' Ann@Example.com ',
      email_key: 'ann@example.com',
      phone: '+1',
      created_at: 1_734_537_424,
      updated_at: 1_734_537_425,
    });
  });

  test('may miss nearly everything, or have it of another type', () => {
    const bare = {
      id: 'a',
      external_id: null,
      role: null,
      name: null,
      email: null,
      email_key: null,
      phone: null,
      created_at: null,
      updated_at: null,
    };
    expect(mapContact({ id: 'a' })).toEqual(bare);
    const wrong = Object.fromEntries(Object.keys(bare).map((name) => [name, ['wrong']]));
    expect(mapContact({ ...wrong, id: 'a' })).toEqual(bare);
    expect(mapContact({})).toBeUndefined();
  });

  test('embeds lists, whole ones and beginnings', () => {
    const list = (ids: readonly string[], more: object) => ({
      type: 'list',
      data: ids.map((id) => ({ type: 'tag', id, url: `/tags/${id}` })),
      ...more,
    });
    expect(
      mapContactLists({
        tags: list(['1', '2'], { total_count: 12, has_more: true }),
        notes: list([], { total_count: 0, has_more: false }),
        companies: list(['c'], {}),
      }),
    ).toEqual({
      tags: { ids: ['1', '2'], total: 12, hasMore: true },
      notes: { ids: [], total: 0, hasMore: false },
      companies: { ids: ['c'], total: 1, hasMore: false },
    });
    expect(mapContactLists({ tags: null, notes: { data: 'x' } })).toEqual({
      tags: undefined,
      notes: undefined,
      companies: undefined,
    });
    // The number says that there is more, even if the flag does not.
    expect(mapContactLists({ tags: list(['1'], { total_count: 3, has_more: false }) }).tags?.hasMore).toBe(
      true,
    );
  });
});

test('an object of a list is a note, a tag or a company', () => {
  const note = '{"id":26,"created_at":1733932587,"author":{"id":"9"},"body":"<p>x</p>"}';
  expect(mapContactListRow(note)).toEqual({
    id: '26',
    authorId: '9',
    createdAt: 1_733_932_587,
    payload: note,
  });
  expect(mapContactListRow('{"id":"80"}')).toMatchObject({ id: '80', authorId: null, createdAt: null });
  expect(mapContactListRow('{}')).toBeUndefined();
});
