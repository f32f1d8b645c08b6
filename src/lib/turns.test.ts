import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('runs so many at once, the others in the order they came, also behind one that fails', async () => {
    const turns = new Turns(2);
    const log: string[] = [];
    const ends = new Map<string, (failed: boolean) => void>();
    const start = (name: string) =>
      turns.take(
        () =>
          new Promise<string>((resolve, reject) => {
            log.push(name);
            ends.set(name, (failed) => (failed ? reject(new Error(name)) : resolve(name)));
          }),
      );
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(start) as [
      Promise<string>,
      Promise<string>,
      Promise<string>,
      Promise<string>,
    ];
    expect(log).toEqual(['a', 'b']);
    ends.get('b')?.(true);
    await expect(b).rejects.toThrow('b');
    expect(log).toEqual(['a', 'b', 'c']);
    ends.get('a')?.(false);
    expect(await a).toBe('a');
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    ends.get('c')?.(false);
    ends.get('d')?.(false);
    expect([await c, await d]).toEqual(['c', 'd']);
  });
});
