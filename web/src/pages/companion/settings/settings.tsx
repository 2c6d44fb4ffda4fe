import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { account, language, send } from '../server.ts';
import { Connect } from './connect.tsx';
import { Keys } from './keys.tsx';
import { Section } from './section.tsx';
import { Webhooks } from './webhooks.tsx';

const languages = [
  'en',
  'fr',
  'es',
  'de',
  'it',
  'pt',
  'nl',
  'pl',
  'sv',
  'da',
  'fi',
  'uk',
  'ru',
  'tr',
  'ja',
  'ko',
  'zh',
  'hi',
  'ar',
];
const names = new Intl.DisplayNames(undefined, { type: 'language' });
const CONFIRMATION = 'delete';

export function Settings() {
  const queries = useQueryClient();
  const who = useQuery(account).data;
  const spoken = useQuery(language);
  const [isLeaving, setLeaving] = useState(false);
  const [typed, setTyped] = useState('');
  const act = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work();
      if (done) notify(done);
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };
  const leave = async () => {
    await queries.cancelQueries({ queryKey: ['companion'] });
    queries.setQueryData(account.queryKey, null);
    queries.removeQueries({
      queryKey: ['companion'],
      predicate: ({ queryKey }) => queryKey[1] !== 'account',
    });
  };
  const choices = [...new Set([...(spoken.data ? [spoken.data] : []), ...languages])].map((code) => ({
    value: code,
    label: code === 'multi' ? 'Several languages' : (names.of(code) ?? code),
  }));

  return (
    <div className="flex max-w-2xl flex-col gap-5">
      <h1 className="text-2xl font-semibold tracking-tight">Settings</h1>
      <Connect />
      <Section title="Language">
        <Select
          label="What you speak"
          hint="Conversations are recognised and summarised in this language."
          value={spoken.data ?? 'en'}
          disabled={spoken.isPending}
          choices={choices}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            queries.setQueryData(language.queryKey, chosen);
            void act(() => send('PATCH', '/v1/users/language', { language: chosen }), 'Saved.');
          }}
        />
      </Section>
      <Keys />
      <Webhooks />
      <Section title="Your data">
        <p className="text-muted">
          Everything that is yours, in one archive: conversations, words, to-dos, memories, people, chat.
        </p>
        <a
          href="/v1/users/export"
          download
          className="inline-flex min-h-11 items-center justify-center gap-2 self-start rounded-control border border-edge bg-surface px-4 font-medium hover:bg-hover"
        >
          Download everything
        </a>
      </Section>
      <Section title="Account">
        <p className="text-muted">Signed in as {who?.email || who?.name || 'you'}.</p>
        <div className="flex flex-wrap gap-3">
          <Button
            icon="exit"
            onClick={() =>
              void act(async () => {
                await send('POST', '/api/auth/sign-out', {});
                await leave();
              })
            }
          >
            Sign out
          </Button>
          <Button icon="trash" onClick={() => setLeaving(true)}>
            Delete my account
          </Button>
        </div>
      </Section>
      <Dialog
        open={isLeaving}
        title="Delete your account?"
        onClose={() => setLeaving(false)}
        actions={
          <>
            <Button data-first onClick={() => setLeaving(false)}>
              Keep it
            </Button>
            <Button
              tone="danger"
              icon="trash"
              blocked={typed.trim().toLowerCase() !== CONFIRMATION && `Type “${CONFIRMATION}” first`}
              onClick={() =>
                void act(async () => {
                  await send('DELETE', '/v1/users/delete-account');
                  setLeaving(false);
                  await leave();
                }, 'Your account and everything in it are gone.')
              }
            >
              Delete everything
            </Button>
          </>
        }
      >
        <p>
          Everything that belongs to this account goes, in all apps of this server: conversations, memories,
          stories, recordings. It cannot be brought back.
        </p>
        <Field
          label={`Type “${CONFIRMATION}” to confirm`}
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Dialog>
    </div>
  );
}
