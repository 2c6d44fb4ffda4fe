import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Select, Slider } from '../../../design/field.tsx';
import { chooseTheme, type Theme, useTheme } from '../../../design/theme.ts';
import { notify } from '../../../design/toast.tsx';
import { useInstallable } from '../../../shell/installation.ts';
import { useClient, useSyncStatus, useWatched } from '../client.tsx';
import { changePreferences, usePreferences } from '../preferences.ts';
import { Heading } from '../shell/heading.tsx';
import { Tick } from '../shell/tick.tsx';
import { useLanguages } from '../shell/use-languages.ts';
import { useReach } from '../syncing/standing.ts';
import { agoWords, counted, failureSentence, voices } from '../words.ts';
import { AccountSettings } from './account.tsx';
import { Limits } from './limits.tsx';
import { MediaSettings } from './media.tsx';
import { Moving } from './moving.tsx';
import { Section } from './section.tsx';

/** Everything that can be chosen, and the ways in and out. */
export default function Settings() {
  return (
    <>
      <Heading title="Settings">Settings</Heading>
      <div className="grid items-start gap-4 lg:grid-cols-2 lg:gap-6">
        <div className="flex flex-col gap-4 lg:gap-6">
          <StorySettings />
          <SyncSettings />
          <Moving />
        </div>
        <div className="flex flex-col gap-4 lg:gap-6">
          <Appearance />
          <MediaSettings />
          <Limits />
          <AccountSettings />
        </div>
      </div>
    </>
  );
}

function StorySettings() {
  const { account, log } = useClient();
  const { voice, narrate, illustrate } = usePreferences();
  const languages = useLanguages();
  const chooseLanguage = (name: string): void => {
    changePreferences({ language: name });
    // The profile is told when it can be reached; what counts here is this device's choice.
    account
      .updateProfile({ preferredLanguage: name })
      .catch((error: unknown) =>
        log('debug', 'http', 'the language was not told', { reason: String(error) }),
      );
  };
  return (
    <Section title="New stories" about="What the form for a new story begins with.">
      <Select
        label="Language of the stories"
        value={languages.chosen}
        choices={languages.offered.map((name) => ({ value: name, label: name }))}
        onChange={(event) => chooseLanguage(event.currentTarget.value)}
        hint={languages.hint}
      />
      <Select
        label="Voice"
        value={voice}
        choices={voices}
        onChange={(event) => changePreferences({ voice: event.currentTarget.value })}
      />
      <div>
        <Tick isOn={narrate} onChange={(isOn) => changePreferences({ narrate: isOn })}>
          Have new stories read aloud
        </Tick>
        <Tick isOn={illustrate} onChange={(isOn) => changePreferences({ illustrate: isOn })}>
          Have pictures drawn
        </Tick>
      </div>
    </Section>
  );
}

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

function Appearance() {
  const theme = useTheme();
  const { install, isKept } = useInstallable();
  return (
    <Section title="This device">
      <Select
        label="Light or dark"
        value={theme}
        choices={themes}
        onChange={(event) => {
          const chosen = themes.find(({ value }) => value === event.currentTarget.value);
          if (chosen) chooseTheme(chosen.value);
        }}
      />
      <div className="flex flex-col items-start gap-2">
        {install ? (
          <Button icon="download" onClick={install}>
            Install as an app
          </Button>
        ) : null}
        <p className="text-sm text-muted">
          {isKept
            ? 'This page opens without a network too. To have it on the home screen, use “Install” or “Add to home screen” in the browser’s menu.'
            : isSecureContext
              ? 'The page is being kept for use without a network; reload once to be sure.'
              : 'Browsers keep pages for use without a network only when they come by HTTPS (or from this computer itself). What you made is kept in any case.'}
        </p>
      </div>
    </Section>
  );
}

function SyncSettings() {
  const client = useClient();
  const reach = useReach();
  const { syncing, lastSyncedAt } = useSyncStatus();
  const { preferences } = client;
  const { syncIntervalSeconds, backgroundSync } = useWatched(preferences.current, preferences.subscribe);
  const [minutes, setMinutes] = useState(syncIntervalSeconds / 60);
  const change = (changes: Parameters<typeof preferences.change>[0]): void => {
    preferences.change(changes).catch((error: unknown) => notify(failureSentence(error), 'danger'));
  };
  const syncNow = async (): Promise<void> => {
    const { outcome, error } = await client.sync.sync({ trigger: 'manual' });
    if (outcome === 'completed') notify('Everything is synced.');
    else if (error) notify(failureSentence(error), 'danger');
  };
  return (
    <Section
      title="Sync"
      about="Your changes are sent at once, and those of other devices arrive within a second while this page is open. Besides, it asks now and then."
    >
      <Tick isOn={backgroundSync} onChange={(isOn) => change({ backgroundSync: isOn })}>
        Ask the server regularly
      </Tick>
      <Slider
        label="Every"
        min={1}
        max={60}
        step={1}
        value={minutes}
        words={counted(minutes, 'minute')}
        disabled={!backgroundSync}
        onChange={(value) => {
          setMinutes(value);
          change({ syncIntervalSeconds: value * 60 });
        }}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon="retry"
          busy={syncing}
          blocked={reach === 'offline' && 'You are offline'}
          onClick={() => void syncNow()}
        >
          Sync now
        </Button>
        <p className="text-sm text-muted">
          {lastSyncedAt === null ? 'Not synced yet' : `Last synced ${agoWords(lastSyncedAt)}`}
        </p>
      </div>
    </Section>
  );
}
