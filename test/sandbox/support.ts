import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { JsonObject, World } from '../../src/sandbox/world.ts';
import { createWorld, type WorldOptions } from '../../src/sandbox/world/create-world.ts';

/** What every request of these tests sends, unless it says otherwise. */
export const HEADERS: Readonly<Record<string, string>> = {
  Authorization: 'Bearer token',
  Accept: 'application/json',
  'Content-Type': 'application/json',
  'Intercom-Version': '2.16',
};

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Answer;
}

/** The keys of answers that these tests read. */
export interface Answer {
  readonly type: string;
  readonly total_count: number;
  readonly pages: {
    readonly page: number;
    readonly per_page: number;
    readonly total_pages: number;
    readonly next?: { readonly page: number; readonly starting_after: string } | string | null;
  };
  readonly conversations: readonly Conversation[];
  readonly tickets: readonly Ticket[];
  readonly data: readonly (JsonObject & {
    readonly id: string;
    readonly created_at: number;
    readonly updated_at: number;
  })[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export interface Ticket {
  readonly id: string;
  readonly ticket_id: string;
  readonly category: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly admin_assignee_id: number | string;
  readonly ticket_attributes: Readonly<Record<string, unknown>>;
  readonly ticket_state: { readonly id: string; readonly category: string };
  readonly ticket_type: {
    readonly id: string;
    readonly ticket_type_attributes: {
      readonly data: readonly { readonly id: string; readonly name: string }[];
    };
  };
  readonly ticket_parts: {
    readonly total_count: number;
    readonly ticket_parts: readonly (Part & {
      readonly ticket_state: string;
      readonly previous_ticket_state: string;
      readonly updated_attribute_data: unknown;
    })[];
  };
}

export interface Part {
  readonly id: string | number;
  readonly part_type: string;
  readonly body: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly redacted: boolean;
  readonly state: string;
  readonly author: { readonly type: string; readonly id: string };
  readonly assigned_to: { readonly type: string; readonly id: string | null } | null;
}

export interface Conversation {
  readonly id: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly state: string;
  readonly open: boolean;
  readonly source: { readonly id: string; readonly body: string; readonly author: { readonly type: string } };
  readonly tags: { readonly tags: readonly { readonly id: string; readonly name: string }[] };
  readonly custom_attributes: Readonly<Record<string, unknown>>;
  readonly statistics: Readonly<Record<string, number | string | null>> | null;
  readonly conversation_parts: { readonly conversation_parts: readonly Part[]; readonly total_count: number };
}

/** A conversation of a world, without a server. */
export const conversationOf = (world: World, index: number): Conversation =>
  world.conversations.object(index) as unknown as Conversation;

export const allConversations = (world: World): Conversation[] =>
  Array.from({ length: world.conversations.count }, (_, index) => conversationOf(world, index));

export interface OpenSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly world: World;
  /** `GET /me`, `POST /conversations/search` … */
  ask(target: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  conversation(id: string): Promise<Conversation>;
}

/** A sandbox of the test's own, asked over HTTP. */
export const openSandbox = async (
  world: WorldOptions,
  options: Omit<SandboxOptions, 'world'> = {},
): Promise<OpenSandbox> => {
  const made = await createWorld(world);
  const sandbox = await startSandbox({ ...options, world: made });
  const ask: OpenSandbox['ask'] = async (target, body, headers = {}) => {
    const [method = '', path = ''] = target.split(' ');
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { ...HEADERS, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, json: (await response.json()) as Answer };
  };
  return {
    sandbox,
    world: made,
    ask,
    conversation: async (id) => (await ask(`GET /conversations/${id}`)).json as unknown as Conversation,
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
};

export interface SearchOptions {
  readonly query?: unknown;
  readonly field?: string;
  readonly order?: string;
  readonly perPage?: number;
  readonly path?: string;
}

export const EVERYTHING = { field: 'created_at', operator: '>', value: 0 };

export const searchBody = (options: SearchOptions, cursor?: string): Record<string, unknown> => ({
  query: options.query ?? EVERYTHING,
  ...(options.field === undefined
    ? {}
    : { sort: { field: options.field, order: options.order ?? 'ascending' } }),
  pagination: {
    per_page: options.perPage ?? 150,
    ...(cursor === undefined ? {} : { starting_after: cursor }),
  },
});

/** The cursor of the next page; undefined on the last one. */
export const nextCursor = ({ pages }: Answer): string | undefined =>
  typeof pages.next === 'object' ? pages.next?.starting_after : undefined;

/** All pages of a search, in order. */
export const allPages = async (ask: OpenSandbox['ask'], options: SearchOptions = {}): Promise<Answer[]> => {
  const pages: Answer[] = [];
  let cursor: string | undefined;
  do {
    const { json } = await ask(
      `POST ${options.path ?? '/conversations/search'}`,
      searchBody(options, cursor),
    );
    pages.push(json);
    cursor = nextCursor(json);
  } while (cursor !== undefined && pages.length < 1_000);
  return pages;
};

export const idsOf = (pages: readonly Answer[]): string[] =>
  pages.flatMap(({ conversations, tickets, data }) =>
    [...(conversations ?? tickets ?? data)].map(({ id }) => id),
  );

/** A clock that stands still until it is moved. Unix ms. */
export const handClock = (start: number) => {
  let time = start;
  return {
    now: () => time,
    move: (ms: number) => {
      time += ms;
    },
  };
};
