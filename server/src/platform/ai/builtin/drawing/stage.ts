import { type Color, mix } from './color.js';
import { type Light, lightOf, lit, type TimeOfDay } from './light.js';
import type { Random } from './random.js';
import type { Paints } from './svg.js';

export type Weather = 'clear' | 'snow' | 'rain';

/** What everything in one picture shares. Lengths in units: the shorter side of the picture is 1000. */
export interface Stage {
  readonly width: number;
  readonly height: number;
  /** How far down the ground begins. */
  readonly horizon: number;
  readonly light: Light;
  readonly weather: Weather;
  readonly random: Random;
  readonly paints: Paints;
  /** A thing's colour here. */
  lit(color: Color, distance?: number): Color;
  /** The colour of whoever matters: it keeps more of itself in the dark. */
  litGently(color: Color): Color;
  /** The ground's colour, 0 the farthest to 3 the nearest; white where snow lies. */
  ground(layer: 0 | 1 | 2 | 3): Color;
}

export function createStage(options: {
  readonly width: number;
  readonly height: number;
  readonly time: TimeOfDay;
  readonly weather: Weather;
  readonly random: Random;
  readonly paints: Paints;
}): Stage {
  const { width, height, time, weather, random, paints } = options;
  const light = lightOf(time);
  return {
    width,
    height,
    horizon: height * 0.6,
    light,
    weather,
    random,
    paints,
    lit: (color, distance) => lit(light, color, distance),
    litGently: (color) => mix(color, light.tint[0], light.tint[1] * 0.35),
    ground: (layer) => {
      const bare = light.ground[layer];
      return weather === 'snow' ? mix(bare, lit(light, '#f4faff'), 0.78) : bare;
    },
  };
}
