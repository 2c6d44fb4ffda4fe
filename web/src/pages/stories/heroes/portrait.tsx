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
      // Pictures of the whole figure: closer to the face.
      className={`shrink-0 rounded-full [&_img]:origin-[50%_62%] [&_img]:scale-140 ${className}`}
    >
      <span aria-hidden="true" className="font-serif text-2xl text-accent">
        {hero.name.slice(0, 1).toUpperCase()}
      </span>
    </Picture>
  );
}
