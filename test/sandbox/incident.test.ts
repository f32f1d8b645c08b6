import { beforeAll, describe, expect, test } from 'vitest';
import { createWorld, DEFAULT_END_TIME } from '../../src/sandbox/world/create-world.ts';
import { incidentOf } from '../../src/sandbox/world/incident.ts';
import { allConversations, type Conversation } from './support.ts';

const SEED = 7;
const DAY = 86_400;

describe.each([800, 6_000])('an incident planted among %i conversations', (count) => {
  const incident = incidentOf({ seed: SEED, endTime: DEFAULT_END_TIME, conversations: count });
  let all: Conversation[];
  let calm: Conversation[];
  beforeAll(async () => {
    all = allConversations(await createWorld({ seed: SEED, conversations: count, incident: true }));
    calm = allConversations(await createWorld({ seed: SEED, conversations: count }));
  });
  const isAboutIt = ({ source }: Conversation): boolean =>
    incident.words.every((word) => source.body.includes(word));
  const during = ({ created_at: time }: Conversation): boolean =>
    time >= incident.start && time < incident.end;

  test('lasts from a Tuesday to a Thursday in the last four months', () => {
    expect(incident.end - incident.start).toBe(3 * DAY);
    expect(new Date(incident.start * 1000).toUTCString()).toMatch(/^Tue, .* 00:00:00 GMT$/);
    expect(incident.end).toBeLessThan(DEFAULT_END_TIME - 5 * DAY);
    expect(incident.start).toBeGreaterThan(DEFAULT_END_TIME - 120 * DAY);
  });

  test('stands out: many of its days are about it, and the days are busier by these', () => {
    const itsDays = all.filter(during);
    const about = itsDays.filter(isAboutIt);
    expect(about.length).toBeGreaterThanOrEqual(15);
    expect(Math.abs(about.length / itsDays.length - (1 - 1 / incident.factor))).toBeLessThan(0.2);
    expect(itsDays.length).toBeGreaterThan(calm.filter(during).length * incident.factor * 0.6);
  });

  test('has an error code and a tag', () => {
    for (const { source, tags } of all.filter(isAboutIt)) {
      expect(source.body).toContain(incident.errorCode);
      expect(tags.tags[0]?.name).toBe('incident');
    }
  });

  test('is nowhere else, and nowhere without the option', () => {
    expect(all.filter((item) => !during(item) && isAboutIt(item))).toEqual([]);
    expect(calm.filter(isAboutIt)).toEqual([]);
    const others = [...calm, ...all.filter((item) => !during(item))];
    expect(others.flatMap(({ tags }) => tags.tags).map(({ name }) => name)).not.toContain('incident');
  });

  test('leaves everything else as it was', () => {
    expect(all).toHaveLength(calm.length);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(calm.map(({ id }) => id)));
  });
});
