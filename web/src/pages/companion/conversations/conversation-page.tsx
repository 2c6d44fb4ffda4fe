import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { useNames } from '../notes/people.tsx';
import { Failed, Waiting } from '../notes/standing.tsx';
import { conversation, people, send } from '../server.ts';
import type { Conversation, Segment } from '../shapes.ts';
import { dayWords, lengthWords, placeWords, speakerWords, timeWords } from '../words.ts';

/** One conversation: what it was about, what is to do, and every word with its time and speaker. */
export function ConversationPage({ id }: { id: string }) {
  const asked = useQuery(conversation(id));
  if (asked.error) return <Failed error={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting words="Fetching the conversation …" />;
  return <Details conversation={asked.data} />;
}

function Details({ conversation: one }: { conversation: Conversation }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null);
  const [who, setWho] = useState<Segment | null>(null);
  const names = useNames();
  const { structured, status } = one;
  const refresh = () => queries.invalidateQueries({ queryKey: ['companion'] });
  const act = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work();
      await refresh();
      notify(done);
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim();
    if (!title) return;
    setDialog(null);
    void act(
      () => send('PATCH', `/v1/conversations/${one.id}/title?title=${encodeURIComponent(title)}`),
      'Renamed.',
    );
  };
  const seconds =
    one.started_at && one.finished_at
      ? (Date.parse(one.finished_at) - Date.parse(one.started_at)) / 1_000
      : null;

  return (
    <article className="flex flex-col gap-5">
      <div className="flex items-center gap-1">
        <Link
          to="/companion"
          search={{}}
          aria-label="Back to all conversations"
          className="grid size-11 place-items-center rounded-control hover:bg-hover lg:hidden"
        >
          <Icon name="left" />
        </Link>
        <span className="mr-auto text-sm text-muted">
          {dayWords(one.started_at ?? one.created_at)}, {timeWords(one.started_at ?? one.created_at)}
          {seconds === null ? '' : ` · ${lengthWords(seconds)}`}
        </span>
        <IconButton label="Rename" icon="pencil" onClick={() => setDialog('rename')} />
        <IconButton
          label="Summarise again"
          icon="retry"
          onClick={() =>
            void act(() => send('POST', `/v1/conversations/${one.id}/reprocess`), 'Summarised again.')
          }
        />
        <IconButton label="Delete" icon="trash" onClick={() => setDialog('remove')} />
      </div>
      <h2 className="text-2xl font-semibold tracking-tight text-balance">
        <span aria-hidden="true">{structured.emoji} </span>
        {structured.title || (status === 'processing' ? 'Being summarised …' : 'Untitled')}
      </h2>
      {status === 'processing' ? <Waiting words="Finding out what it was about …" /> : null}
      {structured.overview ? <p className="max-w-prose">{structured.overview}</p> : null}
      {structured.action_items.length > 0 ? (
        <section aria-label="To do" className="flex flex-col gap-2">
          <h3 className="font-semibold">To do</h3>
          <ul className="flex flex-col gap-1">
            {structured.action_items.map(({ description, completed }) => (
              <li key={description} className="flex gap-2">
                <Icon name={completed ? 'check' : 'arrow'} className="mt-1 size-4 shrink-0 text-accent" />
                {description}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section aria-label="What was said" className="flex flex-col gap-1">
        <h3 className="font-semibold">What was said</h3>
        {one.transcript_segments.length === 0 ? (
          <p className="text-muted">No words were kept.</p>
        ) : (
          <ol className="flex flex-col">
            {one.transcript_segments.map((segment) => (
              <li key={segment.id} className="flex gap-3 py-2">
                <span className="w-12 shrink-0 pt-0.5 text-right text-sm text-muted tabular-nums">
                  {placeWords(segment.start)}
                </span>
                <div className="min-w-0">
                  <button
                    type="button"
                    onClick={() => setWho(segment)}
                    aria-label={`${speakerWords(segment, names)}: say who this is`}
                    className="-mx-2 min-h-8 rounded-control px-2 text-sm font-medium text-accent hover:bg-hover"
                  >
                    {speakerWords(segment, names)}
                  </button>
                  <p>{segment.text}</p>
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
      <Dialog open={dialog === 'rename'} title="Rename" onClose={() => setDialog(null)}>
        <form onSubmit={rename} className="flex flex-col gap-4">
          <Field label="Title" name="title" defaultValue={structured.title} maxLength={200} data-first />
          <Button type="submit" tone="primary" className="self-end">
            Rename
          </Button>
        </form>
      </Dialog>
      <Dialog
        open={dialog === 'remove'}
        title="Delete this conversation?"
        onClose={() => setDialog(null)}
        actions={
          <>
            <Button data-first onClick={() => setDialog(null)}>
              Keep it
            </Button>
            <Button
              tone="danger"
              icon="trash"
              onClick={() => {
                setDialog(null);
                void act(async () => {
                  await send('DELETE', `/v1/conversations/${one.id}`);
                  await navigate({ to: '/companion', search: {} });
                }, 'Deleted.');
              }}
            >
              Delete
            </Button>
          </>
        }
      >
        <p>Every word of it goes, and cannot be brought back. What was remembered from it stays.</p>
      </Dialog>
      <WhoDialog
        conversation={one}
        segment={who}
        onClose={() => setWho(null)}
        onChosen={(work) => void act(work, 'Noted.')}
      />
    </article>
  );
}

function WhoDialog(props: {
  conversation: Conversation;
  segment: Segment | null;
  onClose: () => void;
  onChosen: (work: () => Promise<unknown>) => void;
}) {
  const { conversation: one, segment, onClose, onChosen } = props;
  const known = useQuery(people).data ?? [];
  const assign = (value: string) => {
    if (!segment) return;
    // The same voice is the same person in the whole conversation.
    const ids = one.transcript_segments
      .filter(({ speaker }) => speaker === segment.speaker)
      .map((other) => other.id);
    const body =
      value === 'me'
        ? { segment_ids: ids, assign_type: 'is_user', value: 'true' }
        : { segment_ids: ids, assign_type: 'person_id', value: value === 'nobody' ? null : value };
    onClose();
    onChosen(() => send('PATCH', `/v1/conversations/${one.id}/segments/assign-bulk`, body));
  };
  const chosen = segment?.is_user ? 'me' : (segment?.person_id ?? 'nobody');
  return (
    <Dialog open={segment !== null} title="Who is speaking?" onClose={onClose}>
      <Select
        label="Everything that this voice says in this conversation"
        defaultValue={chosen}
        data-first
        onChange={(event) => assign(event.currentTarget.value)}
        choices={[
          { value: 'nobody', label: 'Nobody I know' },
          { value: 'me', label: 'Me' },
          ...known.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <p className="text-sm text-muted">More people can be added under People.</p>
    </Dialog>
  );
}

/** Stands beside the list on wide screens while nothing is open. */
export function NothingOpen() {
  return (
    <Card className="grid min-h-72 place-items-center p-8 text-center text-muted max-lg:hidden">
      Choose a conversation to read it.
    </Card>
  );
}
