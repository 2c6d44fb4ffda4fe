import { ask, Failure } from './requests.ts';

/**
 * A recording in words; empty when none were heard.
 *
 * @throws Failure
 */
export async function transcribe(recording: Blob, signal: AbortSignal): Promise<string> {
  const response = await ask('/api/transcribe', {
    method: 'POST',
    headers: { 'content-type': recording.type },
    body: recording,
    signal,
  });
  const { text, hears } = (await response.json()) as { text: string; hears: 'words' | 'times' };
  if (hears === 'times')
    throw new Failure({
      phase: 'mic-missing',
      notice: 'This server cannot turn speech into words. You can type your question.',
    });
  return text.trim();
}
