import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { SecretField } from '../../../design/field.tsx';
import { Icon, type IconName } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { sendAsAccount } from '../../../server/account.ts';
import { request, sentence } from '../../../server/request.ts';
import { endSession, useStanding } from '../../speech/session.ts';
import { Asked, Row, Section } from './section.tsx';
import { type Identity, type IdentityKind, identities } from './server.ts';
import { useChange } from './use-change.ts';
import { instantWords } from './words.ts';

const kinds: Readonly<Record<IdentityKind, { readonly words: string; readonly icon: IconName }>> = {
  email: { words: 'E-mail and password', icon: 'person' },
  apple: { words: 'Apple', icon: 'person' },
  firebase: { words: 'Firebase', icon: 'cloud' },
  'speech-key': { words: 'A speech key', icon: 'key' },
  other: { words: 'Another sign-in', icon: 'key' },
};

/** JSON Web Tokens begin so, keys do not. */
const isToken = (secret: string): boolean => secret.startsWith('eyJ');

/** A key proves itself by the session that it opens. */
async function tokenOf(secret: string): Promise<string> {
  if (isToken(secret)) return secret;
  const answer = await request('/auth/verify', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ openai_token: secret }),
  });
  return ((await answer.json()) as { readonly session_token: string }).session_token;
}

const link = async (secret: string): Promise<Response> =>
  sendAsAccount('POST', '/api/account/identities', { token: await tokenOf(secret) });

/** The ways into the account. */
export function SignIns() {
  const asked = useQuery(identities);
  const { busy, change } = useChange(['account']);
  const [isLinking, setLinking] = useState(false);
  const here = useStanding().session;

  const bring = async (key: string) => {
    if (await change('here', () => link(key), 'The library of this browser is in your account now.'))
      endSession();
  };

  return (
    <Section
      id="sign-ins"
      title="Ways in"
      about="What is linked here leads into this one account."
      action={
        <Button icon="plus" className="shrink-0" onClick={() => setLinking(true)}>
          Link
          <span className="sr-only"> another way in</span>
        </Button>
      }
    >
      {here?.key ? (
        <div className="flex flex-wrap items-center gap-3 rounded-control bg-accent-soft px-4 py-3">
          <p className="min-w-48 flex-1">
            This browser has a speech library that is not in your account yet.
          </p>
          <Button busy={busy === 'here'} onClick={() => void bring(here.key)}>
            Bring it in
          </Button>
        </div>
      ) : null}
      <Asked query={asked} what="your ways in">
        {(list) => (
          <ul className="rounded-card border border-line bg-surface px-4">
            {list.map((identity) => (
              <WayIn
                key={identity.id}
                identity={identity}
                isBusy={busy === identity.id}
                unlink={() =>
                  void change(
                    identity.id,
                    () => sendAsAccount('DELETE', `/api/account/identities/${identity.id}`),
                    'It does not lead into your account any more.',
                  )
                }
              />
            ))}
          </ul>
        )}
      </Asked>
      <LinkDialog
        open={isLinking}
        close={() => setLinking(false)}
        linked={() =>
          void change('linked', async () => undefined, 'Linked. It leads into your account from now on.')
        }
      />
    </Section>
  );
}

function WayIn({ identity, isBusy, unlink }: { identity: Identity; isBusy: boolean; unlink: () => void }) {
  const { words, icon } = kinds[identity.kind];
  return (
    <Row
      icon={<Icon name={icon} />}
      title={words}
      detail={`Since ${instantWords(identity.linked_at)}`}
      action={
        identity.can_unlink ? (
          <IconButton label={`Unlink: ${words}`} icon="trash" busy={isBusy} onClick={unlink} />
        ) : null
      }
    />
  );
}

function LinkDialog({ open, close, linked }: { open: boolean; close: () => void; linked: () => void }) {
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const secret = String(new FormData(event.currentTarget).get('secret') ?? '').trim();
    if (secret === '') return setProblem('Please paste a key or a token.');
    setProblem(undefined);
    setBusy(true);
    try {
      await link(secret);
      close();
      linked();
    } catch (error) {
      setProblem(sentence(error));
      notify('Nothing was linked.', 'danger');
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open={open}
      title="Link another way in"
      onClose={() => {
        setProblem(undefined);
        close();
      }}
    >
      <p className="text-muted">
        A speech key or a Firebase sign-in brings along all that it has here: recordings, conversations,
        stories. It stays in your account, also when you take the link off again.
      </p>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <SecretField
          label="Speech key, or Firebase ID token"
          name="secret"
          autoComplete="off"
          placeholder="sk-…"
          error={problem}
          data-first=""
        />
        <Button type="submit" tone="primary" busy={isBusy} className="self-end">
          Link
        </Button>
      </form>
    </Dialog>
  );
}
