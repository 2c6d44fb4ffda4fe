import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Banner } from '../../design/banner.tsx';
import { Button, ButtonLink, Spinner } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { Field, SecretField } from '../../design/field.tsx';
import { PageFrame } from '../../design/page-frame.tsx';
import { sentence } from '../../server/request.ts';
import { beginSession } from '../admin/session.ts';
import { type MadeApp, setupApi } from './api.ts';
import { NewKeys } from './new-keys.tsx';

/** The first page of a new installation: makes an app, its key, and whoever owns it. */
export function SetupPage() {
  const { token } = useSearch({ from: '/setup' });
  const [made, setMade] = useState<{ readonly app: MadeApp; readonly isSignedIn: boolean } | null>(null);
  const [masterKey, setMasterKey] = useState<string | null>(null);
  return (
    <PageFrame title="Set up support · Earshot" section="Support">
      <div className="mx-auto flex max-w-2xl flex-col gap-6 py-8 sm:py-12">
        {made ? (
          <Ready {...made} onAnother={masterKey === null ? undefined : () => setMade(null)} />
        ) : token ? (
          <FirstOwner token={token} onMade={(app) => setMade({ app, isSignedIn: true })} />
        ) : masterKey === null ? (
          <AskForKey onKey={setMasterKey} />
        ) : (
          <Apps masterKey={masterKey} onMade={(app, isSignedIn) => setMade({ app, isSignedIn })} />
        )}
      </div>
    </PageFrame>
  );
}

function Title({ children, under }: { children: string; under: ReactNode }) {
  return (
    <div className="flex flex-col gap-2">
      <h1 className="text-3xl font-semibold tracking-tight">{children}</h1>
      <p className="text-lg text-muted">{under}</p>
    </div>
  );
}

function Ready(props: {
  readonly app: MadeApp;
  readonly isSignedIn: boolean;
  readonly onAnother: (() => void) | undefined;
}) {
  const { app, isSignedIn, onAnother } = props;
  const [stored, setStored] = useState(false);
  return (
    <>
      <Title under="Two steps are left: store the key, and let a customer write to you.">
        {`${app.name} is ready`}
      </Title>
      <NewKeys appId={app.id} apiKey={app.api_key} stored={stored} onStored={setStored} />
      <div className="flex flex-wrap items-center gap-3">
        {stored ? (
          <ButtonLink to="/admin" tone="primary" icon="arrow">
            {isSignedIn ? 'Open the inbox' : 'To the sign-in'}
          </ButtonLink>
        ) : (
          <Button tone="primary" blocked="First say that you have stored the key">
            {isSignedIn ? 'Open the inbox' : 'To the sign-in'}
          </Button>
        )}
        {onAnother ? (
          <Button blocked={!stored && 'First say that you have stored the key'} onClick={onAnother}>
            Back to the apps
          </Button>
        ) : null}
      </div>
    </>
  );
}

const least = 8;

interface Owner {
  readonly app_name: string;
  readonly email: string;
  readonly password: string;
}

function ownerOf(form: FormData): Owner {
  const value = (name: string) => String(form.get(name) ?? '');
  return { app_name: value('app').trim(), email: value('email').trim(), password: value('password') };
}

function problemOf({ app_name, email, password }: Owner): string | undefined {
  if (!app_name) return 'Please give your app a name.';
  if (!email) return 'Please fill in an e-mail address.';
  return password.length < least ? `A password needs at least ${least} characters.` : undefined;
}

function OwnerFields({ problem }: { problem: string | undefined }) {
  return (
    <>
      <Field label="E-mail" name="email" type="email" autoComplete="username" autoCapitalize="none" />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={`At least ${least} characters.`}
        error={problem}
      />
    </>
  );
}

