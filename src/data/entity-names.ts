/** What is mirrored, by the names of the API, in the order in which people are told. */
export const ENTITIES = ['conversations', 'contacts', 'admins', 'teams', 'tags'] as const;
