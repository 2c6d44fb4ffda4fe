interface ProgressProps {
  readonly label: string;
  /** 0..1, or null when nobody can tell. */
  readonly value: number | null;
  readonly words?: string;
}

/** A bar that fills, or sweeps while the end is unknown. */
export function Progress({ label, value, words }: ProgressProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value === null ? {} : { 'aria-valuenow': Math.round(value * 100) })}
      {...(words ? { 'aria-valuetext': words } : {})}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      {value === null ? (
        <div className="h-full w-1/3 animate-sweep rounded-full bg-accent" />
      ) : (
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-500 ease-calm"
          style={{ width: `${Math.max(2, value * 100)}%` }}
        />
      )}
    </div>
  );
}
