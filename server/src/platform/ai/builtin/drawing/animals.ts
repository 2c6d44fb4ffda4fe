import type { Animal } from './animal.js';
import { dragon, elephant, frog, robot, snowman, turtle } from './creatures.js';
import { sitting } from './sitting.js';
import { standing } from './standing.js';
import { birds, fliers, swimmers } from './winged-and-finned.js';

const grounded = (size: number, draw: Animal['draw']): Animal => ({ habitat: 'ground', size, draw });

export const animals = {
  cat: grounded(
    0.9,
    sitting({
      fur: '#f0a860',
      belly: '#fff1dc',
      ears: 'pointed',
      tail: 'thin',
      nose: '#e0787f',
      stripes: true,
    }),
  ),
  dog: grounded(1, sitting({ fur: '#d9a066', belly: '#fff1dc', ears: 'floppy', tail: 'thin' })),
  rabbit: grounded(
    0.8,
    sitting({ fur: '#e9e1dc', belly: '#ffffff', ears: 'long', tail: 'puff', nose: '#f09aa3' }),
  ),
  fox: grounded(0.95, sitting({ fur: '#ec8140', belly: '#fff3e2', ears: 'pointed', tail: 'bushy' })),
  bear: grounded(1.5, sitting({ fur: '#a8734b', belly: '#e6c198', ears: 'round', tail: 'none' })),
  panda: grounded(
    1.3,
    sitting({ fur: '#f7f4f1', belly: '#ffffff', ears: 'round', tail: 'none', patches: '#3d3640' }),
  ),
  mouse: grounded(
    0.5,
    sitting({ fur: '#b9b3bd', belly: '#f3e9ea', ears: 'round', tail: 'thin', nose: '#f09aa3' }),
  ),
  squirrel: grounded(0.65, sitting({ fur: '#c9713f', belly: '#fbe7cd', ears: 'pointed', tail: 'bushy' })),
  wolf: grounded(1.2, sitting({ fur: '#8f9bb0', belly: '#e9edf3', ears: 'pointed', tail: 'bushy' })),
  lion: grounded(
    1.35,
    sitting({ fur: '#f2bd62', belly: '#fde7bd', ears: 'round', tail: 'thin', mane: '#c9783b' }),
  ),
  tiger: grounded(
    1.3,
    sitting({ fur: '#f2a04a', belly: '#fff3e2', ears: 'round', tail: 'thin', stripes: true }),
  ),
  monkey: grounded(0.95, sitting({ fur: '#9a6a4a', belly: '#f0cda6', ears: 'round', tail: 'thin' })),
  pig: grounded(
    0.9,
    sitting({ fur: '#f6b3b8', belly: '#fbd3d4', ears: 'pointed', tail: 'none', nose: '#e58a93' }),
  ),
  goat: grounded(1, sitting({ fur: '#efe6da', belly: '#ffffff', ears: 'floppy', tail: 'puff', horns: true })),
  hedgehog: grounded(
    0.6,
    sitting({ fur: '#e8c9a2', belly: '#fbeedd', ears: 'round', tail: 'none', mane: '#7d5f4c' }),
  ),
  horse: grounded(1.7, standing({ body: '#b9804f', mane: '#6b4630' })),
  unicorn: grounded(1.7, standing({ body: '#fbf6ff', mane: '#f29ac4', horn: true })),
  deer: grounded(1.4, standing({ body: '#c98f5c', mane: null, antlers: true })),
  cow: grounded(1.6, standing({ body: '#f7f2ec', mane: null, spots: '#5b4a48' })),
  sheep: grounded(1.1, standing({ body: '#faf6f0', mane: null, woolly: true })),
  giraffe: grounded(1.9, standing({ body: '#f4cf7a', mane: null, spots: '#c9884b', neck: 60 })),
  dragon: grounded(1.7, dragon),
  elephant: grounded(1.9, elephant),
  frog: grounded(0.6, frog),
  turtle: grounded(0.75, turtle),
  robot: grounded(1.1, robot),
  snowman: grounded(1.3, snowman),
  ...birds,
  ...fliers,
  ...swimmers,
} as const satisfies Readonly<Record<string, Animal>>;

export type AnimalName = keyof typeof animals;
