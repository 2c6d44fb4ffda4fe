import { useMemo } from 'react';
import { spokenTime } from '../words.ts';
import { usePlayer, usePosition } from './context.tsx';

const height = 40;
const seekStep = 5;

/** One rounded line per stretch of sound; a quiet ripple while the real loudness is not known. */
function outline(peaks: readonly number[]): string {
  return peaks
    .map((peak, index) => {
      const half = Math.max(0.6, peak * (height / 2 - 2));
      return `M${index * 4 + 2} ${(height / 2 - half).toFixed(1)}V${(height / 2 + half).toFixed(1)}`;
    })
    .join('');
}

const flat: readonly number[] = Array.from({ length: 140 }, () => 0.04);

/** The seek bar: the sound itself, with a native slider over it for pointer, keys and assistive technology. */
export function Waveform({ duration, peaks }: { duration: number; peaks: readonly number[] | null }) {
  const player = usePlayer();
  const position = usePosition();
  const shape = peaks ?? flat;
  const path = useMemo(() => outline(shape), [shape]);
  const share = duration > 0 ? Math.min(1, position / duration) : 0;
  return (
    <div className="relative h-11">
      <svg
        viewBox={`0 0 ${shape.length * 4} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="absolute inset-x-0 top-0.5 h-10 w-full"
        fill="none"
        strokeWidth="2"
        strokeLinecap="round"
      >
        <path d={path} className="stroke-edge opacity-60" vectorEffect="non-scaling-stroke" />
        <path
          d={path}
          className="stroke-accent"
          vectorEffect="non-scaling-stroke"
          style={{ clipPath: `inset(0 ${(1 - share) * 100}% 0 0)` }}
        />
      </svg>
      <input
        type="range"
        aria-label="Position"
        aria-valuetext={`${spokenTime(position)} of ${spokenTime(duration)}`}
        min={0}
        max={duration || 1}
        step={0.1}
        value={position}
        disabled={duration === 0}
        onChange={(event) => player.seek(event.currentTarget.valueAsNumber)}
        onKeyDown={(event) => {
          // A tenth of a second per key press would take all day.
          const steps: Readonly<Record<string, number>> = {
            ArrowRight: seekStep,
            ArrowUp: seekStep,
            ArrowLeft: -seekStep,
            ArrowDown: -seekStep,
            PageUp: 15,
            PageDown: -15,
          };
          const step = steps[event.key];
          if (step === undefined) return;
          event.preventDefault();
          player.seek(position + step);
        }}
        className="slider slider-over"
        style={{ '--value': share }}
      />
    </div>
  );
}
