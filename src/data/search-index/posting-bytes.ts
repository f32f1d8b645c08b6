import type { AuthorRole } from '../../lib/author-role.ts';

/**
 * The small numbers of the index. A posting carries one byte: how often the term occurs (low four bits, rounded) and in
 * whose messages (high four bits). A document carries one byte for its length. Both only rank; what matches is exact.
 */
const FREQUENCIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 17, 24, 36, 64, 128];

const ROLE_BITS: Readonly<Record<AuthorRole, number>> = {
  customer: 1,
  teammate: 2,
  bot: 4,
  note: 8,
  system: 0,
};

/** The role's bit of a posting's byte, before it is shifted into place. */
export const roleBit = (role: AuthorRole): number => ROLE_BITS[role];

/** Occurrences (at least 1) and roles → the byte of a posting; never 0. */
export const postingByte = (occurrences: number, roles: number): number => {
  let code = FREQUENCIES.length - 1;
  while (code > 1 && (FREQUENCIES[code] ?? 0) > occurrences) code -= 1;
  return (roles << 4) | code;
};

/** The rounded number of occurrences of a posting's byte. */
export const occurrencesOf = (byte: number): number => FREQUENCIES[byte & 15] ?? 0;

/** The roles of a posting's byte: whose messages hold the term. */
export const rolesOfByte = (byte: number): number => byte >>> 4;

const STEPS_PER_DOUBLING = 16;
const LENGTH_UNIT = 16;

/** Terms of a document → its length byte. */
export const lengthByte = (terms: number): number =>
  Math.min(255, Math.round(STEPS_PER_DOUBLING * Math.log2(1 + terms / LENGTH_UNIT)));

/**
 * Length byte → terms, rounded; a table, since it is looked up for each document that is ranked. Whole numbers: their sum
 * does not depend on the order of adding.
 */
export const LENGTHS: Float64Array = Float64Array.from({ length: 256 }, (_, code) =>
  Math.round(LENGTH_UNIT * (2 ** (code / STEPS_PER_DOUBLING) - 1)),
);
