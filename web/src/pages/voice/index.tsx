import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, IconButton } from '../../design/button.tsx';
import { Icon, type IconName } from '../../design/icon.tsx';
import { Logo } from '../../design/logo.tsx';
import { notify } from '../../design/toast.tsx';
import { useConnection } from '../../server/connection.ts';
import { useInstallation } from '../../shell/installation.ts';
import { keepConversation, loadConversation } from './keeping/conversation.ts';
import { forgetHistory } from './keeping/history.ts';
import { readKey } from './keeping/key.ts';
import { KeyForm } from './parts/key-form.tsx';
import { Messages } from './parts/messages.tsx';
import { TalkButton } from './parts/talk-button.tsx';
import { useCountdown } from './parts/use-countdown.ts';
import { Writing } from './parts/writing.tsx';
import { loadOffer, type Offer } from './server/offer.ts';
import { type Conductor, createConductor } from './talk/conductor.ts';
import { keepPreferences, loadPreferences } from './talk/preferences.ts';
import { createTalkStore } from './talk/store.ts';
import { startOf } from './talk/talk.ts';
import { isBusy, troubles, words } from './talk/words.ts';
import './voice.css';

const Settings = lazy(async () => ({ default: (await import('./parts/settings.tsx')).Settings }));

/** Tap one button, ask by voice, hear the answer. */
export function VoicePage() {
  useInstallation('voice');
  const [store] = useState(() => createTalkStore(startOf(loadConversation())));
  const talk = useSyncExternalStore(store.subscribe, store.get);
  const [offer, setOffer] = useState<Offer | null>(null);
  const [preferences, setPreferences] = useState(loadPreferences);
  const [hasKey, setHasKey] = useState(() => readKey() !== null);
  const [isSettingsOpen, openSettings] = useState(false);
  const [isWriting, setWriting] = useState(false);
  const connection = useConnection();
  const disc = useRef<HTMLSpanElement>(null);
  const keyField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLInputElement>(null);

  const latest = useRef({ offer, preferences });
  latest.current = { offer, preferences };
  const [conductor] = useState<Conductor>(() =>
    createConductor(store, {
      offer: () => latest.current.offer,
      preferences: () => latest.current.preferences,
      // Straight to the element: the level changes 25 times a second, and nothing else does.
      showLevel: (level) => disc.current?.style.setProperty('--level', String(Math.min(1, level * 6))),
      askForKey: () => requestAnimationFrame(() => keyField.current?.focus()),
    }),
  );

  useEffect(() => {
    const left = new AbortController();
    const load = async (): Promise<void> => {
      const loaded = await loadOffer(left.signal);
      left.signal.throwIfAborted();
      setOffer(loaded);
      if (loaded?.key.required && readKey() === null) store.dispatch({ type: 'key-needed' });
    };
    const retry = (): void => {
      if (!latest.current.offer) load().catch(() => undefined);
      conductor.resume();
    };
    const hide = (): void => {
      // Recognition stops when nobody sees the page; the next tap begins anew.
      if (
        document.visibilityState === 'hidden' &&
        store.get().phase === 'listening' &&
        !store.get().isHandsFree
      )
        conductor.tap();
    };
    // Who leaves has nothing to wait for.
    load().catch(() => undefined);
    addEventListener('online', retry);
    document.addEventListener('visibilitychange', hide);
    const stopKeeping = store.subscribe(() => keepConversation(store.get()));
    return () => {
      left.abort();
      removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', hide);
      stopKeeping();
      conductor.leave();
    };
  }, [conductor, store]);

  const onKeyGiven = useCallback(() => {
    setHasKey(true);
    openSettings(false);
    conductor.keyGiven();
  }, [conductor]);

  const { phase, notice, isHandsFree, messages } = talk;
  const seconds = useCountdown(talk.waitUntil);
  const isKeyAsked = phase === 'needs-key' || phase === 'invalid-key';
  const isWritingShown = isWriting || phase === 'mic-denied' || phase === 'mic-missing';
  const blocked = isKeyAsked
    ? words[phase].status
    : seconds > 0
      ? `You can ask again in ${seconds} s.`
      : null;
  const status = notice || words[phase].status;
  const isTrouble = troubles.has(phase);

  return (
    <div className="voice" data-phase={phase}>
      <title>Voice · Earshot</title>
      <div aria-hidden="true" className="voice-sky" />
      <header className="mx-auto flex w-full max-w-3xl items-center gap-1 px-4 pt-[max(0.5rem,env(safe-area-inset-top))] pb-1">
        <Link
          to="/"
          aria-label="Earshot, start page"
          className="-ml-2 grid size-11 place-items-center rounded-control hover:bg-hover"
        >
          <Logo className="size-7" />
        </Link>
        <h1 className="mr-auto font-semibold tracking-tight">Voice</h1>
        {messages.length > 0 ? (
          <IconButton label="New conversation" icon="plus" onClick={conductor.clear} />
        ) : null}
        <IconButton label="Settings" icon="gear" onClick={() => openSettings(true)} />
      </header>

      <main className="mx-auto flex w-full max-w-3xl flex-1 flex-col px-4 pt-2 pb-4">
        {connection === 'offline' && phase !== 'offline' ? (
          <p className="glass mb-3 flex items-center gap-2.5 rounded-2xl! px-4 py-2.5">
            <Icon name="offline" />
            You are offline.
          </p>
        ) : null}
        {messages.length === 0 && !isTrouble && talk.interim === '' && !isBusy(phase) ? (
          <Welcome isKeyAsked={isKeyAsked} />
        ) : (
          <div className="mt-auto pt-4">
            <Messages talk={talk} onRetry={conductor.retry} />
          </div>
        )}
        {isKeyAsked ? (
          <section aria-label="API key" className="glass mx-auto mt-3 w-full max-w-md p-4">
            <KeyForm
              field={keyField}
              refused={phase === 'invalid-key' ? words['invalid-key'].status : undefined}
              onGiven={onKeyGiven}
            />
          </section>
        ) : null}
      </main>

      <footer className="sticky bottom-0 mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        <div className="glass flex flex-col items-center gap-3 px-4 pt-4 pb-3">
          <p
            role="status"
            className={`flex gap-2.5 text-balance ${isTrouble ? '' : 'text-center text-muted'}`}
          >
            {isTrouble ? (
              <Icon name={phase === 'offline' ? 'offline' : 'warning'} className="mt-0.5 size-5" />
            ) : null}
            <span>
              {status}
              {seconds > 0 ? ` Try again in ${seconds} s.` : ''}
            </span>
          </p>
          <div className="grid w-full grid-cols-[1fr_auto_1fr] items-center">
            {isKeyAsked ? (
              <span />
            ) : (
              <SideButton
                words="Type"
                label="Type instead"
                icon="keyboard"
                isOn={isWritingShown}
                onTap={() => {
                  setWriting(!isWritingShown);
                  if (!isWritingShown) requestAnimationFrame(() => textField.current?.focus());
                }}
              />
            )}
            <TalkButton
              phase={phase}
              name={isHandsFree && phase !== 'speaking' ? 'Tap to end' : undefined}
              blocked={blocked}
              disc={disc}
              onTap={() => {
                if (!blocked || isKeyAsked) conductor.tap();
              }}
            />
            {offer?.modes.realtime && offer.modes.recognition.includes('server') && !isKeyAsked ? (
              <SideButton
                words="Hands-free"
                label={isHandsFree ? 'End hands-free' : 'Talk hands-free'}
                icon="wave"
                isOn={isHandsFree}
                onTap={isHandsFree ? conductor.endHandsFree : conductor.startHandsFree}
              />
            ) : null}
          </div>
          {isTrouble && !isKeyAsked ? (
            <Button tone="plain" onClick={() => store.dispatch({ type: 'dismissed' })}>
              {phase === 'tts-failed' ? 'Never mind' : 'Ask something else'}
            </Button>
          ) : null}
          {isWritingShown ? (
            <Writing
              field={textField}
              maxLength={offer?.limits.messageCharacters ?? 4_000}
              onAsk={conductor.askInWriting}
            />
          ) : null}
        </div>
      </footer>

      {isSettingsOpen ? (
        <Suspense fallback={null}>
          <Settings
            offer={offer}
            preferences={preferences}
            hasKey={hasKey}
            hasMessages={messages.length > 0}
            onChange={(changed) => {
              setPreferences(changed);
              keepPreferences(changed);
            }}
            onKeyGiven={onKeyGiven}
            onForgetKey={() => {
              setHasKey(false);
              conductor.keyForgotten();
            }}
            onClear={() => {
              openSettings(false);
              conductor.clear();
            }}
            onForgetHistory={() => {
              forgetHistory().then(
                () => notify('The server has deleted your conversations.'),
                () => notify('The server could not be asked. Please try again.', 'danger'),
              );
            }}
            onClose={() => openSettings(false)}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

function Welcome({ isKeyAsked }: { isKeyAsked: boolean }) {
  return (
    <div className={`flex flex-col items-center gap-3 text-center ${isKeyAsked ? 'py-2' : 'my-auto py-6'}`}>
      <p className="text-[clamp(1.6rem,6vw,2.6rem)] leading-tight font-semibold tracking-tight text-balance">
        Ask. Hear the answer.
      </p>
      <p className="max-w-sm text-balance text-muted">
        Tap the button and ask about your design work, as you would ask a colleague.
      </p>
      {isKeyAsked ? null : (
        <p className="max-w-sm text-sm text-balance text-muted">
          Your conversation stays in this browser. Your voice and questions go to this server, the assistant
          that it asks, or your browser’s speech recognition.
        </p>
      )}
    </div>
  );
}

interface SideButtonProps {
  /** Below the icon; `label` says the same at length. */
  readonly words: string;
  readonly label: string;
  readonly icon: IconName;
  readonly isOn: boolean;
  readonly onTap: () => void;
}

function SideButton({ words, label, icon, isOn, onTap }: SideButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isOn}
      onClick={onTap}
      className="flex min-h-14 min-w-14 flex-col items-center justify-center gap-1 justify-self-center rounded-2xl px-1 text-sm whitespace-nowrap text-muted hover:bg-hover aria-[pressed=true]:bg-accent-soft aria-[pressed=true]:text-accent"
    >
      <Icon name={icon} className="size-6" />
      {words}
    </button>
  );
}
