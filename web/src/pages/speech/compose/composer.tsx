import { useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Select, Slider } from '../../../design/field.tsx';
import { Icon } from '../../../design/icon.tsx';
import { notify } from '../../../design/toast.tsx';
import { useConnection } from '../../../server/connection.ts';
import type { SpeechEngine } from '../../../server/info.ts';
import { sentence } from '../../../server/request.ts';
import { generate } from '../api.ts';
import { formatWords, playable } from '../formats.ts';
import { refreshLibrary } from '../queries.ts';
import { codePoints } from '../words.ts';
import { type Choices, keepChoices, keepDraft, storedChoices, storedDraft } from './draft.ts';
import { readTextFile } from './text-file.ts';
import { voiceHint } from './voices.ts';

const draftSettlesMs = 400;
const apple = /Mac|iPhone|iPad/.test(navigator.platform);

/** The sheet to write on, the voice to read it with, and the button. */
export function Composer({ engine }: { engine: SpeechEngine }) {
  const queries = useQueryClient();
  const online = useConnection() === 'online';
  const [draft, setDraft] = useState(storedDraft);
  const [choices, setChoices] = useState(() => offered(storedChoices(), engine));
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();

  const length = codePoints(draft.text);
  const tooLong = length > engine.maxCharacters;

  useEffect(() => {
    const timer = setTimeout(() => keepDraft(draft), draftSettlesMs);
    return () => clearTimeout(timer);
  }, [draft]);

  const choose = (change: Partial<Choices>) => {
    const next = { ...choices, ...change };
    setChoices(next);
    keepChoices(next);
  };

  const take = async (file: File) => {
    const read = await readTextFile(file, engine.maxCharacters);
    if ('refusal' in read) return setProblem(read.refusal);
    setDraft({ text: read.text, title: draft.title || read.title });
    setProblem(null);
    notify(`Took the text of “${file.name}”.`);
    area.current?.focus();
  };

  const submit = async () => {
    if (busy) return;
    const refused = !online
      ? 'You can write on; generating works again when the server can be reached.'
      : draft.text.trim() === ''
        ? 'Please write or drop in a text first.'
        : tooLong
          ? `This is ${(length - engine.maxCharacters).toLocaleString('en')} characters too long. Please shorten it.`
          : null;
    setProblem(refused);
    if (refused) return area.current?.focus();
    setBusy(true);
    try {
      const made = await generate({
        text: draft.text,
        ...(draft.title.trim() ? { title: draft.title.trim() } : {}),
        ...choices,
      });
      notify(
        made.status === 'ready'
          ? 'You already have this audio: it is in your library.'
          : 'Generating. You can go on writing.',
      );
      const empty = { title: '', text: '' };
      setDraft(empty);
      keepDraft(empty);
      refreshLibrary(queries);
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <section aria-labelledby={`${id}-heading`} className="min-w-0">
      <h2 id={`${id}-heading`} className="min-h-11 pb-3 text-xl font-semibold tracking-tight">
        New text
      </h2>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            form.current?.requestSubmit();
          }
        }}
      >
        <Card>
          <DropArea onFile={(file) => void take(file)}>
            <label className="block">
              <span className="sr-only">Title (optional)</span>
              <input
                value={draft.title}
                onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
                placeholder="Title (optional)"
                maxLength={200}
                autoComplete="off"
                className="min-h-12 w-full rounded-t-card border-b border-line bg-transparent px-5 font-semibold placeholder:font-normal focus-visible:-outline-offset-3"
              />
            </label>
            <label className="block">
              <span className="sr-only">Text</span>
              <textarea
                ref={area}
                value={draft.text}
                onChange={(event) => {
                  setDraft({ ...draft, text: event.currentTarget.value });
                  setProblem(null);
                }}
                placeholder="Write, paste, or drop a .txt or .md file here…"
                rows={9}
                aria-describedby={`${id}-count ${problem ? `${id}-problem` : ''}`}
                aria-invalid={problem !== null || tooLong}
                aria-keyshortcuts="Control+Enter Meta+Enter"
                className="block min-h-52 w-full resize-y bg-transparent px-5 py-4 font-serif text-lg leading-relaxed focus-visible:-outline-offset-3"
              />
            </label>
            <div className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-1 pr-5 pl-2">
              <FileButton onFile={(file) => void take(file)} />
              <p
                id={`${id}-count`}
                className={`text-sm tabular-nums ${tooLong ? 'font-medium text-danger' : 'text-muted'}`}
              >
                {length.toLocaleString('en')} of {engine.maxCharacters.toLocaleString('en')}
                <span className="sr-only"> characters</span>
              </p>
            </div>
          </DropArea>
        </Card>

        <div className="mt-5 grid gap-x-5 gap-y-4 sm:grid-cols-2">
          <Select
            label="Voice"
            value={choices.voice}
            onChange={(event) => choose({ voice: event.currentTarget.value })}
            choices={engine.voices.map((voice) => ({ value: voice, label: capital(voice) }))}
            hint={voiceHint(choices.voice, engine.engine)}
          />
          <Select
            label="Format"
            value={choices.format}
            onChange={(event) => choose({ format: event.currentTarget.value })}
            choices={engine.formats.map((format) => ({ value: format, label: formatWords(format) }))}
            hint={
              playable(choices.format)
                ? undefined
                : 'This browser cannot play it; you will be able to download it.'
            }
          />
          {engine.engine === 'builtin' ? null : (
            <Select
              label="Model"
              value={choices.model}
              onChange={(event) => choose({ model: event.currentTarget.value })}
              choices={engine.models.map((model) => ({ value: model, label: model }))}
            />
          )}
          <div className={engine.engine === 'builtin' ? 'sm:col-span-2' : ''}>
            <Slider
              label="Speed"
              min={0.25}
              max={4}
              step={0.05}
              value={choices.speed}
              words={`${choices.speed}×`}
              onChange={(speed) => choose({ speed: Math.round(speed * 100) / 100 })}
            />
          </div>
        </div>

        {problem ? (
          <p
            id={`${id}-problem`}
            role="alert"
            className="mt-4 flex gap-2 rounded-control bg-danger-soft px-4 py-3 text-danger"
          >
            <Icon name="warning" className="mt-0.5 size-5" />
            {problem}
          </p>
        ) : null}
        <div className="mt-5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button
            type="submit"
            tone="primary"
            busy={busy}
            blocked={!online && 'The server cannot be reached'}
            className="min-h-12 px-6 max-sm:w-full"
          >
            Generate audio
          </Button>
          <p className="text-sm text-muted max-sm:hidden">{apple ? '⌘' : 'Ctrl'} + Enter</p>
        </div>
      </form>
    </section>
  );
}