function FirstOwner({ token, onMade }: { token: string; onMade: (app: MadeApp) => void }) {
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const owner = ownerOf(new FormData(event.currentTarget));
    const wrong = problemOf(owner);
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      const answer = await setupApi.start(token, owner);
      beginSession(answer);
      // The link is used up; a reload would only show that.
      history.replaceState(history.state, '', '/setup');
      onMade(answer.app);
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Title under="One form, and your customers can write to you. You will be the owner of the inbox.">
        Set up support chat
      </Title>
      <Card className="p-6 sm:p-8">
        <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
          <Field
            label="Name of your app"
            name="app"
            maxLength={200}
            autoComplete="organization"
            hint="Only your team sees it."
          />
          <OwnerFields problem={problem} />
          <Button type="submit" tone="primary" busy={busy}>
            Create the app and its inbox
          </Button>
        </form>
      </Card>
      <p className="text-sm text-muted">
        The link that brought you here works once, and only until the first account exists. Has it ended?
        Restart the server for a new one, or{' '}
        <a href="/setup" className="underline underline-offset-4">
          use the master key
        </a>
        .
      </p>
    </>
  );
}

function AskForKey({ onKey }: { onKey: (key: string) => void }) {
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = key.trim();
    if (!given) return setProblem('Please fill in the master key.');
    setBusy(true);
    setProblem(undefined);
    try {
      await setupApi.apps(given);
      onKey(given);
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Title under="Whoever runs this server makes apps here.">Set up support chat</Title>
      <Banner tone="calm" icon="info">
        A new server prints a one-time link where it was started; it leads here without a key. The line begins
        with “Set up support chat”.
      </Banner>
      <Card className="p-6 sm:p-8">
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <SecretField
            label="Master key"
            name="master-key"
            autoComplete="off"
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={problem}
            hint="The value of MASTER_API_KEY on the server. It stays in this page and is forgotten when you leave."
          />
          <Button type="submit" tone="primary" busy={busy}>
            Continue
          </Button>
        </form>
      </Card>
      <p className="text-muted">
        Your team has an inbox already?{' '}
        <a href="/admin" className="font-medium text-ink underline underline-offset-4">
          Sign in
        </a>
      </p>
    </>
  );
}

interface AppsProps {
  readonly masterKey: string;
  readonly onMade: (app: MadeApp, isSignedIn: boolean) => void;
}

function Apps({ masterKey, onMade }: AppsProps) {
  const apps = useQuery({
    queryKey: ['setup', 'apps'],
    queryFn: ({ signal }) => setupApi.apps(masterKey, signal),
    gcTime: 0,
  });
  const [withOwner, setWithOwner] = useState(true);
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const owner = ownerOf(new FormData(event.currentTarget));
    const wrong = withOwner ? problemOf(owner) : owner.app_name ? undefined : 'Please give the app a name.';
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      if (withOwner) {
        const answer = await setupApi.start(masterKey, owner);
        beginSession(answer);
        onMade(answer.app, true);
      } else {
        onMade(await setupApi.createApp(masterKey, owner.app_name), false);
      }
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Title under="Each app has its own customers, keys and team.">Apps of this server</Title>
      <Card className="p-6">
        {apps.isPending ? (
          <p role="status" className="flex gap-3 text-muted">
            <Spinner />
            Loading the apps
          </p>
        ) : apps.isError ? (
          <p className="text-danger">{sentence(apps.error)}</p>
        ) : apps.data.length === 0 ? (
          <p className="text-muted">There is no app yet. Make the first one below.</p>
        ) : (
          <ul aria-label="Apps" className="flex flex-col gap-3">
            {apps.data.map((app) => (
              <li key={app.id} className="flex flex-wrap items-baseline gap-x-4">
                <span className="font-medium">{app.name}</span>
                <code className="text-sm break-all text-muted">{app.id}</code>
                <span className="ml-auto text-sm text-muted">
                  {new Date(app.created_at).toLocaleDateString(undefined, { dateStyle: 'medium' })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card className="p-6 sm:p-8">
        <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
          <h2 className="text-lg font-semibold">Create an app</h2>
          <Field label="Name of the app" name="app" maxLength={200} error={withOwner ? undefined : problem} />
          <label className="flex min-h-11 cursor-pointer items-center gap-3">
            <input
              type="checkbox"
              checked={withOwner}
              onChange={(event) => setWithOwner(event.currentTarget.checked)}
              className="size-5 accent-accent"
            />
            With an owner, who answers its customers and invites the team
          </label>
          {withOwner ? <OwnerFields problem={problem} /> : null}
          <Button type="submit" tone="primary" busy={busy} className="self-start">
            Create the app
          </Button>
        </form>
      </Card>
    </>
  );
}
