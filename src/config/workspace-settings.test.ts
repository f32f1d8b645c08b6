import { describe, expect, it } from 'vitest';
import type { CommandName } from './command-name.ts';
import { type ConfigSources, loadConfig } from './load-config.ts';

const load = (
  env: Record<string, string>,
  more: Partial<ConfigSources> & { readonly command?: CommandName } = {},
) =>
  loadConfig({
    command: 'serve',
    flags: {},
    machine: { platform: 'linux', homeDir: '/home/someone', env },
    readFile: (path) => `content of ${path}\n`,
    ...more,
  });
/** Workspaces with their secrets in the open. */
const shown = (...args: Parameters<typeof load>) =>
  load(...args).workspaces.map(({ accessToken, clientSecret, ...rest }) => ({
    ...rest,
    accessToken: accessToken.reveal(),
    ...(clientSecret ? { clientSecret: clientSecret.reveal() } : {}),
  }));
const aliases = (...args: Parameters<typeof load>) => load(...args).workspaces.map(({ alias }) => alias);
const invalid = (message: RegExp) =>
  expect.objectContaining({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('the workspaces of the settings', () => {
  it('are none without a token', () => {
    expect(load({ INTERCOM_REGION: 'eu', INTERCOM_API_BASE_URL: 'http://127.0.0.1:1' }).workspaces).toEqual(
      [],
    );
  });

  it('are the plain names as alias default, and one more for each alias', () => {
    expect(
      shown({
        INTERCOM_ACCESS_TOKEN_EU: 'two',
        INTERCOM_REGION_EU: 'EU',
        INTERCOM_CLIENT_SECRET_EU: 'secret',
        INTERCOM_ACCESS_TOKEN: 'one',
        INTERCOM_API_BASE_URL: 'http://127.0.0.1:1/',
        INTERCOM_ACCESS_TOKEN_A_1: ' three ',
      }),
    ).toEqual([
      { alias: 'default', accessToken: 'one', region: undefined, apiBaseUrl: 'http://127.0.0.1:1' },
      { alias: 'a_1', accessToken: 'three', region: undefined, apiBaseUrl: undefined },
      { alias: 'eu', accessToken: 'two', region: 'eu', apiBaseUrl: undefined, clientSecret: 'secret' },
    ]);
  });

  it('take secrets from files, and no alias from the ending of that name', () => {
    expect(
      shown({
        INTERCOM_ACCESS_TOKEN_FILE: '/run/one',
        INTERCOM_ACCESS_TOKEN_SHOP_FILE: '/run/two',
        INTERCOM_CLIENT_SECRET_SHOP_FILE: '/run/three',
      }),
    ).toMatchObject([
      { alias: 'default', accessToken: 'content of /run/one' },
      { alias: 'shop', accessToken: 'content of /run/two', clientSecret: 'content of /run/three' },
    ]);
  });

  it('do not care about the case of an alias', () => {
    expect(aliases({ INTERCOM_ACCESS_TOKEN_Shop: 'x', INTERCOM_REGION_SHOP: 'au' })).toEqual(['shop']);
    expect(aliases({ INTERCOM_ACCESS_TOKEN_DEFAULT: 'x', INTERCOM_REGION: 'au' })).toEqual(['default']);
  });

  it('ignore empty variables and those of other programs', () => {
    expect(
      aliases({ INTERCOM_ACCESS_TOKEN: 'x', INTERCOM_ACCESS_TOKEN_B: ' ', INTERCOM_REGIONS: 'y' }),
    ).toEqual(['default']);
  });

  it('come from the .env file too, but not for serve; the environment comes first', () => {
    const dotEnv = { INTERCOM_ACCESS_TOKEN_B: 'from the file', INTERCOM_ACCESS_TOKEN_C: 'from the file' };
    const env = { INTERCOM_ACCESS_TOKEN_B: 'from the environment' };
    expect(shown(env, { command: 'sync', dotEnv })).toMatchObject([
      { alias: 'b', accessToken: 'from the environment' },
      { alias: 'c', accessToken: 'from the file' },
    ]);
    expect(aliases(env, { command: 'serve', dotEnv })).toEqual(['b']);
  });

  it('are not looked at by commands that only read', () => {
    expect(aliases({ INTERCOM_ACCESS_TOKEN: 'x', INTERCOM_REGION_B: 'mars' }, { command: 'search' })).toEqual(
      [],
    );
  });

  it('take a flag for the alias default', () => {
    const env = { INTERCOM_ACCESS_TOKEN: 'x', INTERCOM_ACCESS_TOKEN_B: 'y', INTERCOM_REGION: 'us' };
    expect(load(env, { flags: { region: 'eu' } }).workspaces.map(({ region }) => region)).toEqual([
      'eu',
      undefined,
    ]);
  });

  it('stay unseen where they are secret', () => {
    const text = JSON.stringify(load({ INTERCOM_ACCESS_TOKEN_B: 'hush', INTERCOM_CLIENT_SECRET_B: 'hush' }));
    expect(text).not.toContain('hush');
  });
});

describe('faulty settings of workspaces', () => {
  it.each([
    [
      'an alias without a token',
      { INTERCOM_REGION_EU: 'eu' },
      /^INTERCOM_REGION_EU is set, but INTERCOM_ACCESS_TOKEN_EU is not\.$/,
    ],
    [
      'a client secret without a token',
      { INTERCOM_CLIENT_SECRET_X_FILE: '/run/x' },
      /INTERCOM_CLIENT_SECRET_X_FILE is set, but INTERCOM_ACCESS_TOKEN_X is not/,
    ],
    [
      'plain names beside tokens of others',
      { INTERCOM_ACCESS_TOKEN_B: 'y', INTERCOM_API_BASE_URL: 'http://127.0.0.1:1' },
      /^INTERCOM_API_BASE_URL is set, but INTERCOM_ACCESS_TOKEN is not/,
    ],
    [
      'a value that is none',
      { INTERCOM_ACCESS_TOKEN_B: 'y', INTERCOM_REGION_B: 'mars' },
      /^INTERCOM_REGION_B: "mars" is not one of us, eu, au/,
    ],
    [
      'two spellings',
      { INTERCOM_ACCESS_TOKEN_b: 'y', INTERCOM_ACCESS_TOKEN_B: 'y' },
      /INTERCOM_ACCESS_TOKEN_B and INTERCOM_ACCESS_TOKEN_b are both set/,
    ],
    [
      'the plain name and its alias',
      { INTERCOM_ACCESS_TOKEN: 'y', INTERCOM_ACCESS_TOKEN_DEFAULT: 'y' },
      /are both set/,
    ],
    [
      'a value and its file',
      { INTERCOM_ACCESS_TOKEN_B: 'y', INTERCOM_ACCESS_TOKEN_B_FILE: '/run/b' },
      /INTERCOM_ACCESS_TOKEN_B and INTERCOM_ACCESS_TOKEN_B_FILE are both set/,
    ],
    [
      'a sign that no alias has',
      { 'INTERCOM_ACCESS_TOKEN_A-B': 'y' },
      /INTERCOM_ACCESS_TOKEN_A-B: an alias consists of letters/,
    ],
    ['no alias at all', { INTERCOM_ACCESS_TOKEN_: 'y' }, /INTERCOM_ACCESS_TOKEN_: an alias/],
    [
      'a file of what is no secret',
      { INTERCOM_ACCESS_TOKEN: 'y', INTERCOM_REGION_FILE: '/x' },
      /INTERCOM_REGION is not read from a file/,
    ],
  ])('%s', (_name, env, message) => {
    expect(() => load(env as Record<string, string>)).toThrow(invalid(message));
  });
});
