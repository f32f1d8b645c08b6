/** Hosts of Intercom's app by region (API-FACTS 1). */
const APP_HOSTS: Readonly<Record<string, string>> = {
  us: 'app.intercom.com',
  eu: 'app.eu.intercom.com',
  au: 'app.au.intercom.com',
};

/** Where a conversation stands in the inbox of Intercom's app. @param workspaceId Intercom's code of the workspace (`app_id`) */
export const conversationUrl = (workspaceId: string, region: string | null, id: string): string =>
  `https://${APP_HOSTS[region?.toLowerCase() ?? 'us'] ?? APP_HOSTS.us}/a/inbox/${encodeURIComponent(workspaceId)}/inbox/conversation/${encodeURIComponent(id)}`;

const IN_APP = /^https?:\/\/[^/]*\/a\/(?:inbox|apps)\/([A-Za-z0-9][A-Za-z0-9_-]*)\//i;

/** The workspace that an address of Intercom's app is in; undefined where it names none. */
export const workspaceOfUrl = (url: string): string | undefined => IN_APP.exec(url.trim())?.[1];
