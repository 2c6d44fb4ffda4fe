import { type Color, mix } from './color.js';

export type TimeOfDay = 'dawn' | 'day' | 'dusk' | 'night';

/** The colours of an hour. */
export interface Light {
  readonly time: TimeOfDay;
  /** From the top of the sky down to the horizon. */
  readonly sky: readonly [Color, Color, Color];
  /** From the farthest ridge to the ground one stands on. */
  readonly ground: readonly [Color, Color, Color, Color];
  /** What the distance fades into. */
  readonly haze: Color;
  /** What every colour takes on, and how much of it. */
  readonly tint: readonly [Color, number];
  readonly clouds: Color;
}

const lights: Readonly<Record<TimeOfDay, Light>> = {
  dawn: {
    time: 'dawn',
    sky: ['#9cc3f2', '#fcd3d6', '#fff0cf'],
    ground: ['#c4d8cf', '#a4cfac', '#7dbf86', '#5fae72'],
    haze: '#fbe3dd',
    tint: ['#ffb8a8', 0.1],
    clouds: '#fff3f0',
  },
  day: {
    time: 'day',
    sky: ['#66bdf2', '#b5e3fb', '#fdf5de'],
    ground: ['#b5e0cf', '#93d3a2', '#72c37c', '#55b066'],
    haze: '#d8f0fb',
    tint: ['#ffffff', 0],
    clouds: '#ffffff',
  },
  dusk: {
    time: 'dusk',
    sky: ['#5a4c91', '#e98aa0', '#ffd19a'],
    ground: ['#c08fa6', '#94749c', '#6f6790', '#55597f'],
    haze: '#eba9a6',
    tint: ['#7d4b80', 0.24],
    clouds: '#ffc9bd',
  },
  night: {
    time: 'night',
    sky: ['#101a4a', '#27397f', '#6d7fc4'],
    ground: ['#4a60a3', '#3a5090', '#2d437c', '#24396a'],
    haze: '#3a4f97',
    tint: ['#1a2a66', 0.42],
    clouds: '#8d9ad6',
  },
};

export const lightOf = (time: TimeOfDay): Light => lights[time];

/**
 * A thing's colour in this light.
 *
 * @param distance 0 beside the onlooker to 1 at the horizon
 */
export const lit = ({ tint, haze }: Light, color: Color, distance = 0): Color =>
  mix(mix(color, tint[0], tint[1]), haze, distance * 0.75);
