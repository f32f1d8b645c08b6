/** POST /tickets/search: whole tickets, their parts included, so that none is fetched by itself (API-FACTS 5.2). */
export const TICKET_SEARCH_PATH = '/tickets/search';
/** Key of the array in the answer (API-FACTS 3.1). */
export const TICKETS_KEY = 'tickets';
