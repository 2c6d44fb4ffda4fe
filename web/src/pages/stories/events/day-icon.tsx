/** Drawn like the icons of the house: 24 px, round ends, open shapes. */
const shapes: Readonly<Record<string, string>> = {
  'Bedtime Adventure': 'M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10ZM16 4.500v3M14.500 6h3',
  'Rainy Day Magic':
    'M7.500 14a3.800 3.800 0 0 1-.3-7.600 4.800 4.800 0 0 1 9.200-.6 4.100 4.100 0 0 1-.2 8.200ZM8 17.500l-1 3M12.500 17.500l-1 3M17 17.500l-1 3',
  'Weekend Explorer': 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM15.500 8.500l-2 5-5 2 2-5zM12 12v.1',
  'Making Friends':
    'M8.500 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM15.500 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3.500 19c0-3 2.200-5 5-5 1.500 0 2.700.6 3.500 1.500.8-.9 2-1.500 3.500-1.500 2.800 0 5 2 5 5',
  'Family Time':
    'M4 11.500L12 5l8 6.500M6 10v9.500h12V10M12 16.500s-2.800-1.600-2.800-3.400a1.500 1.500 0 0 1 2.800-.8 1.500 1.500 0 0 1 2.800.8c0 1.800-2.800 3.400-2.800 3.400Z',
  'School Day Fun':
    'M7 9a5 5 0 0 1 10 0v10.500H7zM10 4.300a2 2 0 0 1 4 0M10 9h4M7 14h10M10.500 14v2.500h3V14M4.500 13v6.500H7M19.500 13v6.500H17',
  'Birthday Celebration':
    'M5 19.500v-6.500a1.500 1.500 0 0 1 1.500-1.500h11a1.500 1.500 0 0 1 1.500 1.500v6.500M3.500 19.500h17M5 15.500c1.200 1.200 2.300 1.200 3.500 0s2.300-1.200 3.500 0 2.300 1.200 3.500 0 2.300-1.200 3.500 0M12 11.500V8M12 5.500v-1',
  'Helping Others':
    'M12 13.500s-4-2.300-4-5a2.200 2.200 0 0 1 4-1.200 2.200 2.200 0 0 1 4 1.200c0 2.700-4 5-4 5ZM4 14.500l3-1 5 1.500c1.500.5 1 2.500-.5 2.300L9 17M12 16.500l5.500-1.700c1.700-.4 2.500 1.500 1 2.400L13 20l-6-1.500-3 .5',
  'Learning Something New':
    'M9 16.500c0-2-2.500-3-2.500-6.500a5.500 5.500 0 0 1 11 0c0 3.500-2.500 4.500-2.500 6.500zM9.500 20h5M12 16v-5l-1.700-1.500M12 11l1.700-1.500',
  'Holiday Adventure': 'M4 16h16l-2 4H6zM12 16V4l6.500 9H12M9.500 7.500L5.500 13h4z',
};
const own =
  'M11 4.500l1.800 5.200L18 11.500l-5.200 1.800L11 18.500l-1.800-5.200L4 11.500l5.200-1.800zM18.500 16.500v4M16.500 18.500h4';

/** The sign of a kind of day; a spark for those that somebody thought up. */
export function DayIcon({ name, className = 'size-6' }: { name: string; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={shapes[name] ?? own} />
    </svg>
  );
}
