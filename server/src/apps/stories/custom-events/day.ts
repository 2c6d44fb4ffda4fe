import type { StoryDay } from '../story-writing/brief.js';
import type { CustomEventRow } from '../tables.js';

/** An event as storytellers and assistants are told of it. */
export const dayOf = (event: CustomEventRow): StoryDay => ({
  title: event.title,
  description: event.description,
  promptSeed: event.prompt_seed,
  category: event.category,
  ageRange: event.age_range,
  tone: event.tone,
  keywords: JSON.parse(event.keywords),
});
