/** The mark: a voice in the corner and how far it carries. */
export function Logo({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true" className={`shrink-0 text-accent ${className}`}>
      <circle cx="16" cy="48" r="7" fill="currentColor" />
      <g fill="none" stroke="currentColor" strokeLinecap="round" strokeWidth="5.5">
        <path d="M16 31a17 17 0 0 1 17 17" />
        <path d="M16 16a32 32 0 0 1 32 32" opacity="0.55" />
      </g>
    </svg>
  );
}
