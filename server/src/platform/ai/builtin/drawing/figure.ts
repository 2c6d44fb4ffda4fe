import { type Color, darker, lighter } from './color.js';
import { drawFace, type Mood } from './face.js';
import { hairBehind, hairInFront } from './hair.js';
import type { Look } from './look.js';
import { circle, ellipse, heartPath, path, place, starPath, stroke } from './svg.js';

export type Pose = 'standing' | 'waving' | 'cheering' | 'holding';

export interface FigureOptions {
  readonly mood: Mood;
  readonly pose: Pose;
  /** In the cold: a woollen hat and a scarf. */
  readonly wrapped?: boolean;
  /** Where one cannot breathe: a glass helmet. */
  readonly helmet?: boolean;
  /** Where the light falls into: given to every colour. */
  readonly lit: (color: Color) => Color;
}

/** Where the right hand of a pose is, for what it holds. */
export const handOf: Readonly<Record<Pose, readonly [number, number]>> = {
  standing: [66, -84],
  waving: [108, -184],
  cheering: [108, -192],
  holding: [92, -116],
};

/** A person of about 300 units standing at the origin, seen from the front; heads of the young are larger. */
export function drawFigure(look: Look, options: FigureOptions): string {
  const { lit, pose } = options;
  const adult = look.age > 17;
  const skin = lit(look.skin);
  const top = lit(look.top);
  const bottom = lit(look.bottom);
  const head = headSize(look.age);
  const neck = adult ? -186 : -166;
  const headY = neck - 50 * head + 2;
  return [
    ellipse(0, 2, 72, 13, '#1b1436', { opacity: 0.2 }),
    look.extra === 'cape' ? cape(lit('#d84a5b')) : '',
    place(0, headY, head, hairBehind(look.hairStyle, lit(look.hair))),
    legs(look, skin, bottom, lit),
    look.extra === 'backpack' ? rucksack(lit('#c98a4b')) : '',
    place(0, 0, 1, arms(pose, top, skin, adult)),
    body(look, top, bottom, adult, lit),
    path(
      `M-13 ${neck + 10}L-12 ${neck - 10}L12 ${neck - 10}L13 ${neck + 10}Q0 ${neck + 20} -13 ${neck + 10}Z`,
      darker(skin, 0.1),
    ),
    options.wrapped ? scarf(lit('#e2574c'), neck) : '',
    place(
      0,
      headY,
      head,
      [
        circle(-61, 6, 13, skin),
        circle(61, 6, 13, skin),
        circle(-61, 7, 6, darker(skin, 0.14)),
        circle(61, 7, 6, darker(skin, 0.14)),
        path('M0 -62C44 -62 64 -34 63 2C62 40 36 62 0 62C-36 62 -62 40 -63 2C-64 -34 -44 -62 0 -62Z', skin),
        drawFace({
          mood: options.mood,
          eyes: lit(look.eyes),
          skin,
          brows: darker(lit(look.hair), 0.25),
          glasses: look.extra === 'glasses',
        }),
        hairInFront(look.hairStyle, lit(look.hair)),
        options.wrapped ? woollenHat(lit('#e2574c')) : headwear(look, lit),
        options.helmet ? glassHelmet() : '',
      ].join(''),
    ),
  ].join('');
}

const headSize = (age: number): number => (age <= 4 ? 1.12 : age <= 8 ? 1.04 : age <= 17 ? 0.96 : 0.8);

function legs(look: Look, skin: Color, bottom: Color, lit: (color: Color) => Color): string {
  const shoes = lit(look.shoes);
  const wearsTrousers = look.outfit !== 'dress';
  const leg = (x: number) =>
    [
      stroke(`M${x} -72L${x} -16`, wearsTrousers ? bottom : skin, 23, { 'stroke-linecap': 'butt' }),
      wearsTrousers
        ? ''
        : stroke(`M${x} -34L${x} -16`, '#ffffff', 23, { 'stroke-linecap': 'butt', opacity: 0.85 }),
      path(
        `M${x - 15} 0C${x - 16} -20 ${x - 10} -24 ${x} -24C${x + 10} -24 ${x + 16} -20 ${x + 15} 0Q${x} 6 ${x - 15} 0Z`,
        shoes,
      ),
      ellipse(x, -3, 15, 4, darker(shoes, 0.25)),
    ].join('');
  return leg(-19) + leg(19);
}

