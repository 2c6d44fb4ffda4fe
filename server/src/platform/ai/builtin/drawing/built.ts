import { type Color, darker, lighter } from './color.js';
import { hills, meadow, ridge, tree } from './land.js';
import { bush } from './plants.js';
import { between, pick } from './random.js';
import type { Stage } from './stage.js';
import { circle, ellipse, n, path, place, rect, stroke } from './svg.js';

/** A window, shining when it is dark outside. */
const pane = (stage: Stage, x: number, y: number, w: number, h: number, distance = 0): string => {
  const dark = stage.light.time === 'night' || stage.light.time === 'dusk';
  const glass = dark ? '#ffdf8e' : stage.lit('#cfeaf7', distance);
  return rect(x, y, w, h, glass, { rx: Math.min(w, h) * 0.18 });
};

const wallColors: readonly [Color, ...Color[]] = [
  '#f7e3c3',
  '#f4c9b4',
  '#cfe3e8',
  '#e6d5ec',
  '#fbe8a6',
  '#d4e8c8',
];
const roofColors: readonly [Color, ...Color[]] = ['#d86a57', '#b4635a', '#7b6aa0', '#4f7fa3', '#c98a4b'];

/** A cottage about 170 units high, standing at the origin. */
export function house(stage: Stage, distance: number): string {
  const { random } = stage;
  const wall = stage.lit(pick(random, wallColors), distance);
  const roof = stage.lit(pick(random, roofColors), distance);
  const wood = stage.lit('#8a5c42', distance);
  const snow = stage.weather === 'snow' ? stage.lit('#f8fcff', distance) : null;
  return [
    rect(34, -176, 22, 54, darker(wall, 0.3)),
    rect(-70, -98, 140, 98, wall),
    rect(-70, -98, 140, 20, darker(wall, 0.1)),
    path('M-90 -92L0 -172L90 -92Q0 -82 -90 -92Z', snow ?? roof),
    snow
      ? path('M-90 -92Q0 -82 90 -92L84 -98Q0 -88 -84 -98Z', roof)
      : stroke('M-78 -96L0 -164L78 -96', lighter(roof, 0.25), 5, { opacity: 0.6 }),
    path('M-18 0V-42Q0 -60 18 -42V0Z', wood),
    circle(9, -24, 3.2, '#ffd35c'),
    pane(stage, -58, -70, 28, 30, distance),
    pane(stage, 30, -70, 28, 30, distance),
    stroke('M-44 -70V-40M-58 -55H-30M44 -70V-40M30 -55H58', wall, 4),
    circle(0, -118, 13, wall),
    circle(0, -118, 9, stage.light.time === 'night' ? '#ffdf8e' : stage.lit('#cfeaf7', distance)),
  ].join('');
}

export function village(stage: Stage): string {
  const { width, height, horizon, random } = stage;
  const row = (count: number, y: number, scale: number, distance: number) =>
    Array.from({ length: count }, (_, index) => {
      const x = (width * (index + 0.5 + between(random, -0.2, 0.2))) / count;
      return (
        place(x + 120 * scale, y - 4, scale * 0.9, tree(stage, distance)) +
        place(x, y, scale, house(stage, distance))
      );
    }).join('');
  return [
    ridge(stage, horizon - 60, 30, 0),
    row(5, horizon - 8, 0.62, 0.5),
    ridge(stage, horizon - 4, 16, 1),
    row(3, horizon + 56, 1.12, 0.22),
    ridge(stage, horizon + 52, 10, 2),
    meadow(stage),
    place(width * 0.06, height * 0.84, 1.2, bush(stage.lit('#5aa867'))),
    place(width * 0.95, height * 0.86, 1.3, bush(stage.lit('#67ad63'))),
  ].join('');
}

