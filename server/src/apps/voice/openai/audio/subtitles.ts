import type { TranscriptSpan } from '../../../../platform/ai/transcriber.js';

/** Seconds as `00:01:02,345`; WebVTT writes a point for the comma. */
function timestamp(seconds: number, mark: ',' | '.'): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1_000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const clock = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60, (milliseconds / 1_000) % 60].map(
    two,
  );
  return `${clock.join(':')}${mark}${String(milliseconds % 1_000).padStart(3, '0')}`;
}

const cue = ({ text, start, end }: TranscriptSpan, mark: ',' | '.') =>
  `${timestamp(start, mark)} --> ${timestamp(end, mark)}\n${text}\n`;

/** SubRip. */
export const srt = (segments: readonly TranscriptSpan[]): string =>
  segments.map((segment, index) => `${index + 1}\n${cue(segment, ',')}\n`).join('');

/** WebVTT. */
export const vtt = (segments: readonly TranscriptSpan[]): string =>
  `WEBVTT\n\n${segments.map((segment) => `${cue(segment, '.')}\n`).join('')}`;
