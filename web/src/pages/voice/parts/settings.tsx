import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Select } from '../../../design/field.tsx';
import type { Offer } from '../server/offer.ts';
import type { Preferences } from '../talk/preferences.ts';
import { KeyForm } from './key-form.tsx';

interface SettingsProps {
  readonly offer: Offer | null;
  readonly preferences: Preferences;
  readonly hasKey: boolean;
  readonly hasMessages: boolean;
  readonly onChange: (preferences: Preferences) => void;
  readonly onKeyGiven: () => void;
  readonly onForgetKey: () => void;
  readonly onClear: () => void;
  readonly onForgetHistory: () => void;
  readonly onClose: () => void;
}

const OWN = 'browser';

/** How it sounds, the key, and what is kept where. */
export function Settings(props: SettingsProps) {
  const { offer, preferences, hasKey, hasMessages, onChange, onClose } = props;
  const voices = offer?.modes.speech.includes('server') ? offer.voices : [];
  return (
    <Dialog open title="Settings" onClose={onClose}>
      <Check
        label="Read answers aloud"
        isOn={preferences.isAloud}
        onChange={(isAloud) => onChange({ ...preferences, isAloud })}
      />
      <Select
        label="Voice"
        value={preferences.voice ?? OWN}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...preferences, voice: value === OWN ? null : value })
        }
        choices={[
          { value: OWN, label: 'Of this device' },
          ...voices.map((voice) => ({ value: voice, label: `Of the server: ${voice}` })),
        ]}
      />
      {offer?.history ? (
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <Check
            label="Let the server keep my conversations"
            isOn={preferences.isKeptOnServer}
            onChange={(isKeptOnServer) => onChange({ ...preferences, isKeptOnServer })}
          />
          <Button icon="trash" onClick={props.onForgetHistory}>
            Delete what it kept
          </Button>
        </div>
      ) : null}
      {offer?.key.required || offer?.key.accepted || hasKey ? (
        <div className="border-t border-line pt-4">
          {hasKey ? (
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p>Your API key is in use.</p>
              <Button icon="key" onClick={props.onForgetKey}>
                Forget key
              </Button>
            </div>
          ) : (
            <KeyForm onGiven={props.onKeyGiven} />
          )}
        </div>
      ) : null}
      <div className="flex flex-col gap-3 border-t border-line pt-4">
        <p className="text-sm text-muted">{whatIsKept}</p>
        <Button icon="plus" blocked={!hasMessages && 'Nothing has been said yet.'} onClick={props.onClear}>
          New conversation
        </Button>
      </div>
    </Dialog>
  );
}

/** The notice on what is stored where. */
const whatIsKept =
  'Your conversation stays in this browser until you begin a new one. Your voice and questions go to this server and the assistant that it asks, or to your browser’s own speech recognition.';

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Check({ label, isOn, onChange }: CheckProps) {
  return (
    <label className="flex min-h-11 items-center gap-3">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        className="size-5 accent-accent"
      />
      {label}
    </label>
  );
}
