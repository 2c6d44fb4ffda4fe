import type { Provider } from './failures.js';

export const transcriptionProvider: Provider = {
  name: 'transcription provider',
  rejects: 'it may not know the model or the language, or not be able to read the audio',
};
