import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, mirror, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text);

const TEXTS = [
  ...times(9, 'my refund has not arrived'),
  ...times(3, 'two refunds are missing'),
  'a refuned order',
  ...times(4, 'die Rückerstattung für meine Bestellung'),
  ...times(4, 'возврат денег на карту'),
  ...times(4, 'η επιστροφή χρημάτων'),
  ...times(12, 'receive the invoice INV-20417'),
  'I recieve nothing',
  ...times(5, '退款还没有收到'),
  ...times(3, 'my card is lost'),
  'the cart is full',
];

const SPECS: readonly ConversationSpec[] = TEXTS.map((opening, index) => ({
  id: String(index + 1),
  opening,
}));

describeEngines('nearest spellings', (create) => {
  let place: TestPlace;
  let query: QueryService;
  let drop: (id: string) => Promise<void>;

  beforeAll(async () => {
    place = await create();
    const store = await place.open();
    const fence = await beginSync(store);
    await mirror(store, fence, SPECS);
    drop = async (id) => {
      await mirror(store, fence, [{ id, opening: 'something else', updated_at: 1_700_000_100 }]);
    };
    query = createQueryService({ reader: store, logger: silentLogger });
  });
  afterAll(() => place.drop());

  const ask = async (text: string) => {
    const { metadata, summary } = await query.searchConversations({ query: text });
    return { suggestions: metadata.suggestions, notes: metadata.notes, total: summary.total_results };
  };

  it.each([
    ['a swap', 'refnud', ['refund']],
    ['a letter too few', 'refnds', ['refunds']],
    ['a letter too much', 'caard', ['card']],
    ['a wrong letter, the commonest first', 'carb', ['card', 'cart']],
    ['a wrong first letter', 'tefund', ['refund']],
    ['capitals', 'REFNUD', ['refund']],
    ['two mistakes in a long word, accents folded', 'Rükerstatung', ['ruckerstattung']],
    ['Cyrillic', 'вазврат', ['возврат']],
    ['Greek', 'επστροφη', ['επιστροφη']],
  ])('offers them for %s', async (_name, word, instead) => {
    const { notes, suggestions, total } = await ask(word);
    expect(suggestions).toEqual([{ word, instead }]);
    expect(notes).toContain(`Perhaps "${word}" means: ${instead.join(', ')}.`);
    expect(total).toBe(0);
  });

  it('offers them for the one word of several that stands nowhere', async () => {
    const { suggestions, total } = await ask('refnud arrived');
    expect(suggestions).toEqual([{ word: 'refnud', instead: ['refund'] }]);
    expect(total).toBe(9);
  });

  it('offers them for a phrase, word by word', async () => {
    expect((await ask('"refnud arived"')).suggestions).toEqual([
      { word: 'refnud', instead: ['refund'] },
      { word: 'arived', instead: ['arrived'] },
    ]);
  });

  it('offers another spelling of a rare word only where nothing was found', async () => {
    expect((await ask('recieve invoice')).suggestions).toBeUndefined();
    const phrase = await ask('"recieve invoice"');
    expect(phrase.suggestions).toEqual([{ word: 'recieve', instead: ['receive'] }]);
    expect((await ask('recieve')).suggestions).toBeUndefined();
  });

  it.each([
    ['found', 'refund'],
    ['far from everything', 'zyxwvutsrq'],
    ['a number', '20418'],
    ['of two letters', 'zq'],
    ['in a script without spaces', '没退'],
    ['a beginning', 'refnux*'],
    ['excluded', 'refund -refnud'],
  ])('offers nothing for what is %s', async (_name, text) => {
    expect((await ask(text)).suggestions).toBeUndefined();
  });

  it('offers no word that only older versions of conversations have', async () => {
    const refuned = String(TEXTS.indexOf('a refuned order') + 1);
    expect((await ask('refuneb')).suggestions).toEqual([{ word: 'refuneb', instead: ['refuned'] }]);
    await drop(refuned);
    expect((await ask('refuneb')).suggestions).toBeUndefined();
  });

  it('knows the words of the workspace that is asked only', async () => {
    const other = createQueryService({ reader: await place.open('readOnly'), logger: silentLogger });
    await expect(
      other.searchConversations({ query: 'refnud', workspace: `not-${WORKSPACE.id}` }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^WORKSPACE_/) as string });
  });
});
