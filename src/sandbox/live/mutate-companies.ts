import type { JsonObject } from '../world.ts';
import { bump, editIn, removeFrom, type Tell } from './editing.ts';
import type { LiveWorld } from './live-world.ts';

export interface CompanyMutations {
  addCompany(fields?: JsonObject): string;
  /** With `user_count: 0` it has lost its last user, and leaves the lists (TRAPS T12). */
  setCompany(id: string, fields: JsonObject, bumps?: boolean): void;
  deleteCompany(id: string): void;
  /** The n-th page of a scroll, from 1, fails once with 500, and the scroll is gone (TRAPS T13). */
  breakScroll(page: number): void;
}

export const companyMutations = (live: LiveWorld, tell: Tell): CompanyMutations => {
  const { companies } = live;
  return {
    addCompany(fields = {}) {
      const id = companies.add(live.now(), (item) => Object.assign(item, { user_count: 1 }, fields));
      tell('company.created', companies.get(id) ?? {});
      return id;
    },
    setCompany(id, fields, bumps = true) {
      const company = editIn(companies, 'Company', id, (item) => {
        Object.assign(item, fields);
        if (bumps) bump(live, item);
      });
      tell('company.updated', company);
    },
    deleteCompany(id) {
      removeFrom(companies, 'Company', id);
      tell('company.deleted', { type: 'company', id });
    },
    breakScroll(page) {
      live.scrollBreaks.add(page);
    },
  };
};
