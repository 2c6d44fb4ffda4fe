/** The mark: an ear, and the sound that reached it. */
export function Logo({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true" className={`shrink-0 text-accent ${className}`}>
      <path
        d="M15 27a17.5 17.5 0 0 1 35 0c0 14-13.5 14.5-13.5 23a8.5 8.5 0 0 1-16 4"
        fill="none"
        stroke="currentColor"
        strokeLinecap="round"
        strokeWidth="6"
      />
      <circle cx="32.5" cy="27" r="6.5" fill="currentColor" />
    </svg>
  );
}
