import type { Hero, Illustration, Local } from '@earshot/client';
import { useEffect, useRef } from 'react';
import { Icon } from '../../../design/icon.tsx';
import { Picture } from '../media/picture.tsx';
import { clockTime } from '../words.ts';

interface PicturesProps {
  readonly illustrations: readonly Local<Illustration>[];
  readonly current: Local<Illustration> | undefined;
  /** Their portrait is shown while there is no picture. */
  readonly hero: Local<Hero> | null;
  /** The voice is reading: the next picture is made ready. */
  readonly isMoving: boolean;
  readonly onTurn: (illustration: Local<Illustration>) => void;
}

const altOf = ({ sceneDescription }: Illustration): string =>
  sceneDescription.length > 140 ? `${sceneDescription.slice(0, 139).trimEnd()}…` : sceneDescription;

/** The picture of the moment, fading into the next one, and all of them to turn to. */
export function Pictures({ illustrations, current, hero, isMoving, onTurn }: PicturesProps) {
  const drawn = illustrations.filter(({ generationStatus }) => generationStatus === 'completed');
  const place = current ? drawn.findIndex(({ id }) => id === current.id) : -1;
  // Only these are held in memory.
  const near = drawn.filter((_, each) => Math.abs(each - place) <= 1 && (isMoving || each <= place));
  const strip = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const list = strip.current;
    const chosen = list?.children[place];
    if (!list || !(chosen instanceof HTMLElement)) return;
    // Not scrollIntoView, which would move the page as well.
    list.scrollTo({
      left: chosen.offsetLeft - list.clientWidth / 2 + chosen.clientWidth / 2,
      behavior: 'smooth',
    });
  }, [place]);
  return (
    <div className="flex flex-col gap-3">
      <div
        className={`relative aspect-[4/3] max-h-[42dvh] w-full overflow-hidden bg-sunken shadow-raised lg:aspect-square lg:max-h-[calc(100dvh-15rem)] lg:rounded-card ${
          near.length > 0 || hero?.avatarUrl ? '' : 'max-lg:hidden'
        }`}
      >
        {near.length > 0 ? (
          near.map((illustration) => {
            const isShown = illustration.id === current?.id;
            return (
              <div
                key={illustration.id}
                aria-hidden={!isShown}
                className={`absolute inset-0 transition-opacity duration-1000 ease-calm ${isShown ? 'opacity-100' : 'opacity-0'}`}
              >
                <Picture
                  kind="illustration"
                  id={illustration.id}
                  address={illustration.imageUrl}
                  alt={altOf(illustration)}
                  className="size-full [&_img]:object-[50%_72%]"
                >
                  <Icon name="picture" className="size-10 opacity-60" />
                </Picture>
              </div>
            );
          })
        ) : (
          <Picture
            kind="avatar"
            id={hero?.id ?? ''}
            address={hero?.avatarUrl}
            alt=""
            className="size-full [&_img]:object-[50%_72%]"
          >
            <Icon name="book" className="size-14 opacity-50" />
          </Picture>
        )}
      </div>
      {drawn.length > 1 ? (
        <ul
          ref={strip}
          aria-label="Pictures"
          className="relative flex gap-2 overflow-x-auto px-1 py-1 max-lg:hidden"
        >
          {drawn.map((illustration, index) => (
            <li key={illustration.id} className="shrink-0">
              <button
                type="button"
                aria-label={`Picture ${index + 1} of ${drawn.length}, at ${clockTime(illustration.audioTimestamp)}`}
                aria-current={illustration.id === current?.id}
                onClick={() => onTurn(illustration)}
                className={`block overflow-hidden rounded-control outline-offset-1 ${
                  illustration.id === current?.id
                    ? 'outline-2 outline-accent'
                    : 'opacity-75 hover:opacity-100'
                }`}
              >
                <Picture
                  kind="illustration"
                  id={illustration.id}
                  address={illustration.imageUrl}
                  alt=""
                  className="size-16"
                />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
