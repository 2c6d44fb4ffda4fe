import { createContext, use } from 'react';
import type { Recorder } from './listening.ts';

const RecorderContext = createContext<Recorder | null>(null);
export const RecorderProvider = RecorderContext.Provider;

export function useRecorder(): Recorder {
  const recorder = use(RecorderContext);
  if (!recorder) throw new Error('useRecorder is for what is inside of RecorderProvider');
  return recorder;
}
