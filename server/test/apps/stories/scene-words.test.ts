import { describe, expect, it } from 'vitest';
import { ART_STYLE } from '../../../src/apps/stories/illustrating/hero-looks.js';
import { sceneOf } from '../../../src/apps/stories/illustrating/scene-words.js';
import { composition } from '../../../src/platform/ai/builtin/drawing/composition.js';

const drawn = (words: string, before: readonly string[] = []) =>
  composition({
    prompt: `Luna, golden hair. ${words} ${ART_STYLE}`,
    scene: sceneOf({ name: 'Luna' }, words, before),
  });

describe('what the built-in painter takes from a scene', () => {
  it('reads the place, the time, the mood, animals and things from the scene’s own words', () => {
    expect(drawn('At sunset Luna flew a kite on the beach with a dog, laughing.')).toMatchObject({
      place: 'beach',
      time: 'dusk',
      mood: 'joyful',
      animals: ['dog'],
      things: ['kite'],
    });
  });

  it('takes no night and no book from the words that frame a prompt', () => {
    expect(drawn('Luna ran through the forest.')).toMatchObject({ place: 'forest', time: 'day', things: [] });
  });

  it('draws nobody twice, and no bee where something has been', () => {
    const scene = drawn('Once there was a child by the name of Luna who had been to the garden.');
    expect(scene).toMatchObject({ place: 'garden', people: [], animals: [] });
    expect(drawn('A child called Luna met another child.').people).toEqual([7]);
  });

  it('stays where and when the story was until it says otherwise', () => {
    const before = [
      'The path went up the mountain in the night.',
      'Luna woke up in the morning in the village.',
    ];
    expect(drawn('Luna found a lantern.', before)).toMatchObject({
      place: 'mountains',
      time: 'night',
      things: ['lantern'],
    });
    expect(drawn('Then the sun rose over the sea.', before)).toMatchObject({ place: 'sea', time: 'day' });
  });

  it('feels as the scene does: at the end of a story everybody is calm', () => {
    expect(drawn('Luna pulled up the blanket.').mood).toBe('calm');
    expect(drawn('She followed the path over the bridge.').mood).toBe('brave');
  });
});
