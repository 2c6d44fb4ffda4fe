import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Banner } from '../../../design/banner.tsx';
import { Button, IconButton } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Icon } from '../../../design/icon.tsx';
import { serverInfo } from '../../../server/info.ts';
import { useNames } from '../notes/people.tsx';
import { language } from '../server.ts';
import { placeWords, speakerWords } from '../words.ts';
import { type Listening, useListening } from './listening.ts';
import { useRecorder } from './recorder-context.tsx';

const words: Readonly<Record<Listening['phase'], string>> = {
  idle: 'Start listening',
  asking: 'Waiting for the microphone …',
  connecting: 'Connecting …',
  listening: 'Listening',
  reconnecting: 'The connection broke. What you say is kept, and sent when it is back.',
  finishing: 'Writing down the last words …',
};

/** The recorder: one button, what is being said, and how long already. */
export function LivePanel() {
  const recorder = useRecorder();
  const state = useListening(recorder);
  const spoken = useQuery(language).data;
  const server = useQuery(serverInfo).data;
  const isOn = state.phase !== 'idle';
  const hearsNoWords = server?.engines.transcription.engine === null;

  return (
    <Card className="flex flex-col gap-4 p-5 sm:p-6">
      <div className="flex items-center gap-4">
        <RecordButton
          state={state}
          onStart={() => void recorder.start(spoken ?? 'en')}
          onStop={() => void recorder.stop()}
        />
        <div className="min-w-0 flex-1">
          <p role="status" className="font-semibold">
            {words[state.phase]}
          </p>
          <p className="text-sm text-muted">
            {state.since === null ? 'Talk, and it is written down here.' : <Elapsed since={state.since} />}
          </p>
        </div>
        {state.phase === 'listening' || state.phase === 'reconnecting' ? (
          <Button tone="primary" icon="check" onClick={() => void recorder.stop()}>
            Done
          </Button>
        ) : null}
      </div>
      {hearsNoWords && !isOn ? (
        <Banner tone="calm" icon="info">
          This server hears when somebody speaks, but not what: its operator can install PocketSphinx or a
          model.
        </Banner>
      ) : null}
      {state.problem ? (
        <Banner
          tone="amber"
          icon="warning"
          action={<IconButton label="Dismiss" icon="close" onClick={recorder.forget} />}
        >
          {state.problem}
        </Banner>
      ) : null}
      {isOn ? <Transcript state={state} /> : null}
    </Card>
  );
}

function RecordButton(props: { state: Listening; onStart: () => void; onStop: () => void }) {
  const { phase, level } = props.state;
  const isOn = phase === 'listening' || phase === 'reconnecting' || phase === 'connecting';
  const isBusy = phase === 'asking' || phase === 'finishing';
  return (
    <button
      type="button"
      aria-label={isOn ? 'Stop listening' : 'Start listening'}
      aria-disabled={isBusy}
      onClick={() => {
        if (isBusy) return;
        if (isOn) props.onStop();
        else props.onStart();
      }}
      className={`relative grid size-16 shrink-0 place-items-center rounded-full transition-colors duration-150 ${
        isOn ? 'bg-danger text-surface' : 'bg-accent text-on-accent hover:bg-accent-strong'
      } aria-disabled:bg-sunken aria-disabled:text-muted`}
    >
      {isOn ? (
        <span
          aria-hidden="true"
          style={{ transform: `scale(${1 + Math.min(1, level * 8) * 0.35})` }}
          className="absolute inset-0 rounded-full border-2 border-danger transition-transform duration-100"
        />
      ) : null}
      <Icon name={isOn ? 'wave' : 'mic'} className="size-7" />
    </button>
  );
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span className="tabular-nums">{placeWords((now - since) / 1_000)}</span>;
}

function Transcript({ state: { segments, phase } }: { state: Listening }) {
  const names = useNames();
  const end = useRef<HTMLDivElement>(null);
  const last = segments.at(-1)?.text;
  useEffect(() => {
    if (last) end.current?.scrollIntoView({ block: 'nearest' });
  }, [last]);
  if (segments.length === 0)
    return phase === 'finishing' ? null : (
      <p className="rounded-control bg-sunken px-4 py-6 text-center text-muted">
        Words appear here a moment after each sentence.
      </p>
    );
  return (
    <div
      role="log"
      aria-label="What is being said"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="flex max-h-80 flex-col gap-3 overflow-y-auto rounded-control bg-sunken p-4"
    >
      {segments.map((segment) => (
        <p key={segment.id} className="animate-rise">
          <span className="mr-2 text-sm text-muted">{speakerWords(segment, names)}</span>
          {segment.text}
        </p>
      ))}
      <div ref={end} />
    </div>
  );
}