function body(look: Look, top: Color, bottom: Color, adult: boolean, lit: (color: Color) => Color): string {
  const shoulder = adult ? -182 : -164;
  const accent = lighter(top, 0.5);
  if (look.outfit === 'dress') {
    return [
      path(
        `M-30 ${shoulder}Q0 ${shoulder + 12} 30 ${shoulder}C42 ${shoulder + 6} 40 -126 44 -106C50 -88 60 -70 64 -52C40 -40 -40 -40 -64 -52C-60 -70 -50 -88 -44 -106C-40 -126 -42 ${shoulder + 6} -30 ${shoulder}Z`,
        top,
      ),
      path('M-64 -52C-40 -40 40 -40 64 -52L61 -62C38 -51 -38 -51 -61 -62Z', accent),
      path('M-43 -110Q0 -98 43 -110L42 -118Q0 -106 -42 -118Z', bottom),
      emblem(look.emblem, accent, -142),
    ].join('');
  }
  const shirt = path(
    `M-32 ${shoulder}Q0 ${shoulder + 12} 32 ${shoulder}C46 ${shoulder + 6} 44 -120 45 -76Q0 -66 -45 -76C-44 -120 -46 ${shoulder + 6} -32 ${shoulder}Z`,
    top,
  );
  const trousers = path('M-44 -84Q0 -74 44 -84L42 -60Q20 -54 8 -60L0 -66L-8 -60Q-20 -54 -42 -60Z', bottom);
  if (look.outfit === 'overalls')
    return [
      shirt,
      path(
        `M-27 ${shoulder + 34}L27 ${shoulder + 34}L32 -90C40 -88 44 -84 44 -78L42 -60Q20 -54 8 -60L0 -66L-8 -60Q-20 -54 -42 -60L-44 -78C-44 -84 -40 -88 -32 -90Z`,
        bottom,
      ),
      stroke(`M-22 ${shoulder + 36}L-27 ${shoulder + 6}M22 ${shoulder + 36}L27 ${shoulder + 6}`, bottom, 10),
      circle(-21, shoulder + 40, 4, lit('#ffe08a')),
      circle(21, shoulder + 40, 4, lit('#ffe08a')),
      path(`M-13 ${shoulder + 50}h26v14q-13 8 -26 0Z`, darker(bottom, 0.14)),
    ].join('');
  const stripes =
    look.outfit === 'striped'
      ? [-134, -114, -94]
          .map((y) => stroke(`M-42 ${y}Q0 ${y + 10} 42 ${y}`, accent, 8, { 'stroke-linecap': 'butt' }))
          .join('')
      : '';
  return [shirt, stripes, trousers, look.outfit === 'striped' ? '' : emblem(look.emblem, accent, -124)].join(
    '',
  );
}

const emblem = (kind: Look['emblem'], color: Color, y: number): string =>
  kind === 'none' ? '' : place(0, y, 1, path(kind === 'star' ? starPath(15) : heartPath(13), color));

