import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button, IconButton } from '../../../design/button.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { sentence } from '../../../server/request.ts';
import { Failed, Waiting } from '../notes/standing.tsx';
import { ask, messages, send } from '../server.ts';
import type { Message } from '../shapes.ts';
import { createFrameReader } from './frames.ts';

interface Turn {
  readonly question: string;
  readonly answer: string;
  readonly thought: string;
  readonly problem: string | null;
}

/** Questions about what was said, answered from the user's own records. */
export function Chat() {
  const queries = useQueryClient();
  const asked = useQuery(messages);
  const [turn, setTurn] = useState<Turn | null>(null);
  const [text, setText] = useState('');
  const running = useRef<AbortController | null>(null);
  const end = useRef<HTMLDivElement>(null);
  const isBusy = turn !== null && turn.problem === null;
  const count = asked.data?.length ?? 0;

  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    if (count > 0 || turn) end.current?.scrollIntoView({ block: 'end' });
  }, [count, turn]);

  const question = async (words: string) => {
    const controller = new AbortController();
    running.current = controller;
    setTurn({ question: words, answer: '', thought: 'Looking through what you said …', problem: null });
    try {
      const answer = await ask('/v2/messages?app_id=', {
        method: 'POST',
        signal: controller.signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: words, file_ids: null }),
      });
      const read = createFrameReader();
      const decoder = new TextDecoder();
      const body = answer.body?.getReader();
      for (let piece = await body?.read(); piece && !piece.done; piece = await body?.read())
        for (const frame of read(decoder.decode(piece.value, { stream: true }))) {
          if (frame.kind === 'think') setTurn((now) => now && { ...now, thought: frame.text });
          else if (frame.kind === 'data')
            setTurn((now) => now && { ...now, answer: now.answer + frame.text });
        }
      await queries.invalidateQueries({ queryKey: messages.queryKey });
      setTurn(null);
    } catch (error) {
      if (controller.signal.aborted) {
        await queries.invalidateQueries({ queryKey: messages.queryKey });
        setTurn(null);
      } else setTurn((now) => now && { ...now, problem: sentence(error) });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (!words || isBusy) return;
    setText('');
    void question(words);
  };
  const clear = async () => {
    try {
      await send('DELETE', '/v2/messages?app_id=');
      await queries.invalidateQueries({ queryKey: messages.queryKey });
    } catch (error) {
      notify(sentence(error), 'danger');
    }
  };

  return (
    <section aria-label="Chat" className="flex max-w-3xl flex-col gap-4">
      <div className="flex items-center gap-3">
        <h1 className="mr-auto text-2xl font-semibold tracking-tight">Ask</h1>
        {count > 1 ? (
          <Button tone="plain" icon="trash" onClick={() => void clear()}>
            Begin anew
          </Button>
        ) : null}
      </div>
      {asked.error ? <Failed error={asked.error} retry={() => void asked.refetch()} /> : null}
      {!asked.data && !asked.error ? <Waiting words="Fetching …" /> : null}
      <div role="log" aria-label="Messages" className="flex min-h-[40dvh] flex-col gap-3">
        {asked.data?.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
        {turn ? (
          <>
            <p className="max-w-[85%] self-end rounded-card bg-accent px-4 py-2.5 whitespace-pre-wrap text-on-accent">
              {turn.question}
            </p>
            {turn.problem ? (
              <Banner
                tone="amber"
                icon="warning"
                action={
                  <Button icon="retry" onClick={() => void question(turn.question)}>
                    Ask again
                  </Button>
                }
              >
                {turn.problem}
              </Banner>
            ) : (
              <p className="max-w-[85%] self-start rounded-card border border-line bg-surface px-4 py-2.5 whitespace-pre-wrap">
                {turn.answer || <span className="animate-breathe text-muted">{turn.thought}</span>}
              </p>
            )}
          </>
        ) : null}
        <div ref={end} className="scroll-mb-28" />
      </div>
      <form
        onSubmit={submit}
        className="sticky bottom-[calc(0.75rem+var(--tabs,0rem))] flex items-end gap-2 rounded-card border border-line bg-surface p-2 shadow-raised"
      >
        <label className="sr-only" htmlFor="question">
          Your question
        </label>
        <textarea
          id="question"
          rows={1}
          value={text}
          maxLength={4_000}
          placeholder="What did I promise on Monday?"
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
          }}
          className="field-sizing-content max-h-40 min-h-11 flex-1 resize-none bg-transparent px-3 py-2.5 outline-none"
        />
        {isBusy ? (
          <IconButton label="Stop answering" icon="close" onClick={() => running.current?.abort()} />
        ) : (
          <IconButton label="Send" icon="send" tone="primary" type="submit" />
        )}
      </form>
    </section>
  );
}

function Bubble({ message: { text, sender, memories = [] } }: { message: Message }) {
  if (sender === 'human')
    return (
      <p className="max-w-[85%] self-end rounded-card bg-accent px-4 py-2.5 whitespace-pre-wrap text-on-accent">
        {text}
      </p>
    );
  return (
    <div className="flex max-w-[85%] flex-col items-start gap-2 self-start">
      <p className="rounded-card border border-line bg-surface px-4 py-2.5 whitespace-pre-wrap">{text}</p>
      {memories.map(({ id, structured }) => (
        <Link
          key={id}
          to="/companion"
          search={{ id }}
          className="inline-flex min-h-11 items-center gap-2 rounded-control border border-edge px-3 text-sm hover:bg-hover"
        >
          <span aria-hidden="true">{structured.emoji}</span>
          {structured.title}
          <Icon name="arrow" className="size-4 text-muted" />
        </Link>
      ))}
    </div>
  );
}
