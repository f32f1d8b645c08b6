import type { JsonObject } from '../world.ts';
import { INCIDENT_TAG, type Incident, incidentReport, incidentShare } from './incident.ts';
import { LANGUAGES, NOTES, type Phrases } from './phrases.ts';
import { between, chance, pick, type Random, randomOf } from './random.ts';
import { htmlOf, type Role, type SourceText, type SourceTurn, type TextSource } from './text-source.ts';

const COUNTS = 31;
const WORDS = 32;
const INCIDENT = 33;
/** One in so many conversations has more parts than Intercom shows (API-FACTS 5.1). */
const LONG_EVERY = 5_000;
const LONG_REST = 4_321;

const ENGLISH = LANGUAGES[0] as Phrases;
const TOTAL_WEIGHT = LANGUAGES.reduce((sum, item) => sum + item.weight, 0);

const languageOf = (random: Random): Phrases => {
  let left = random() * TOTAL_WEIGHT;
  return LANGUAGES.find((item) => (left -= item.weight) < 0) ?? ENGLISH;
};

const fill = (template: string, random: Random): string =>
  template
    .replaceAll('{order}', `A-${between(random, 10_000, 99_999)}`)
    .replaceAll('{error}', `ERR-${between(random, 100, 999)}`)
    .replaceAll('{version}', `${between(random, 1, 4)}.${between(random, 0, 12)}.${between(random, 0, 9)}`)
    .replaceAll('{email}', `user${between(random, 1, 9_999)}@example.com`)
    .replaceAll('{url}', `https://help.example.com/articles/${between(random, 100, 999)}`);

const withLinks = (body: string): string =>
  body.replace(
    /(https:\/\/help\.example\.com\/\S+?)(?=<|$)/,
    '<a href="$1" rel="nofollow noopener noreferrer">$1</a>',
  );

const imageUrl = (random: Random): string =>
  `https://downloads.example.com/i/o/${between(random, 1_000_000, 9_999_999)}/screenshot.png`;

/** HTML now and then richer than one paragraph: a list, or a pasted picture (API-FACTS 6.13). */
const dress = (text: string, random: Random): string => {
  const body = withLinks(htmlOf(text));
  const draw = random();
  if (draw < 0.06)
    return `${body}<ul><li>${pick(random, ['Settings', 'Billing', 'Inbox'])}</li><li><b>${pick(random, ['Export', 'Users', 'Plan'])}</b></li></ul>`;
  if (draw < 0.09) return `${body}<div class="intercom-container"><img src="${imageUrl(random)}"></div>`;
  return body;
};

const attachmentOf = (random: Random): JsonObject => ({
  type: 'upload',
  name: 'screenshot.png',
  url: `${imageUrl(random)}?expires=1800`,
  content_type: 'image/png',
  filesize: between(random, 9_000, 900_000),
  width: 1_280,
  height: 720,
});

/** How many turns: many short conversations, few long ones, hardly any of hundreds. */
const turnCountOf = (seed: number, index: number): number => {
  const random = randomOf(seed, COUNTS, index);
  if (index % LONG_EVERY === LONG_REST) return between(random, 520, 760);
  return 1 + Math.min(38, Math.floor(-Math.log(1 - random()) * 5.2));
};

const roleOf = (turn: number, random: Random): Role => {
  if (turn === 1 && chance(random, 0.35)) return 'bot';
  return turn % 2 === 1 || chance(random, 0.15) ? 'agent' : 'customer';
};

const laterTurn = (phrases: Phrases, turn: number, count: number, random: Random): SourceTurn => {
  const role = roleOf(turn, random);
  if (role === 'agent' && turn > 1 && chance(random, 0.12))
    return { role, note: true, body: dress(fill(pick(random, NOTES), random), random) };
  const last = turn === count - 1;
  const said = role === 'customer' ? (last ? phrases.thanks : phrases.more) : phrases.answer;
  const body = dress(fill(pick(random, said), random), random);
  return role === 'customer' && chance(random, 0.06)
    ? { role, body, attachments: [attachmentOf(random)] }
    : { role, body };
};

/** Made-up text in ten languages. */
export const grammarSource = (options: {
  readonly seed: number;
  readonly incident?: Incident;
}): TextSource => {
  const { seed, incident } = options;
  const incidentAt = (index: number, time: number): Incident | undefined =>
    incident !== undefined &&
    time >= incident.start &&
    time < incident.end &&
    chance(randomOf(seed, INCIDENT, index), incidentShare(incident))
      ? incident
      : undefined;
  return {
    shape: (index) => ({ turns: turnCountOf(seed, index) }),
    text(index, time): SourceText {
      const random = randomOf(seed, WORDS, index);
      const hit = incidentAt(index, time);
      const phrases = hit ? ENGLISH : languageOf(random);
      const opening = hit
        ? incidentReport(hit, random)
        : dress(fill(pick(random, phrases.ask), random), random);
      const count = turnCountOf(seed, index);
      const turns: SourceTurn[] = [{ role: 'customer', body: opening }];
      for (let turn = 1; turn < count; turn += 1) turns.push(laterTurn(phrases, turn, count, random));
      const subjects = ['Order {order}', 'Question', 'Error {error}', 'Invoice {order}'];
      return {
        language: phrases.language,
        turns,
        title: chance(random, 0.2) ? fill('Case {order}', random) : null,
        subject: chance(random, 0.25) ? `<p>${fill(pick(random, subjects), random)}</p>` : '',
        ...(hit ? { tag: INCIDENT_TAG } : {}),
      };
    },
  };
};
