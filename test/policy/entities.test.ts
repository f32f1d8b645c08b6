import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folders = globSync('src/entities/*', { cwd: root });
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** ARCHITECTURE, "Where things are added": what fails until an entity is whole. */
describe('every synced entity', () => {
  test('there are some', () => expect(folders.length).toBeGreaterThan(3));

  test.each(folders)('%s has its table, mapping and endpoints', (folder) => {
    for (const file of ['table.ts', 'mapping.ts', 'endpoints.ts']) {
      expect(existsSync(join(root, folder, file)), `${folder}/${file}`).toBe(true);
    }
  });

  test.each(folders)('%s names the fact that its endpoint comes from', (folder) => {
    expect(read(`${folder}/endpoints.ts`)).toMatch(/API-FACTS \d/);
  });

  test.each(folders)('%s has a table in both engines', (folder) => {
    const declared = read('src/data/schema.ts');
    const tables = [...read(`${folder}/table.ts`).matchAll(/export interface (\w+Table)/g)].map(
      (match) => match[1],
    );
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const name = new RegExp(`(\\w+): ${table};`).exec(declared)?.[1];
      expect(name, `${table} in src/data/schema.ts`).toBeDefined();
      for (const engine of ['sqlite', 'postgres']) {
        const migrations = read(`src/storage/${engine}/migrations.ts`);
        const isThere = migrations.includes(`create table ${name} `) || migrations.includes(`'${name}'`);
        expect(isThere, `${name} in ${engine}`).toBe(true);
      }
    }
  });
});
