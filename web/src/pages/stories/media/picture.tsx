import type { MediaKind } from '@earshot/client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useMedia } from './use-media.ts';

interface PictureProps {
  readonly kind: MediaKind;
  readonly id: string;
  readonly address: string | null | undefined;
  /** Empty for a picture whose words stand beside it. */
  readonly alt: string;
  readonly className?: string;
  /** Shown where there is no picture. */
  readonly children?: ReactNode;
}

/** A picture that is fetched when it comes into sight. */
export function Picture({ kind, id, address, alt, className = '', children }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element || isSeen) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [isSeen]);
  const media = useMedia(kind, id, address, isSeen);
  return (
    <div ref={frame} className={`relative overflow-hidden bg-sunken ${className}`}>
      {media.state === 'ready' ? (
        <img src={media.url} alt={alt} className="absolute inset-0 size-full animate-rise object-cover" />
      ) : (
        <div
          className={`absolute inset-0 grid place-items-center text-muted ${media.state === 'loading' ? 'animate-pulse' : ''}`}
        >
          {children}
        </div>
      )}
    </div>
  );
}
