/** Typing: said again while it goes on, taken back after a pause, believed for a while (contract §7.4). */
const again = 2_500;
const pause = 3_000;
const believed = 7_000;

/** That the visitor writes, told to the team as often as it has to be. */
export interface OwnTyping {
  /** Called with every change of what the visitor writes; `say` passes it on to the conversation of this moment. */
  writing(isWriting: boolean, say: (event: 'typing:start' | 'typing:stop') => void): void;
}

export function createOwnTyping(): OwnTyping {
  let saidAt = 0;
  let stops: ReturnType<typeof setTimeout> | undefined;
  return {
    writing: (isWriting, say) => {
      clearTimeout(stops);
      const stop = (): void => {
        if (saidAt === 0) return;
        saidAt = 0;
        say('typing:stop');
      };
      if (!isWriting) return stop();
      stops = setTimeout(stop, pause);
      if (Date.now() - saidAt < again) return;
      saidAt = Date.now();
      say('typing:start');
    },
  };
}

/** That somebody of the team writes, as long as it can be believed. */
export interface TeamTyping {
  readonly isTyping: boolean;
  show(isTyping: boolean): void;
}

export function createTeamTyping(onChange: () => void): TeamTyping {
  let shown = false;
  let ends: ReturnType<typeof setTimeout> | undefined;
  const show = (isTyping: boolean): void => {
    clearTimeout(ends);
    if (isTyping) ends = setTimeout(() => show(false), believed);
    if (shown === isTyping) return;
    shown = isTyping;
    onChange();
  };
  return {
    get isTyping() {
      return shown;
    },
    show,
  };
}
