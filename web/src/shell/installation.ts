import { useEffect, useState } from 'react';

/** The apps whose page can be installed; each has its files by this name (see web/shell-build.ts). */
export type InstallableApp = 'stories' | 'voice';

/** What browsers that can install pages hand over before they offer it themselves. */
interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

let prompt: InstallPrompt | null = null;
let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  prompt = event as InstallPrompt;
  tell();
});
addEventListener('appinstalled', () => {
  prompt = null;
  tell();
});

function follow(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    // Without a controller it is the very first one, and nothing has to be replaced.
    waiting = navigator.serviceWorker.controller ? registration.waiting : null;
    tell();
  };
  look();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
}

/** Keeps the page's files in the browser, as far as it allows: only secure pages may. */
async function keepFiles(app: InstallableApp): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  follow(await navigator.serviceWorker.register(`/${app}-sw.js`, { scope: `/${app}` }));
}

/** What is installed from here is the app, not the server's start page. */
function showOwnManifest(app: InstallableApp): () => void {
  const own = { manifest: `/${app}.webmanifest`, 'apple-touch-icon': `/${app}-icon-192.png` };
  const former = Object.entries(own).flatMap(([rel, href]) => {
    const link = document.querySelector<HTMLLinkElement>(`link[rel="${rel}"]`);
    if (!link) return [];
    const before = link.getAttribute('href') ?? '';
    link.setAttribute('href', href);
    return [{ link, before }];
  });
  return () => {
    for (const { link, before } of former) link.setAttribute('href', before);
  };
}

/** For the page: makes it installable and openable without a network. */
export function useInstallation(app: InstallableApp): void {
  useEffect(() => {
    // Where it may not keep them, the page works all the same, and only needs the network to be opened.
    keepFiles(app).catch(() => undefined);
    return showOwnManifest(app);
  }, [app]);
}

export interface Installation {
  /** Null where the browser offers no such thing, or where it is installed already. */
  readonly install: (() => void) | null;
  /** A newer page waits; the call reloads into it. */
  readonly update: (() => void) | null;
  /** The page opens without a network. */
  readonly isKept: boolean;
}

function current(): Installation {
  const offered = prompt;
  const next = waiting;
  return {
    install: offered && (() => void offered.prompt().catch(() => undefined)),
    update:
      next &&
      (() => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        next.postMessage('take over');
      }),
    isKept: 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null,
  };
}

export function useInstallable(): Installation {
  const [installation, setInstallation] = useState(current);
  useEffect(() => {
    const take = (): void => setInstallation(current());
    take();
    listeners.add(take);
    const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
    workers?.addEventListener('controllerchange', take);
    return () => {
      listeners.delete(take);
      workers?.removeEventListener('controllerchange', take);
    };
  }, []);
  return installation;
}
