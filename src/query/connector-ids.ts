import { AppError } from '../errors/app-error.ts';
import { conversationIdOf } from '../lib/ids.ts';
import { workspaceOfUrl } from '../lib/inbox-url.ts';
import type { AskedWorkspace } from './asked-workspace.ts';

/** What an id of a connector means. */
export interface ConnectorReference {
  readonly id: string;
  /** An alias, or Intercom's id of the workspace; undefined where the id names none. */
  readonly workspace: string | undefined;
}

/** `conversation:shop:123`: the alias stands between where the mirror holds several workspaces. */
const WITH_ALIAS = /^conversation:([A-Za-z0-9_]{1,100}):([A-Za-z0-9_-]{1,64})$/;

/** Ids of other kinds in Intercom's own server (COMPETITORS B1), and addresses of them. */
const OTHER_KIND = /^(contact|company|article|ticket)s?[_:]/i;

/** The id that {@link readReference} understands. */
export const connectorId = ({ calledBy, several }: AskedWorkspace, id: string): string =>
  several ? `conversation:${calledBy}:${id}` : `conversation:${id}`;

/** @throws AppError ARGUMENT_INVALID for what is no id of a conversation */
export const readReference = (text: string): ConnectorReference => {
  const given = text.trim();
  const [, alias, bare] = WITH_ALIAS.exec(given) ?? [];
  if (alias !== undefined && bare !== undefined) return { id: bare, workspace: alias };
  const [, kind] = OTHER_KIND.exec(given) ?? [];
  if (kind !== undefined)
    throw new AppError(
      'ARGUMENT_INVALID',
      `fetch reads conversations; the id of a ${kind.toLowerCase()} was given.`,
      {
        remedy: 'Give an id that search found, or use the tool for the other kind.',
      },
    );
  const id = conversationIdOf(given);
  if (id !== undefined) return { id, workspace: workspaceOfUrl(given) };
  throw new AppError(
    'ARGUMENT_INVALID',
    'id must be an id that search gave, such as conversation:123, or the address of a conversation in Intercom.',
  );
};