/** Remembered choices as far as this server still offers them. */
function offered(choices: Choices, engine: SpeechEngine): Choices {
  const pick = (value: string, among: readonly string[], otherwise: string) =>
    among.includes(value) ? value : among.includes(otherwise) ? otherwise : (among[0] ?? otherwise);
  return {
    voice: pick(choices.voice, engine.voices, 'nova'),
    model: pick(choices.model, engine.models, 'tts-1'),
    format: pick(choices.format, engine.formats, 'mp3'),
    speed: choices.speed,
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function FileButton({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button tone="plain" icon="file" onClick={() => input.current?.click()} className="px-3 text-sm">
        Choose a file
      </Button>
      <input
        ref={input}
        type="file"
        accept=".txt,.md,.markdown,text/plain,text/markdown"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file may be chosen again after it was changed.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </>
  );
}

function DropArea({ onFile, children }: { onFile: (file: File) => void; children: React.ReactNode }) {
  const [over, setOver] = useState(false);
  const carriesFile = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button "Choose a file"
    <div
      className={`relative rounded-card ${over ? 'outline-2 outline-offset-2 outline-accent outline-dashed' : ''}`}
      onDragOver={(event) => {
        if (!carriesFile(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (!file) return;
        event.preventDefault();
        onFile(file);
      }}
    >
      {children}
      {over ? (
        <p className="pointer-events-none absolute inset-0 grid place-items-center rounded-card bg-accent-soft/90 text-lg font-semibold">
          Drop the text here
        </p>
      ) : null}
    </div>
  );
}
