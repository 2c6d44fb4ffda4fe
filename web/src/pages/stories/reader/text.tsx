import { useEffect, useRef } from 'react';

interface TextProps {
  readonly paragraphs: readonly string[];
  /** The one that is read aloud now. */
  readonly current: number | null;
  readonly isFollowing: boolean;
}

const isInView = (element: Element): boolean => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
};

/** The text, which keeps up with the voice unless its reader has moved elsewhere. */
export function Text({ paragraphs, current, isFollowing }: TextProps) {
  const frame = useRef<HTMLDivElement>(null);
  const last = useRef<number | null>(null);
  useEffect(() => {
    const former = last.current;
    last.current = current;
    if (!isFollowing || current === null || former === null || former === current) return;
    const children = frame.current?.children;
    const from = children?.[former];
    if (from && isInView(from)) children[current]?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  }, [current, isFollowing]);
  return (
    <div
      ref={frame}
      className="mt-5 flex flex-col gap-[1.1em] font-serif text-[1.1875rem] leading-[1.7] sm:text-xl sm:leading-[1.7]"
    >
      {paragraphs.map((paragraph, place) => (
        <p
          // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no identity but their place
          key={place}
          className={`scroll-mt-[45dvh] max-w-[38rem] transition-colors duration-500 [overflow-wrap:anywhere] lg:scroll-mt-24 ${
            current !== null && current !== place ? 'text-muted' : ''
          }`}
        >
          {paragraph}
        </p>
      ))}
    </div>
  );
}
