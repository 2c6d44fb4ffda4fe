import type { speechVoices } from '../../platform/ai/speech-synthesizer.js';

export interface DemoText {
  readonly title: string;
  readonly voice: (typeof speechVoices)[number];
  readonly format: 'mp3' | 'wav';
  readonly speed: number;
  readonly text: string;
  /** Where somebody stopped listening, 0 to 1. */
  readonly heard?: number;
}

/** What a person keeps in such an app after some weeks: long and short, read once, half or not at all. */
export const demoTexts: readonly DemoText[] = [
  {
    title: 'How bread rises',
    voice: 'alloy',
    format: 'mp3',
    speed: 1,
    heard: 0.62,
    text: `Bread rises because yeast eats sugar and breathes out gas. The gas is caught in a net of gluten, which forms when flour and water are worked together.

Warm dough rises fast and tastes plain. Cold dough rises slowly, often overnight, and the long rest gives it a deeper taste. Press a finger into the dough: if the dent fills slowly and not quite, it is ready for the oven.

In the first ten minutes of baking the gas expands once more. Bakers call this the oven spring. Then the crust sets, and the loaf keeps its shape.`,
  },
  {
    title: 'Packing list for the weekend',
    voice: 'nova',
    format: 'mp3',
    speed: 1.1,
    heard: 1,
    text: 'Rain jacket. Two pairs of wool socks. The blue water bottle. Head torch with new batteries. Map of the north ridge. Sandwiches for Saturday, oats for Sunday. Do not forget the tent pegs this time.',
  },
  {
    title: 'Why the sky is blue',
    voice: 'echo',
    format: 'mp3',
    speed: 1,
    text: `Sunlight is made of all colours. When it meets the air, the small molecules scatter blue light much more strongly than red. So blue comes to our eyes from every direction, and the whole sky seems to shine with it.

In the evening the light takes a longer way through the air. Most of the blue is lost on that way, and what is left is orange and red.`,
  },
  {
    title: 'Notes from the planning meeting',
    voice: 'onyx',
    format: 'mp3',
    speed: 1.25,
    heard: 0.34,
    text: `The new release goes out on the second Tuesday of next month. Before that, three things must be done. First, the import of old data has to be tested with a full copy. Second, the help pages need new pictures. Third, somebody has to be reachable on the weekend after the release.

The budget for the hardware was agreed. The question of the office move was put off until the next meeting.`,
  },
  {
    title: 'A short walk by the harbour',
    voice: 'fable',
    format: 'mp3',
    speed: 0.9,
    text: `The fishing boats come in before six. By the time the town wakes up, the crates are on the quay and the gulls have had their breakfast.

Start at the old crane and keep the water on your left. After the second bridge there is a bench with a view of the lighthouse. On clear days you can see the islands, three grey shapes lying on the horizon like sleeping animals.`,
  },
  {
    title: 'Reminder',
    voice: 'shimmer',
    format: 'mp3',
    speed: 1,
    heard: 1,
    text: 'Water the tomatoes tonight. It will be hot tomorrow.',
  },
  {
    title: 'What a checksum is for',
    voice: 'sage',
    format: 'mp3',
    speed: 1.15,
    text: `A checksum is a short number made from a long file. If a single bit of the file changes, the number changes too, and not by a little.

So whoever keeps the number can tell later whether the file is still the same. It does not say what was changed, or by whom. It only says yes or no. For backups, that answer is worth a great deal.`,
  },
  {
    title: 'Vegetable soup for four',
    voice: 'coral',
    format: 'mp3',
    speed: 1,
    heard: 0.5,
    text: `Cut two onions, three carrots and a piece of celery into small cubes. Let them soften in olive oil for ten minutes, over a low flame and with a lid on.

Add four potatoes, a tin of tomatoes and a litre of stock. Simmer for twenty-five minutes. Stir in a handful of chopped parsley, taste, and add salt. It is better on the second day.`,
  },
  {
    title: 'The tortoise and the hare',
    voice: 'ballad',
    format: 'mp3',
    speed: 0.95,
    text: `A hare was making fun of a tortoise for being slow. The tortoise laughed and said: let us race. The hare agreed, and off they went.

Soon the hare was so far ahead that it lay down under a tree and fell asleep. The tortoise never stopped. Step by step it passed the tree, and the sleeping hare, and reached the goal. When the hare woke up and ran as fast as it could, it was too late.`,
  },
  {
    title: 'Five phrases for the train station',
    voice: 'verse',
    format: 'wav',
    speed: 0.8,
    text: 'Where does this train go? Is this seat taken? How long do we stop here? I have missed my connection. Could you please show me on the map?',
  },
  {
    title: 'Better sleep, in short',
    voice: 'ash',
    format: 'mp3',
    speed: 1,
    text: `Go to bed at the same time every day, also on weekends. Keep the room dark and cool. Leave the telephone in another room. If you cannot sleep after twenty minutes, get up, read something quiet, and come back when you are tired. Coffee after lunch is still at work at midnight.`,
  },
  {
    title: 'How tides work',
    voice: 'marin',
    format: 'mp3',
    speed: 1.05,
    heard: 0.18,
    text: `The moon pulls at the sea. On the side that faces the moon the water is drawn towards it, and on the far side it is left a little behind. So there are two bulges of water, and the earth turns beneath them. That is why most coasts have two high tides a day.

The sun pulls too, but less than half as strongly. At new moon and at full moon both pull along one line, and the tides are highest. At half moon they work against each other, and the tides are low.`,
  },
];

/** Becomes the one that failed: the server is stopped before it could be made. */
export const interruptedText: DemoText = {
  title: 'Article to read later',
  voice: 'cedar',
  format: 'mp3',
  speed: 1,
  text: 'Most houses lose their warmth through the roof. Before you think about new windows, look up.',
};
