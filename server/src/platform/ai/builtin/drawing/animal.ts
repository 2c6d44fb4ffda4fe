import type { Color } from './color.js';
import { circle, ellipse } from './svg.js';

/** Gives a colour as it looks in this light. */
export type Lit = (color: Color) => Color;

/** Where an animal is at home in a picture. */
export type Habitat = 'ground' | 'air' | 'water';

export interface Animal {
  readonly habitat: Habitat;
  /** Times the size of a cat; the hero is about two. */
  readonly size: number;
  /** About 150 units high, standing at (or, in air and water, around) the origin. */
  draw(lit: Lit): string;
}

/** Two eyes that look at us. */
export const face = (y: number, gap: number, size: number): string =>
  [-gap, gap]
    .map(
      (x) =>
        ellipse(x, y, size, size * 1.15, '#2c2033') +
        circle(x + size * 0.35, y - size * 0.4, size * 0.36, '#ffffff'),
    )
    .join('');
