/** GET /companies/scroll: 100 at a time, one open scroll an app, lost after a minute of rest (API-FACTS 3, 5.4). */
export const COMPANY_SCROLL_PATH = '/companies/scroll';
/** POST /companies/list: page numbers, no more than 10,000 companies (API-FACTS 3.8, 5.4). */
export const COMPANY_LIST_PATH = '/companies/list';
export const COMPANY_PAGE_SIZE = 60;
export const COMPANIES_KEY = 'data';

/** GET /companies/{id}, by Intercom's id; 404 is what proves that one is gone (API-FACTS 5.4). */
export const companyPath = (id: string): string => `/companies/${encodeURIComponent(id)}`;
