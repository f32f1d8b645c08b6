import { readFileSync } from 'node:fs';

/** An account to run the server as; PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who the server runs as: undefined for the present user, who will do unless it is root; for root, `nobody`, else the
 * first account without rights. initdb looks the account up, so it must stand in /etc/passwd.
 * @throws Error when root has no other account to lend.
 */
export const serverUser = (): ServerUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid > 0);
  const account = accounts.find(({ name }) => name === 'nobody') ?? accounts[0];
  if (account === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no other account');
  return { uid: account.uid, gid: account.gid };
};
