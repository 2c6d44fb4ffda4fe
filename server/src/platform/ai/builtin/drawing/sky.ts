import { lighter, mix } from './color.js';
import { between } from './random.js';
import type { Stage } from './stage.js';
import { circle, ellipse, faded, path, place, rect, starPath, stroke } from './svg.js';

/** The sky with what shines in it. */
export function drawSky(stage: Stage): string {
  const { width, height, light, paints, weather } = stage;
  const [top, middle, low] = light.sky;
  const grey = weather === 'rain' ? 0.35 : 0;
  const dull = (color: typeof top) => mix(color, light.time === 'night' ? '#28315c' : '#a9b7c6', grey);
  const sky = paints.linear([0, dull(top)], [0.55, dull(middle)], [0.85, dull(low)]);
  const parts = [rect(0, 0, width, height, sky)];
  if (light.time === 'night') parts.push(stars(stage, 70), moon(stage));
  else {
    if (light.time === 'dusk') parts.push(stars(stage, 16));
    parts.push(sun(stage));
  }
  parts.push(clouds(stage));
  return parts.join('');
}

/** Small and large stars in the upper part. */
export function stars({ width, horizon, random }: Stage, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const x = random() * width;
    const y = random() ** 1.4 * horizon * 0.9;
    if (index % 9 === 0)
      return place(x, y, between(random, 0.6, 1.1), path(starPath(10, 0.42), '#fff3c4', { opacity: 0.95 }));
    return circle(x, y, between(random, 1.2, 3), '#fff8e1', { opacity: between(random, 0.5, 1) });
  }).join('');
}

function sun({ width, horizon, light, paints, random }: Stage): string {
  const low = light.time !== 'day';
  const x = width * (random() < 0.5 ? between(random, 0.12, 0.25) : between(random, 0.75, 0.88));
  const y = low ? horizon * 0.78 : horizon * between(random, 0.2, 0.3);
  const color = light.time === 'dusk' ? '#ffb37a' : '#ffe08a';
  const glow = paints.radial([0, '#fff6cf', 0.9], [0.3, color, 0.45], [1, color, 0]);
  return circle(x, y, 260, glow) + circle(x, y, 62, lighter(color, 0.35)) + circle(x, y, 54, color);
}

function moon({ width, horizon, paints, random }: Stage): string {
  const x = width * (random() < 0.5 ? between(random, 0.14, 0.26) : between(random, 0.74, 0.86));
  const y = horizon * between(random, 0.2, 0.32);
  const glow = paints.radial([0, '#fff4cf', 0.75], [0.35, '#cdd6ff', 0.28], [1, '#cdd6ff', 0]);
  const craters: readonly (readonly [number, number, number])[] = [
    [-18, -12, 13],
    [20, 14, 17],
    [-8, 28, 8],
    [24, -24, 7],
  ];
  return (
    circle(x, y, 240, glow) +
    circle(x, y, 64, '#fff2cd') +
    craters.map(([dx, dy, r]) => circle(x + dx, y + dy, r, '#f3deae', { opacity: 0.75 })).join('')
  );
}

function clouds(stage: Stage): string {
  const { width, horizon, light, random, weather } = stage;
  const count = Math.round((weather === 'clear' ? 4 : 7) * (width / 1000));
  const opacity = light.time === 'night' ? 0.28 : weather === 'rain' ? 0.85 : 0.8;
  const color = weather === 'rain' ? mix(light.clouds, '#8d9bb0', 0.4) : light.clouds;
  return Array.from({ length: count }, (_, index) => {
    const x = width * ((index + between(random, 0.1, 0.9)) / count);
    const y = horizon * between(random, 0.12, 0.62);
    return faded(opacity, place(x, y, between(random, 0.6, 1.25), cloud(color)));
  }).join('');
}

/** A cloud about 200 units wide around the origin. */
export const cloud = (color: string): string =>
  [
    ellipse(0, 10, 100, 26, color),
    circle(-46, -4, 32, color),
    circle(0, -22, 44, color),
    circle(46, -6, 34, color),
    circle(76, 8, 20, color),
    circle(-78, 9, 19, color),
  ].join('');

const rainbowColors = ['#f08a8a', '#f6b676', '#f7e38a', '#9fd8a0', '#8cc4ee', '#b79be0'];

/** A rainbow over the whole width. */
export function rainbow({ width, horizon }: Stage): string {
  return faded(
    0.6,
    rainbowColors
      .map((color, index) => {
        const r = width * 0.46 - index * 15;
        return stroke(
          `M${width / 2 - r} ${horizon + 30}A${r} ${r * 0.95} 0 0 1 ${width / 2 + r} ${horizon + 30}`,
          color,
          16,
          { 'stroke-linecap': 'butt' },
        );
      })
      .join(''),
  );
}

/** What falls, over everything else. */
export function falling({ width, height, random, weather }: Stage): string {
  if (weather === 'snow')
    return Array.from({ length: Math.round((width * height) / 9_000) }, () =>
      circle(random() * width, random() * height, between(random, 2, 6.5), '#ffffff', {
        opacity: between(random, 0.5, 0.95),
      }),
    ).join('');
  if (weather === 'rain')
    return Array.from({ length: Math.round((width * height) / 9_000) }, () => {
      const [x, y, length] = [random() * width, random() * height, between(random, 16, 34)];
      return stroke(
        `M${x.toFixed(0)} ${y.toFixed(0)}l${(-length * 0.22).toFixed(1)} ${length.toFixed(1)}`,
        '#dcecff',
        2.6,
        {
          opacity: 0.55,
        },
      );
    }).join('');
  return '';
}
