import { between, pick, type Random, randomOf } from './random.ts';
import { htmlOf } from './text-source.ts';

const STREAM = 40;
const DAY = 86_400;
const DAYS = 3;
/** 1970-01-01 was a Thursday: days since then with this rest are Tuesdays. */
const TUESDAY = 5;
/** So much busier than usual are its days in a large workspace, and at most in a small one. */
const FACTOR = 1.8;
const MOST = 12;
/** So many conversations its days have at least, where the most allows it: fewer would not stand out. */
const ENOUGH = 30;
/** Of all conversations of two years, three working days in the last months have about this share. */
const USUAL_SHARE = 0.0065;
/** Index of the tag that its conversations get. */
export const INCIDENT_TAG = 0;

/** Unix seconds; whole days in UTC. */
export interface Incident {
  readonly start: number;
  readonly end: number;
  /** How much busier than usual its days are. What is more is about it. */
  readonly factor: number;
  /** Words that every conversation about it holds, and hardly any other. */
  readonly words: readonly string[];
  readonly errorCode: string;
}

/** The incident that `incident: true` plants: Tuesday to Thursday in one of the last weeks; a function of its arguments. */
export const incidentOf = (options: {
  readonly seed: number;
  /** Unix seconds. */
  readonly endTime: number;
  readonly conversations: number;
}): Incident => {
  const random = randomOf(options.seed, STREAM, 0);
  const day = Math.floor(options.endTime / DAY) - between(random, 17, 112);
  const start = (day + ((TUESDAY - (day % 7) + 7) % 7)) * DAY;
  const usual = Math.max(1, options.conversations * USUAL_SHARE);
  return {
    start,
    end: start + DAYS * DAY,
    factor: Math.min(MOST, Math.max(FACTOR, ENOUGH / usual)),
    words: ['webhook', 'gateway', 'timeout'],
    errorCode: `GW-${between(random, 500, 599)}`,
  };
};

/** Of the conversations of its days, the share that is about it. */
export const incidentShare = ({ factor }: Incident): number => 1 - 1 / factor;

/** How a customer reports it. */
export const incidentReport = ({ words, errorCode }: Incident, random: Random): string => {
  const [hook = '', gateway = '', timeout = ''] = words;
  return htmlOf(
    pick(random, [
      `All our ${hook} ${gateway} ${timeout} calls fail with ${errorCode} since an hour ago.`,
      `We see ${errorCode}: the ${hook} ${gateway} answers with a ${timeout}.`,
      `Is there an outage? Deliveries by ${hook} end in a ${gateway} ${timeout} (${errorCode}) 🔥`,
    ]),
  );
};
