import type {
  EntityType,
  EntityValue,
  SyncChange,
  SyncChanges,
  SyncMutation,
  SyncPush,
  SyncPushed,
  SyncResult,
} from '../../src/index.js';
import { CREATE_FIELDS, UPDATE_FIELDS } from '../../src/records/fields.js';

interface Row {
  readonly type: EntityType;
  readonly id: string;
  readonly version: number;
  readonly value: EntityValue | null;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What becomes of a request on its way. */
export type Fate = 'arrives' | 'requestLost' | 'replyLost' | 'arrivesTwice' | Response;

/** The sync wire of the server in memory, for one owner; written from its description, not from its source. */
export interface FakeServer {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: Request[];
  /** How often each mutation was applied. */
  readonly applied: Map<string, number>;
  /** Decides about each request; everything arrives unless told otherwise. */
  fate: (request: Request) => Fate;
  /** Answers other routes than those of the sync; undefined = 404. */
  route: (request: Request) => Response | Promise<Response> | undefined;
  /** The token that is accepted. */
  token: string;
  epoch: string;
  latest(): number;
  rows(type?: EntityType): readonly Row[];
  /** A change by another device. */
  put(type: EntityType, id: string, fields: EntityValue): Row;
  remove(type: EntityType, id: string): void;
  push(request: SyncPush): SyncPushed;
  /** A backup is put back: what came after it is forgotten, and the epoch is another. */
  snapshot(): () => void;
  /** Open live streams. */
  streams(): number;
  announce(): void;
  endStreams(): void;
  advance(ms: number): void;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const errorAnswer = (
  status: number,
  code: string,
  message = code,
  more: Readonly<Record<string, unknown>> = {},
  headers: Record<string, string> = {},
): Response => json({ error: code, code, message, ...more }, status, headers);

export { json };

export function createFakeServer(now: () => number = () => Date.UTC(2026, 10, 21, 12)): FakeServer {
  let rows = new Map<string, Row>();
  let outcomes = new Map<string, { readonly type: EntityType; readonly id: string }>();
  let sequence = 0;
  let ids = 0;
  let clock = 0;
  const applied = new Map<string, number>();
  const requests: Request[] = [];
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const iso = (): string => new Date(now() + clock).toISOString();
  const keyOf = (type: EntityType, id: string): string => `${type}:${id}`;

  const write = (type: EntityType, id: string, value: EntityValue | null): Row => {
    sequence += 1;
    const row = { type, id, version: sequence, value: value && { ...value, version: sequence } };
    rows.set(keyOf(type, id), row);
    return row;
  };

  const put = (type: EntityType, id: string, fields: EntityValue): Row => {
    const former = rows.get(keyOf(type, id))?.value;
    return write(type, id, { ...(former ?? defaultsOf(type, iso())), ...fields, id, updatedAt: iso() });
  };

  const remove = (type: EntityType, id: string): Row => {
    for (const row of [...rows.values()]) {
      if (row.value && type === 'hero' && row.type === 'story' && row.value.heroId === id)
        remove('story', row.id);
      if (row.value && type === 'story' && row.type === 'illustration' && row.value.storyId === id) {
        remove('illustration', row.id);
      }
    }
    return write(type, id, null);
  };

  const rejected = (code: string, message: string): Omit<SyncResult, 'mutationId'> => ({
    status: 'rejected',
    reason: { code, message },
  });

  const done = (
    status: 'applied' | 'duplicate',
    type: EntityType,
    id: string,
  ): Omit<SyncResult, 'mutationId'> => {
    const row = rows.get(keyOf(type, id));
    return { status, id, version: row?.version ?? 0, value: row?.value ?? null };
  };

  function apply(mutation: SyncMutation): Omit<SyncResult, 'mutationId'> {
    const { mutationId, type, op, baseVersion, fields = {} } = mutation;
    const before = outcomes.get(mutationId);
    if (before) return done('duplicate', before.type, before.id);
    const remember = (id: string): Omit<SyncResult, 'mutationId'> => {
      outcomes.set(mutationId, { type, id });
      applied.set(mutationId, (applied.get(mutationId) ?? 0) + 1);
      return done('applied', type, id);
    };
    if (fields.name === '' || fields.title === '')
      return rejected('ValidationError', 'name: must not be empty');
    if (op === 'create') {
      if (type === 'story' && !rows.get(keyOf('hero', String(fields.heroId)))?.value) {
        return rejected('NotFound', 'There is no such hero.');
      }
      ids += 1;
      const id = `server-${ids}`;
      put(type, id, only(fields, CREATE_FIELDS[type]));
      return remember(id);
    }
    const id = mutation.id ?? '';
    const current = rows.get(keyOf(type, id));
    if (!current) return rejected('NotFound', 'There is no such thing.');
    if (op === 'play' || op === 'listen') {
      if (!current.value) return rejected('NotFound', 'There is no such story.');
      const plays = Number(current.value.playCount ?? 0) + 1;
      if (op === 'play') put(type, id, { playCount: plays, lastPlayedAt: mutation.at ?? iso() });
      return remember(id);
    }
    if (!current.value) {
      return op === 'delete'
        ? remember(id)
        : { status: 'conflict', id, version: current.version, value: null };
    }
    if (baseVersion !== undefined && baseVersion < current.version) {
      return { status: 'conflict', id, version: current.version, value: current.value };
    }
    if (op === 'delete') remove(type, id);
    else put(type, id, only(fields, UPDATE_FIELDS[type]));
    return remember(id);
  }

  const push = ({ mutations }: SyncPush): SyncPushed => ({
    results: mutations.map((mutation) => ({ mutationId: mutation.mutationId, ...apply(mutation) })),
    epoch: server.epoch,
    latest: sequence,
  });

  function changes(since: number, limit: number): SyncChanges {
    const from = since > sequence ? 0 : since;
    const later = [...rows.values()]
      .filter((row) => row.version > from)
      .sort((a, b) => a.version - b.version);
    const page = later.slice(0, limit).map(
      ({ type, id, version, value }): SyncChange => ({
        seq: version,
        type,
        id,
        deleted: value === null,
        value,
      }),
    );
    const hasMore = later.length > page.length;
    const next = hasMore ? (page.at(-1)?.seq ?? sequence) : sequence;
    return { epoch: server.epoch, changes: page, next, hasMore, latest: sequence };
  }

  function openStream(signal: AbortSignal | null | undefined): Response {
    let mine: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        streams.add(controller);
        const hello = JSON.stringify({ epoch: server.epoch, latest: sequence });
        controller.enqueue(encode(`event: ready\ndata: ${hello}\n\n`));
      },
      cancel: () => {
        if (mine) streams.delete(mine);
      },
    });
    signal?.addEventListener('abort', () => {
      if (mine && streams.delete(mine)) mine.error(signal.reason);
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  async function answer(request: Request, signal: AbortSignal | null | undefined): Promise<Response> {
    const routed = await server.route(request);
    if (routed) return routed;
    if (request.headers.get('authorization') !== `Bearer ${server.token}`) {
      return errorAnswer(401, 'Unauthorized', 'Authentication required');
    }
    if (request.path === '/api/sync/push') {
      const { mutations } = request.body as SyncPush;
      return mutations.length > 200
        ? errorAnswer(400, 'ValidationError', 'mutations: too many')
        : json({ data: push(request.body as SyncPush) });
    }
    if (request.path === '/api/sync/changes') {
      const { query } = request;
      return json({ data: changes(Number(query.get('since') ?? 0), Number(query.get('limit') ?? 500)) });
    }
    if (request.path === '/api/sync/stream') return openStream(signal);
    return errorAnswer(404, 'NotFound');
  }

  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(String(input));
    const request: Request = {
      method: init.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : init.body,
    };
    requests.push(request);
    const fate = server.fate(request);
    if (fate instanceof Response) return fate;
    if (fate === 'requestLost') throw new TypeError('fetch failed');
    if (fate === 'arrivesTwice') await answer(request, init.signal);
    const reply = await answer(request, init.signal);
    if (fate === 'replyLost') throw new TypeError('fetch failed');
    return reply;
  };

  const server: FakeServer = {
    fetch,
    requests,
    applied,
    fate: () => 'arrives',
    route: () => undefined,
    token: 'token-1',
    epoch: 'epoch-1',
    latest: () => sequence,
    rows: (type) => [...rows.values()].filter((row) => row.value !== null && (!type || row.type === type)),
    put,
    remove,
    push,
    snapshot: () => {
      const kept = { rows: new Map(rows), outcomes: new Map(outcomes), sequence };
      return () => {
        rows = new Map(kept.rows);
        outcomes = new Map(kept.outcomes);
        sequence = kept.sequence;
        server.epoch = `${server.epoch}'`;
      };
    },
    streams: () => streams.size,
    announce: () => {
      const data = JSON.stringify({ latest: sequence });
      for (const stream of streams) stream.enqueue(encode(`: heartbeat\n\nevent: change\ndata: ${data}\n\n`));
    },
    endStreams: () => {
      for (const stream of streams) stream.close();
      streams.clear();
    },
    advance: (ms) => {
      clock += ms;
    },
  };
  return server;
}

const only = (fields: EntityValue, names: readonly string[]): EntityValue =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

function defaultsOf(type: EntityType, at: string): EntityValue {
  const common = { createdAt: at, userId: 'user-1' };
  if (type === 'hero') return { ...common, age: 6, traits: ['Brave'], name: 'Luna' };
  if (type === 'customEvent') {
    return {
      ...common,
      description: '',
      category: 'general',
      tone: 'cheerful',
      keywords: [],
      aiEnhanced: false,
      isFavorite: false,
      usageCount: 0,
    };
  }
  if (type === 'illustration') {
    return {
      ...common,
      imageUrl: '',
      imagePrompt: '',
      sceneDescription: '',
      generationStatus: 'pending',
      displayOrder: 0,
      audioTimestamp: 0,
    };
  }
  return {
    ...common,
    audioGenerationStatus: 'pending',
    illustrationStatus: 'none',
    illustrationCount: 0,
    playCount: 0,
    isFavorite: false,
  };
}
