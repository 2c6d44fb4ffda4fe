/** What is remembered between visits: the text not yet generated, and the choices made last. */
export interface Draft {
  readonly title: string;
  readonly text: string;
}

export interface Choices {
  readonly voice: string;
  readonly model: string;
  readonly format: string;
  readonly speed: number;
}

const draftKey = 'earshot.speech.draft';
const choicesKey = 'earshot.speech.choices';

function read(key: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Without storage nothing is remembered; the page works all the same.
  }
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

export function storedDraft(): Draft {
  const draft = read(draftKey);
  return { title: text(draft.title, ''), text: text(draft.text, '') };
}

export function keepDraft(draft: Draft): void {
  write(draftKey, draft);
}

/** Signing out leaves no text behind. */
export function forgetDraft(): void {
  try {
    localStorage.removeItem(draftKey);
  } catch {
    // Nothing was kept, then.
  }
}

export function storedChoices(): Choices {
  const choices = read(choicesKey);
  const speed =
    typeof choices.speed === 'number' && choices.speed >= 0.25 && choices.speed <= 4 ? choices.speed : 1;
  return {
    voice: text(choices.voice, 'nova'),
    model: text(choices.model, 'tts-1'),
    format: text(choices.format, 'mp3'),
    speed,
  };
}

export function keepChoices(choices: Choices): void {
  write(choicesKey, choices);
}
