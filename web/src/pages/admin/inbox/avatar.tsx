import { initials } from './words.ts';

interface AvatarProps {
  readonly name: string;
  readonly isOnline: boolean;
  readonly className?: string;
}

/** A round picture of initials; the dot says that the visitor is there now. */
export function Avatar({ name, isOnline, className = 'size-11' }: AvatarProps) {
  return (
    <span className={`relative shrink-0 ${className}`}>
      <span
        aria-hidden="true"
        className="grid size-full place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent"
      >
        {initials(name)}
      </span>
      {isOnline ? (
        <span className="absolute right-0 bottom-0 size-3 rounded-full border-2 border-surface bg-accent">
          <span className="sr-only">Online</span>
        </span>
      ) : null}
    </span>
  );
}
