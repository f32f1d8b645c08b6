import type { RecordFilter } from '../../data/reads/list-records.ts';
import { nearest } from '../../lib/nearest.ts';
import { fold } from '../../lib/text/fold.ts';

interface Named {
  readonly id: string;
  readonly name: string | null;
}

/** Gathers the filters of a list with what is said of them. */
export class ListFilters {
  readonly filters: RecordFilter[] = [];
  readonly applied: Record<string, unknown> = {};
  readonly notes: string[] = [];

  /** Objects whose column has this value; nothing is asked where it is not given. */
  column(name: string, column: string, value: string | number | undefined): void {
    if (value === undefined) return;
    this.applied[name] = value;
    this.filters.push({ by: 'column', column, values: [value] });
  }

  /** Objects on which one of these ids hangs. */
  member(name: string, shown: string, filter: Omit<Extract<RecordFilter, { by: 'member' }>, 'by'>): void {
    this.applied[name] = shown;
    this.filters.push({ by: 'member', ...filter });
  }

  /** The ids of what is called so, or has this id; a name that there is not finds nothing, and a note tells the nearest. */
  idsOf(what: string, value: string, known: readonly Named[]): readonly string[] {
    const wanted = fold(value.trim());
    const ids = known.filter(({ id, name }) => id === value || (name !== null && fold(name) === wanted));
    if (ids.length > 0) return ids.map(({ id }) => id);
    const names = known.flatMap(({ name }) => (name === null ? [] : [name]));
    const meant = nearest(value, names);
    this.notes.push(
      `There is no ${what} "${value.slice(0, 60)}"${meant === undefined ? '' : `; the nearest is "${meant}"`}.`,
    );
    return [value];
  }
}
