const bars = [14, 30, 52, 24, 66, 96, 58, 34, 78, 46, 20, 38, 64, 28, 12];

/** Sound that becomes lines of text. */
export function EarPicture({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 420 180" aria-hidden="true" className={className}>
      <rect x="4" y="4" width="412" height="172" rx="22" className="fill-accent-soft" />
      {bars.map((height, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change
          key={index}
          x={30 + index * 12}
          y={90 - height / 2}
          width="6"
          height={height}
          rx="3"
          className="fill-accent"
          opacity={0.35 + (0.65 * index) / bars.length}
        />
      ))}
      <path
        d="M222 90h26m-9-8 9 8-9 8"
        className="stroke-muted"
        fill="none"
        strokeWidth="3"
        strokeLinecap="round"
      />
      {[
        [46, 118],
        [72, 96],
        [98, 124],
        [124, 70],
      ].map(([y, width]) => (
        <rect key={y} x="268" y={y} width={width} height="10" rx="5" className="fill-ink" opacity="0.75" />
      ))}
    </svg>
  );
}
