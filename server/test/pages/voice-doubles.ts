/** Scripts that run before the voice page: browsers that are not the one under test, and ears for what is played. */

/** No recognition at all, as in Firefox. */
export const withoutRecognition = `
  delete window.SpeechRecognition;
  delete window.webkitSpeechRecognition;
`;

const recognition = (start: string, stop = ''): string => `
  ${withoutRecognition}
  window.webkitSpeechRecognition = class extends EventTarget {
    start() {
      const tell = (type, members = {}) => this.dispatchEvent(Object.assign(new Event(type), members));
      const results = (...texts) => tell('result', { results: texts.map((transcript) => [{ transcript }]) });
      ${start}
    }
    stop() {
      const tell = (type, members = {}) => this.dispatchEvent(Object.assign(new Event(type), members));
      ${stop}
    }
    abort() {}
  };
`;

/** Hears the same question each time, repeats itself as some iPhones do, and ends only when it is told to. */
export const recognitionThatHears = (words: string): string =>
  recognition(
    `setTimeout(() => {
      tell('start');
      const words = ${JSON.stringify(words)}.split(' ');
      words.forEach((_, index) => setTimeout(() => results(...words.slice(0, index + 1).map((_, end) => words.slice(0, end + 1).join(' '))), 40 * index));
    }, 20);`,
    `setTimeout(() => tell('end'), 20);`,
  );

/** Switched off by the system, as without Siri & Dictation. */
export const recognitionNotAllowed = recognition(
  `setTimeout(() => { tell('error', { error: 'service-not-allowed' }); tell('end'); }, 20);`,
);

/** There, and dead, as in home-screen apps of some iOS versions. */
export const recognitionThatIsDead = recognition('');

/** Adds up what is played: \`window.heard = { seconds, level }\`. */
export const ears = `
  window.heard = { seconds: 0, level: 0, stopped: 0 };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    if (this.context.state === 'running' && !this.isMicrophone) {
      const samples = this.buffer.getChannelData(0);
      let squares = 0;
      for (const sample of samples) squares += sample * sample;
      window.heard.seconds += this.buffer.duration;
      window.heard.level = Math.max(window.heard.level, Math.sqrt(squares / samples.length));
    }
    return start.apply(this, when);
  };
`;

/** @param name of the exception, as browsers throw it */
export const microphoneThatFails = (name: 'NotAllowedError' | 'NotFoundError'): string => `
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'));
`;

/** A microphone that says what is given when \`window.say()\` is called, and is quiet otherwise. */
export const microphoneThatSays = (wav: Uint8Array): string => `
  {
    const stage = {};
    navigator.mediaDevices.getUserMedia = async () => {
      stage.context = new AudioContext();
      await stage.context.resume();
      stage.destination = stage.context.createMediaStreamDestination();
      return stage.destination.stream;
    };
    window.say = async () => {
      const bytes = Uint8Array.from(atob('${Buffer.from(wav).toString('base64')}'), (letter) => letter.charCodeAt(0));
      const source = stage.context.createBufferSource();
      source.isMicrophone = true;
      source.buffer = await stage.context.decodeAudioData(bytes.buffer);
      source.connect(stage.destination);
      source.start();
    };
  }
`;