function skyline(stage: Stage, y: number, count: number, tall: number, distance: number): string {
  const { width, random } = stage;
  return Array.from({ length: count }, (_, index) => {
    const w = (width / count) * between(random, 0.82, 1.08);
    const x = (width * index) / count - 6;
    const h = tall * between(random, 0.55, 1.15);
    const wall = stage.lit(pick(random, wallColors), distance);
    const roof = random();
    const columns = Math.max(2, Math.floor(w / 38));
    const rows = Math.max(2, Math.floor(h / 58));
    const windows = Array.from({ length: columns * rows }, (_, cell) =>
      random() < 0.14
        ? ''
        : pane(
            stage,
            x + (w / columns) * ((cell % columns) + 0.28),
            y - h + 22 + Math.floor(cell / columns) * 54,
            (w / columns) * 0.44,
            30,
            distance,
          ),
    ).join('');
    return [
      roof < 0.4
        ? path(
            `M${n(x)} ${n(y - h + 2)}L${n(x + w / 2)} ${n(y - h - w * 0.34)}L${n(x + w)} ${n(y - h + 2)}Z`,
            stage.lit(pick(random, roofColors), distance),
          )
        : '',
      roof > 0.75
        ? path(
            `M${n(x + w * 0.2)} ${n(y - h + 2)}A${n(w * 0.3)} ${n(w * 0.3)} 0 0 1 ${n(x + w * 0.8)} ${n(y - h + 2)}Z`,
            stage.lit(pick(random, roofColors), distance),
          )
        : '',
      rect(x, y - h, w, h + 4, wall, { rx: 5 }),
      rect(x, y - h, w * 0.14, h + 4, darker(wall, 0.1), { rx: 5 }),
      windows,
    ].join('');
  }).join('');
}

/** A street between houses. */
export function city(stage: Stage): string {
  const { width, height, horizon, paints } = stage;
  const pavement = stage.lit(stage.weather === 'snow' ? '#eef4fa' : '#d9cfc6');
  const street = stage.lit('#8b8798');
  const kerb = horizon + (height - horizon) * 0.34;
  const lamp = (x: number) =>
    [
      stroke(
        `M${x} ${kerb + 24}V${kerb - 170}Q${x} ${kerb - 196} ${x + 30} ${kerb - 196}`,
        stage.lit('#4c4a63'),
        9,
      ),
      ...(stage.light.time === 'night'
        ? [circle(x + 34, kerb - 186, 74, paints.radial([0, '#ffe9a8', 0.75], [1, '#ffe9a8', 0]))]
        : []),
      ellipse(x + 34, kerb - 188, 17, 13, '#ffe9a8'),
    ].join('');
  return [
    skyline(stage, horizon + 40, 9, 400, 0.62),
    skyline(stage, kerb - 8, 5, 310, 0.22),
    rect(0, kerb - 12, width, height - kerb + 12, pavement),
    path(`M0 ${kerb + 70}H${width}V${height}H0Z`, paints.linear([0, lighter(street, 0.12)], [1, street])),
    rect(0, kerb + 60, width, 14, lighter(pavement, 0.4)),
    Array.from({ length: 7 }, (_, index) =>
      rect((width / 6) * index - 30, height * 0.93, width / 11, 12, '#ffffff', { opacity: 0.55, rx: 6 }),
    ).join(''),
    lamp(width * 0.09),
    lamp(width * 0.84),
    place(width * 0.2, kerb + 44, 1.15, tree(stage, 0.05)),
    place(width * 0.95, kerb + 48, 1.25, tree(stage, 0.05)),
  ].join('');
}

export function schoolyard(stage: Stage): string {
  const { width, horizon } = stage;
  const wall = stage.lit('#f0a77f', 0.12);
  const base = horizon + 84;
  const w = Math.min(width * 0.86, 900);
  const left = (width - w) / 2;
  const windows = Array.from({ length: 12 }, (_, index) => {
    const column = index % 6;
    if (column === 2 || column === 3) return '';
    const x = left + w * (0.05 + column * 0.155);
    const y = base - 210 + Math.floor(index / 6) * 100;
    return (
      rect(x - 5, y - 5, w * 0.09 + 10, 70, stage.lit('#fff6e6', 0.1), { rx: 6 }) +
      pane(stage, x, y, w * 0.09, 60, 0.1)
    );
  }).join('');
  return [
    hills(stage),
    rect(left, base - 240, w, 240, wall),
    rect(left, base - 20, w, 20, darker(wall, 0.2)),
    path(
      `M${left - 20} ${base - 234}L${left + 30} ${base - 300}H${left + w - 30}L${left + w + 20} ${base - 234}Z`,
      stage.lit('#b4635a', 0.12),
    ),
    windows,
    rect(width / 2 - 96, base - 290, 192, 290, lighter(wall, 0.16)),
    path(
      `M${width / 2 - 116} ${base - 284}L${width / 2} ${base - 372}L${width / 2 + 116} ${base - 284}Z`,
      stage.lit('#a3544e', 0.1),
    ),
    circle(width / 2, base - 236, 32, stage.lit('#fff8ec')),
    stroke(
      `M${width / 2} ${base - 236}V${base - 256}M${width / 2} ${base - 236}L${width / 2 + 14} ${base - 228}`,
      stage.lit('#4c4a63'),
      5,
    ),
    path(
      `M${width / 2 - 46} ${base}V${base - 104}Q${width / 2} ${base - 158} ${width / 2 + 46} ${base - 104}V${base}Z`,
      stage.lit('#6f5a86'),
    ),
    stroke(`M${width / 2} ${base}V${base - 130}`, stage.lit('#58466e'), 4),
    place(left - 16, base + 8, 1.5, tree(stage, 0.08)),
    place(left + w + 22, base + 8, 1.4, tree(stage, 0.08)),
    meadow(stage),
  ].join('');
}

