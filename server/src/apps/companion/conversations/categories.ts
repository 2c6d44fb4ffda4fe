/** The categories that the app knows (contract §6.1). */
export const categories = [
  'personal',
  'education',
  'health',
  'finance',
  'legal',
  'philosophy',
  'spiritual',
  'science',
  'entrepreneurship',
  'parenting',
  'romantic',
  'travel',
  'inspiration',
  'technology',
  'business',
  'social',
  'work',
  'sports',
  'politics',
  'literature',
  'history',
  'architecture',
  'music',
  'weather',
  'news',
  'entertainment',
  'psychology',
  'real',
  'design',
  'family',
  'economics',
  'environment',
  'other',
] as const;

export type Category = (typeof categories)[number];

/** A category of the list, `other` for everything else. */
export const categoryOf = (text: string): Category =>
  categories.find((category) => category === text.trim().toLowerCase()) ?? 'other';