function arms(pose: Pose, sleeve: Color, skin: Color, adult: boolean): string {
  const y = adult ? -166 : -148;
  const limb = (side: 1 | -1, elbowX: number, elbowY: number, handX: number, handY: number) =>
    [
      stroke(`M${side * 34} ${y}Q${side * elbowX} ${elbowY} ${side * handX} ${handY}`, skin, 19),
      stroke(
        `M${side * 34} ${y}Q${side * (34 + (elbowX - 34) * 0.5)} ${y + (elbowY - y) * 0.5} ${side * (34 + (elbowX - 34) * 0.62 + (handX - elbowX) * 0.12)} ${y + (elbowY - y) * 0.62 + (handY - elbowY) * 0.12}`,
        darker(sleeve, 0.1),
        25,
      ),
      circle(side * handX, handY, 12, skin),
    ].join('');
  const down = (side: 1 | -1) => limb(side, 58, -120, 62, -88);
  if (pose === 'standing') return down(1) + down(-1);
  if (pose === 'cheering') return limb(1, 84, -136, 106, -188) + limb(-1, 84, -136, 106, -188);
  if (pose === 'holding') return limb(1, 66, -108, 92, -118) + down(-1);
  return limb(1, 84, -132, 106, -180) + down(-1);
}

function headwear(look: Look, lit: (color: Color) => Color): string {
  if (look.extra === 'crown')
    return (
      path('M-30 -52L-36 -84L-16 -70L0 -92L16 -70L36 -84L30 -52Q0 -44 -30 -52Z', lit('#ffd35c')) +
      circle(0, -62, 5, lit('#e2574c'))
    );
  if (look.extra === 'bow')
    return place(
      40,
      -56,
      1,
      path(
        'M0 0C-22 -18 -30 -10 -28 2C-30 14 -20 18 0 0C22 -18 30 -10 28 2C30 14 20 18 0 0Z',
        lit('#ff7b9c'),
      ) + circle(0, 1, 6, lit('#e0587d')),
    );
  if (look.extra === 'flower')
    return place(
      44,
      -46,
      1,
      [0, 72, 144, 216, 288]
        .map((degrees) => `<g transform="rotate(${degrees})">${ellipse(0, -10, 7, 9, lit('#fff4f0'))}</g>`)
        .join('') + circle(0, 0, 6, lit('#ffd35c')),
    );
  if (look.extra === 'hat')
    return (
      ellipse(0, -44, 84, 14, lit('#e9c27a')) +
      path('M-44 -48C-44 -96 44 -96 44 -48Q0 -36 -44 -48Z', lit('#f0cf8c')) +
      path('M-45 -58Q0 -46 45 -58L45 -47Q0 -35 -45 -47Z', lit('#d8664f'))
    );
  return '';
}

const woollenHat = (color: Color): string =>
  [
    path('M-64 -26C-62 -92 62 -92 64 -26Q0 -52 -64 -26Z', color),
    path('M-67 -20Q0 -50 67 -20L64 -36Q0 -66 -64 -36Z', lighter(color, 0.6)),
    circle(0, -84, 15, lighter(color, 0.7)),
  ].join('');

const scarf = (color: Color, neck: number): string =>
  [
    path(
      `M-38 ${neck - 4}Q0 ${neck + 18} 38 ${neck - 4}L38 ${neck + 14}Q0 ${neck + 34} -38 ${neck + 14}Z`,
      color,
    ),
    path(`M12 ${neck + 16}L34 ${neck + 12}L38 ${neck + 66}L18 ${neck + 68}Z`, darker(color, 0.12)),
  ].join('');

const glassHelmet = (): string =>
  [
    circle(0, 0, 94, '#dff1ff', { opacity: 0.2 }),
    circle(0, 0, 94, 'none', { stroke: '#f2f8ff', 'stroke-width': 6, opacity: 0.8 }),
    stroke('M-70 -36Q-56 -66 -26 -78', '#ffffff', 8, { opacity: 0.75 }),
  ].join('');

const cape = (color: Color): string =>
  path('M-34 -158C-52 -110 -78 -60 -92 -30C-60 -14 60 -14 92 -30C78 -60 52 -110 34 -158Z', color) +
  path(
    'M-34 -158C-44 -110 -56 -60 -60 -22C-78 -24 -86 -26 -92 -30C-78 -60 -52 -110 -34 -158Z',
    darker(color, 0.14),
  );

const rucksack = (color: Color): string =>
  path('M-54 -150C-62 -120 -60 -96 -52 -84L52 -84C60 -96 62 -120 54 -150Z', color);
