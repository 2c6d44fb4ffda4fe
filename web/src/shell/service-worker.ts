/** Opens one page without a network: its document and its files, exactly as one build made them. */

/** Paths, put in by the build (see web/shell-build.ts). */
declare const SHELL_PAGE: string;
declare const SHELL_FILES: readonly string[];
declare const SHELL_VERSION: string;

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends LastingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerEvents {
  readonly install: LastingEvent;
  readonly activate: LastingEvent;
  readonly fetch: RequestEvent;
  readonly message: MessageEvent<unknown>;
}
/** The part of a service worker's global scope that is used here; TypeScript has it only in place of the window's. */
interface WorkerScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof WorkerEvents>(type: K, listener: (event: WorkerEvents[K]) => void): void;
}

const scope = self as unknown as WorkerScope;
const PREFIX = `earshot-${SHELL_PAGE.slice(1)}-shell-`;
const CACHE = `${PREFIX}${SHELL_VERSION}`;

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Asked for anew: an older document from the browser's cache would name files that are gone.
  await cache.addAll(SHELL_FILES.map((path) => new Request(path, { cache: 'no-cache' })));
}

async function forgetFormer(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await scope.clients.claim();
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(fill()));
scope.addEventListener('activate', (event) => event.waitUntil(forgetFormer()));
scope.addEventListener('message', ({ data }) => {
  // The reader agreed to reload; until then the open page keeps the files it was made of.
  if (data === 'take over') void scope.skipWaiting();
});
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== scope.location.origin) return;
  if (request.mode === 'navigate' ? pathname === SHELL_PAGE : SHELL_FILES.includes(pathname))
    event.respondWith(answer(pathname, request));
});