function tower(stage: Stage, x: number, y: number, w: number, h: number, distance: number): string {
  const stone = stage.lit('#e4dceb', distance);
  const roof = stage.lit(pick(stage.random, ['#d8668f', '#7b6fc4', '#5f93cf']), distance);
  return [
    rect(x - w / 2, y - h, w, h, stone),
    rect(x - w / 2, y - h, w * 0.28, h, lighter(stone, 0.3)),
    rect(x + w * 0.26, y - h, w * 0.24, h, darker(stone, 0.1)),
    rect(x - w * 0.6, y - h - 8, w * 1.2, 22, darker(stone, 0.08), { rx: 6 }),
    path(
      `M${n(x - w * 0.66)} ${n(y - h - 4)}Q${n(x - w * 0.1)} ${n(y - h - w * 0.8)} ${n(x)} ${n(y - h - w * 1.75)}Q${n(x + w * 0.1)} ${n(y - h - w * 0.8)} ${n(x + w * 0.66)} ${n(y - h - 4)}Z`,
      roof,
    ),
    stroke(`M${n(x)} ${n(y - h - w * 1.7)}V${n(y - h - w * 2.15)}`, stage.lit('#6b5a7c', distance), 4),
    path(
      `M${n(x)} ${n(y - h - w * 2.15)}L${n(x + w * 0.6)} ${n(y - h - w * 2)}L${n(x)} ${n(y - h - w * 1.84)}Z`,
      stage.lit('#ffcf5c', distance),
    ),
    path(
      `M${n(x - w * 0.14)} ${n(y - h * 0.62)}v${n(-w * 0.3)}q${n(w * 0.14)} ${n(-w * 0.22)} ${n(w * 0.28)} 0v${n(w * 0.3)}Z`,
      stage.light.time === 'day' || stage.light.time === 'dawn' ? stage.lit('#7d86b5', distance) : '#ffdf8e',
    ),
  ].join('');
}

export function castle(stage: Stage): string {
  const { width, horizon } = stage;
  const stone = stage.lit('#ddd3e6', 0.22);
  const x = width * 0.5;
  const base = horizon + 40;
  const teeth = Array.from({ length: 9 }, (_, index) =>
    rect(x - 200 + index * 46, base - 196, 28, 28, stone),
  ).join('');
  return [
    ridge(stage, horizon - 40, 30, 0),
    tower(stage, x - 110, base, 74, 330, 0.34),
    tower(stage, x + 116, base, 70, 370, 0.34),
    tower(stage, x, base, 92, 400, 0.3),
    rect(x - 200, base - 176, 400, 190, stone),
    teeth,
    tower(stage, x - 220, base + 10, 84, 250, 0.18),
    tower(stage, x + 220, base + 10, 84, 250, 0.18),
    path(`M${x - 52} ${base + 14}v-78q52 -64 104 0v78Z`, stage.lit('#6b4f5f', 0.15)),
    stroke(
      `M${x - 26} ${base + 10}v-96M${x} ${base + 10}v-106M${x + 26} ${base + 10}v-96`,
      stage.lit('#54404c', 0.1),
      5,
    ),
    ridge(stage, horizon + 56, 14, 2),
    meadow(stage),
    place(width * 0.07, horizon + 120, 1.3, tree(stage, 0.1)),
    place(width * 0.94, horizon + 116, 1.4, tree(stage, 0.1)),
  ].join('');
}
