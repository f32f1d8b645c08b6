import { InvalidArgumentError } from 'commander';

/** A whole number that is not negative. Whether it is in range is the use case's to say. */
export const wholeNumber = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
};

/** A whole number between two bounds, both included. */
export const wholeNumberBetween =
  (min: number, max: number) =>
  (text: string): number => {
    const value = wholeNumber(text);
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be from ${min} to ${max}.`);
  };

/** `a,b, c` → its words. */
export const wordList = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
