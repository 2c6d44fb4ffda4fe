const radii = [90, 180, 275, 375, 480, 590] as const;

/** Decoration: how far a voice carries. */
export function Range() {
  return (
    <svg
      viewBox="0 0 600 600"
      aria-hidden="true"
      className="pointer-events-none absolute -right-24 bottom-0 -z-10 h-full max-h-120 text-accent opacity-25 max-sm:opacity-15 sm:opacity-40 lg:right-0"
    >
      <g fill="none" stroke="currentColor" strokeWidth="1.5">
        {radii.map((radius, index) => (
          <path
            key={radius}
            d={`M${600 - radius} 600A${radius} ${radius} 0 0 1 600 ${600 - radius}`}
            opacity={1 - index * 0.15}
            strokeDasharray={index > 3 ? '2 9' : undefined}
            strokeLinecap="round"
          />
        ))}
      </g>
      <path d="M545 600a55 55 0 0 1 55-55v55Z" fill="currentColor" />
    </svg>
  );
}
