import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { Field, SecretField } from '../../design/field.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { notify } from '../../design/toast.tsx';
import type { EarshotChat } from '../../widget/main.ts';

interface Keys {
  readonly app: string;
  readonly key: string;
}

const storageKey = 'earshot.support.demo';

/** From the address behind `#`, from its query, or as they were used last in this tab. */
function givenKeys(): Keys {
  const places = [new URLSearchParams(location.hash.slice(1)), new URLSearchParams(location.search)];
  for (const place of places) {
    const app = place.get('app') ?? place.get('app_id');
    const key = place.get('key') ?? place.get('api_key');
    if (app && key) return { app, key };
  }
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Partial<Keys>;
    return { app: kept.app ?? '', key: kept.key ?? '' };
  } catch {
    return { app: '', key: '' };
  }
}

function keep(keys: Keys): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(keys));
  } catch {
    // They can be typed in again.
  }
}

const widget = (): EarshotChat | undefined => window.EarshotChat;

/** A page as a customer would see it, with the chat bubble on it. */
export function SupportDemoPage() {
  const [keys, setKeys] = useState(givenKeys);
  const [running, setRunning] = useState(keys.app !== '' && keys.key !== '');
  const [problem, setProblem] = useState<string | undefined>();

  useEffect(() => {
    if (!running) return;
    keep(keys);
    const script = document.createElement('script');
    script.src = '/widget.js';
    script.dataset.appId = keys.app;
    script.dataset.apiKey = keys.key;
    script.dataset.title = 'The corner shop';
    script.dataset.greeting = 'Hello! How can we help you? We usually answer within a few minutes.';
    document.body.append(script);
    const open = () => widget()?.open();
    addEventListener('earshot-chat:ready', open, { once: true });
    return () => {
      // A chat that is on the page cannot be taken off it again; leaving the page does.
      removeEventListener('earshot-chat:ready', open);
    };
  }, [running, keys]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = { app: String(form.get('app') ?? '').trim(), key: String(form.get('key') ?? '').trim() };
    if (!given.app || !given.key) return setProblem('Both the app id and the API key are needed.');
    setProblem(undefined);
    setKeys(given);
    setRunning(true);
  };

  return (
    <PageFrame title="Chat demo · Earshot" section="Support demo">
      <div className="flex max-w-2xl flex-col gap-6 py-8 max-lg:mx-auto sm:py-12">
        <div className="flex flex-col gap-2">
          <h1 className="text-3xl font-semibold tracking-tight">The corner shop</h1>
          <p className="text-lg text-muted">
            A page as your customers see it. The chat bubble in the corner is the one that your own site gets.
          </p>
        </div>
        {running ? (
          <Running />
        ) : (
          <Card className="p-6 sm:p-8">
            <form onSubmit={submit} className="flex flex-col gap-4">
              <Field
                label="App id"
                name="app"
                defaultValue={keys.app}
                autoComplete="off"
                spellCheck={false}
              />
              <SecretField
                label="API key"
                name="key"
                defaultValue={keys.key}
                autoComplete="off"
                error={problem}
                hint="Both were shown when the app was set up; new keys are made in the inbox under Settings."
              />
              <Button type="submit" tone="primary" className="self-start">
                Show the chat
              </Button>
            </form>
          </Card>
        )}
      </div>
    </PageFrame>
  );
}

function Running() {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const signIn = (event: FormEvent) => {
    event.preventDefault();
    const id = email.trim() || name.trim();
    if (!id) return notify('A name or an e-mail address is needed.', 'danger');
    widget()?.setUser({
      id,
      name: name.trim() || null,
      email: email.trim() || null,
      attributes: { plan: 'demo' },
    });
    notify('The chat knows who you are now.');
  };
  return (
    <>
      <Card className="flex flex-col gap-4 p-6">
        <h2 className="text-lg font-semibold">Be a customer</h2>
        <p className="text-muted">
          Write something in the chat, then answer it in the{' '}
          <a
            href="/admin"
            target="_blank"
            rel="noreferrer"
            className="font-medium text-ink underline underline-offset-4"
          >
            inbox
          </a>
          , best in a window beside this one.
        </p>
        <div className="flex flex-wrap gap-3">
          <Button tone="primary" icon="companion" onClick={() => widget()?.open()}>
            Open the chat
          </Button>
          <Button
            onClick={() => {
              widget()?.track('demo_button_pressed', { page: 'demo' });
              notify('The event “demo_button_pressed” was tracked.');
            }}
          >
            Track an event
          </Button>
        </div>
      </Card>
      <Card className="p-6">
        <form onSubmit={signIn} className="flex flex-col gap-4">
          <h2 className="text-lg font-semibold">Sign in to the shop</h2>
          <p className="text-muted">
            Your own site does this with <code>EarshotChat.setUser()</code> once it knows its visitor. Until
            then they are anonymous.
          </p>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Name"
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Field
              label="E-mail"
              type="email"
              autoComplete="email"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
          </div>
          <div className="flex flex-wrap gap-3">
            <Button type="submit">Sign in</Button>
            <Button
              tone="plain"
              onClick={() => {
                widget()?.clearUser();
                notify('The chat has forgotten you.');
              }}
            >
              Sign out
            </Button>
          </div>
        </form>
      </Card>
    </>
  );
}
