const radii = [70, 135, 205, 280, 360, 445, 535] as const;
const solidUpTo = 280;

/** Decoration: a voice in the middle and how far it carries. */
export function Range() {
  return (
    <svg
      viewBox="-540 -540 1080 1080"
      aria-hidden="true"
      className="pointer-events-none absolute top-1/2 right-0 -z-10 size-100 translate-x-1/2 -translate-y-1/2 text-accent opacity-20 sm:size-140 sm:translate-x-1/3 sm:opacity-45 lg:translate-x-1/8"
    >
      <circle r="22" fill="currentColor" />
      <g fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round">
        {radii.map((radius, index) => (
          <circle
            key={radius}
            r={radius}
            opacity={1 - index * 0.13}
            {...(radius > solidUpTo ? { strokeDasharray: '1 10' } : {})}
          />
        ))}
      </g>
    </svg>
  );
}
