import type { Ref } from 'react';
import { Icon } from '../../../design/icon.tsx';
import type { Phase } from '../talk/talk.ts';
import { words } from '../talk/words.ts';

interface TalkButtonProps {
  readonly phase: Phase;
  /** Instead of the phase's own name. */
  readonly name?: string | undefined;
  /** Why it may not be used now. */
  readonly blocked: string | null;
  readonly disc: Ref<HTMLSpanElement>;
  readonly onTap: () => void;
}

/** The one big button; its name says what the next tap does. */
export function TalkButton({ phase, name, blocked, disc, onTap }: TalkButtonProps) {
  const { button, icon } = words[phase];
  return (
    <button
      type="button"
      className="voice-button"
      onClick={onTap}
      {...(blocked ? { 'aria-disabled': true, 'aria-description': blocked } : {})}
    >
      <span ref={disc} className="voice-disc" data-talk-disc>
        {phase === 'thinking' || phase === 'transcribing' ? <span className="voice-arc" /> : null}
        {phase === 'speaking' ? <Wave /> : <Icon name={icon} className="size-9" />}
      </span>
      <span className="text-center">{name ?? button}</span>
    </button>
  );
}

function Wave() {
  return (
    <span aria-hidden="true" className="voice-wave">
      <i />
      <i />
      <i />
      <i />
    </span>
  );
}
