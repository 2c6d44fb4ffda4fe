/** Drawn on a 24 px grid with a 1.75 px line, after the manner of the logo: round ends, open shapes. */
const shapes = {
  play: 'M8 5.5v13a.6.6 0 0 0 .92.5l10-6.500a.6.6 0 0 0 0-1l-10-6.500A.6.6 0 0 0 8 5.500Z',
  pause: 'M8.5 5.500v13M15.5 5.500v13',
  back: 'M4.5 12a7.5 7.5 0 1 0 2.6-5.700M7.5 2.800v3.900h3.9',
  forward: 'M19.5 12a7.5 7.5 0 1 1-2.6-5.700M16.5 2.800v3.900h-3.9',
  download: 'M12 4v11m-4.5-4.300L12 15.200l4.5-4.500M5 19.500h14',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.5 11v5M13.5 11v5',
  retry: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.400L19.5 9M19.5 4.500V9H15',
  copy: 'M9 9h10.500v10.500H9zM15 9V4.500H4.500V15H9',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  close: 'M6.5 6.500l11 11M17.5 6.500l-11 11',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.500L20 20',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.800v1.700M12 19.500v1.700M2.8 12h1.700M19.5 12h1.700M5.5 5.500l1.2 1.200M17.3 17.300l1.2 1.200M5.5 18.500l1.2-1.200M17.3 6.700l1.2-1.2',
  moon: 'M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10Z',
  auto: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 4v16M12 8h5.800M12 12h8M12 16h6',
  key: 'M8.5 18a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM11.8 10.300L19.5 4M16 6.900l2.5 2.8',
  eye: 'M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12ZM12 14.800a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600Z',
  'eye-off':
    'M4 4l16 16M9.8 6.100A9 9 0 0 1 12 5.800c6 0 9.2 6.2 9.2 6.200a15 15 0 0 1-2.7 3.500M6 8a14 14 0 0 0-3.2 4S6 18.2 12 18.200c1.6 0 3-.4 4.2-1.1',
  file: 'M6 3.500h8L18.5 8v12.500H6zM13.5 3.800V8.500H18',
  arrow: 'M5 12h13.500M13 6.500l5.5 5.5-5.5 5.5',
  warning: 'M12 4L2.8 19.500h18.400L12 4ZM12 10v4.500M12 17.200v.1',
  offline:
    'M4 4l16 16M8.5 14.500a5 5 0 0 1 5.2-1.200M5.3 11.200a9.5 9.5 0 0 1 3.5-2.200M12.5 8.200a9.5 9.5 0 0 1 6.2 3M12 18.500v.1',
  keyboard: 'M3.5 6.500h17v11h-17zM7 10v.1M10.3 10v.1M13.7 10v.1M17 10v.1M8 14h8',
  wave: 'M4 10v4M8 6.500v11M12 9v6M16 4.500v15M20 10v4',
  mic: 'M12 14.500a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3ZM5.5 11.500a6.5 6.5 0 0 0 13 0M12 18v3',
  book: 'M12 6.500C10 5 7 4.5 3.5 4.800v13.700c3.5-.3 6.5.2 8.5 1.7 2-1.5 5-2 8.5-1.700V4.800C17 4.5 14 5 12 6.500ZM12 6.500v13.7',
  companion: 'M12 20a8 8 0 1 0-7-4.100L4 20l4.1-1A8 8 0 0 0 12 20ZM8.5 12v.1M12 12v.1M15.5 12v.1',
  support:
    'M4.5 14v-2a7.5 7.5 0 0 1 15 0v2M4.5 13.500h3v5h-3zM16.5 13.500h3v5h-3zM18 18.500c0 1.5-1.5 2.5-4 2.5',
} as const;

export type IconName = keyof typeof shapes;

/** A decorative icon: hidden from assistive technology, so its button or link must carry the words. */
export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill={name === 'play' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'pause' ? 3 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={shapes[name]} />
    </svg>
  );
}
