import { type Color, darker, lighter, mix } from './color.js';
import { between, pick } from './random.js';
import { stars } from './sky.js';
import type { Stage } from './stage.js';
import { circle, ellipse, n, path, place, rect, starPath, stroke } from './svg.js';

/** Space over the ground of a small planet. */
export function space(stage: Stage): string {
  const { width, height, random, paints } = stage;
  const nebula = (x: number, y: number, r: number, color: Color) =>
    circle(x, y, r, paints.radial([0, color, 0.5], [0.6, color, 0.16], [1, color, 0]));
  const ground = '#b7a6e6';
  const y = height * 0.72;
  const craters = Array.from({ length: 8 }, () => {
    const depth = between(random, 0.12, 0.95);
    const r = 18 + depth * 46;
    const [cx, cy] = [random() * width, y + 36 + depth * (height - y)];
    return (
      ellipse(cx, cy, r, r * 0.34, darker(ground, 0.2)) +
      ellipse(cx, cy + r * 0.07, r * 0.84, r * 0.25, darker(ground, 0.1))
    );
  }).join('');
  return [
    rect(0, 0, width, height, paints.linear([0, '#120f3a'], [0.55, '#33267a'], [1, '#7a4f9e'])),
    nebula(width * 0.25, height * 0.25, 340, '#e27bd0'),
    nebula(width * 0.8, height * 0.42, 380, '#4fb3e8'),
    stars({ ...stage, horizon: height * 0.8 }, 110),
    planet(stage, width * 0.78, height * 0.17, 92, '#f4a261', true),
    planet(stage, width * 0.17, height * 0.33, 54, '#6fc7c0', false),
    planet(stage, width * 0.44, height * 0.1, 26, '#f6d365', false),
    path(
      `M0 ${n(y + 30)}Q${n(width / 2)} ${n(y - 62)} ${width} ${n(y + 30)}V${height}H0Z`,
      paints.linear([0, lighter(ground, 0.35)], [1, darker(ground, 0.2)]),
    ),
    craters,
  ].join('');
}

function planet(stage: Stage, x: number, y: number, r: number, color: Color, ringed: boolean): string {
  const { paints } = stage;
  const ring = (d: string) =>
    path(d, 'none', { stroke: lighter(color, 0.5), 'stroke-width': r * 0.14, opacity: 0.9 });
  const body = [
    circle(0, 0, r, paints.linear([0, lighter(color, 0.35)], [1, darker(color, 0.3)])),
    ellipse(-r * 0.1, -r * 0.25, r * 0.7, r * 0.1, lighter(color, 0.4), { opacity: 0.5 }),
    ellipse(r * 0.1, r * 0.25, r * 0.8, r * 0.12, darker(color, 0.2), { opacity: 0.4 }),
  ].join('');
  const tilt = (drawing: string) => `<g transform="rotate(-18)">${drawing}</g>`;
  if (!ringed) return place(x, y, 1, tilt(body));
  const [a, b] = [r * 1.65, r * 0.42];
  return place(
    x,
    y,
    1,
    tilt(ring(`M${-a} 0A${a} ${b} 0 0 1 ${a} 0`) + body + ring(`M${-a} 0A${a} ${b} 0 0 0 ${a} 0`)),
  );
}

const coralColors: readonly [Color, ...Color[]] = ['#ff8f8a', '#ffb36b', '#d98ae0', '#ffd56b', '#8fd6a8'];

/** The bottom of a sea with light from above. */
export function underwater(stage: Stage): string {
  const { width, height, random, paints, light } = stage;
  const night = light.time === 'night' ? 0.4 : 0;
  const deep = (color: Color) => mix(color, '#14235e', night);
  const rays = Array.from({ length: 6 }, (_, index) => {
    const x = (width * (index + between(random, 0, 0.8))) / 6;
    return path(
      `M${n(x)} 0h${n(between(random, 30, 80))}L${n(x + between(random, -60, 160))} ${n(height * 0.8)}h-120Z`,
      paints.linear([0, '#ffffff', 0.28], [1, '#ffffff', 0]),
    );
  }).join('');
  const sand = deep('#f0dcae');
  const bottom = height * 0.76;
  const weeds = Array.from({ length: 12 }, () => {
    const x = random() < 0.5 ? random() * width * 0.32 : width * (0.68 + random() * 0.32);
    const h = between(random, 90, 260);
    const y = bottom + between(random, 6, 70);
    return stroke(
      `M${n(x)} ${n(y)}q-26 ${n(-h * 0.25)} 0 ${n(-h * 0.5)}t0 ${n(-h * 0.5)}`,
      deep(pick(random, ['#3fae84', '#59c08f', '#2f8f86'])),
      between(random, 9, 16),
    );
  }).join('');
  const corals = Array.from({ length: 9 }, (_, index) => {
    const x = index % 2 ? between(random, 0, width * 0.3) : between(random, width * 0.7, width);
    return place(
      x,
      bottom + between(random, 16, 110),
      between(random, 0.7, 1.3),
      coral(deep(pick(random, coralColors))),
    );
  }).join('');
  const bubbles = Array.from({ length: 30 }, () => {
    const r = between(random, 4, 15);
    const [x, y] = [random() * width, random() * height * 0.85];
    return (
      circle(x, y, r, '#ffffff', { opacity: 0.22 }) +
      circle(x - r * 0.3, y - r * 0.3, r * 0.26, '#ffffff', { opacity: 0.8 })
    );
  }).join('');
  return [
    rect(
      0,
      0,
      width,
      height,
      paints.linear([0, deep('#9fe6ea')], [0.5, deep('#46b4d3')], [1, deep('#2273ae')]),
    ),
    rays,
    path(
      `M0 ${n(bottom - 60)}Q${n(width * 0.2)} ${n(bottom - 150)} ${n(width * 0.42)} ${n(bottom - 40)}T${width} ${n(bottom - 90)}V${height}H0Z`,
      deep('#3a93bd'),
      { opacity: 0.55 },
    ),
    path(
      `M0 ${n(bottom + 20)}Q${n(width * 0.3)} ${n(bottom - 30)} ${n(width * 0.6)} ${n(bottom + 14)}T${width} ${n(bottom)}V${height}H0Z`,
      paints.linear([0, lighter(sand, 0.3)], [1, darker(sand, 0.1)]),
    ),
    weeds,
    corals,
    place(width * 0.3, height * 0.92, 1.2, path(starPath(26, 0.55), deep('#ff9e7a'))),
    bubbles,
  ].join('');
}

const coral = (color: Color): string =>
  [
    stroke(
      'M0 0V-60M0 -28Q-32 -36 -34 -72M0 -38Q30 -48 34 -86M0 -58Q-10 -80 -6 -100',
      darker(color, 0.14),
      17,
    ),
    stroke('M0 -4V-60M0 -28Q-32 -36 -34 -72M0 -38Q30 -48 34 -86M0 -58Q-10 -80 -6 -100', color, 12),
  ].join('');
