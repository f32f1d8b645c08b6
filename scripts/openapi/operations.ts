/** The operations that are kept: what the client calls, and what else the sandbox serves. */
export const OPERATIONS = [
  'GET /me',
  'GET /admins',
  'GET /teams',
  'GET /tags',
  'GET /contacts',
  'POST /contacts/search',
  'GET /contacts/{contact_id}',
  'GET /companies',
  'POST /companies/list',
  'GET /companies/scroll',
  'GET /companies/{company_id}',
  'GET /conversations',
  'POST /conversations/search',
  'GET /conversations/deleted',
  'GET /conversations/{conversation_id}',
] as const;

export type Operation = (typeof OPERATIONS)[number];
