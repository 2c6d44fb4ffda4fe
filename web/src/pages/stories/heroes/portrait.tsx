import type { Hero } from '@earshot/client';
import { Picture } from '../media/picture.tsx';

/** A hero's face, or the first letter of the name while it is not drawn. */
export function Portrait({ hero, className = 'size-14' }: { hero: Hero; className?: string }) {
  return (
    <Picture
      kind="avatar"
      id={hero.id}
      address={hero.avatarUrl}
      alt=""
      className={`shrink-0 rounded-full ${className}`}
    >
      <span aria-hidden="true" className="font-serif text-2xl text-accent">
        {hero.name.slice(0, 1).toUpperCase()}
      </span>
    </Picture>
  );
}
