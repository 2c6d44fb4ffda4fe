import type { Lit } from './animal.js';
import { type Color, darker, lighter } from './color.js';
import { fir, flower, roundTree } from './plants.js';
import { circle, ellipse, heartPath, path, place, rect, starPath, stroke } from './svg.js';

/** Where a thing is in a picture; `hand`: the hero holds it when they can. */
export type Spot = 'ground' | 'sky' | 'water' | 'hand';

export interface Thing {
  readonly spot: Spot;
  /** So large that the one who holds it stands before it. */
  readonly isBehind?: boolean;
  /** Times its own size when it lies beside the hero. */
  readonly size: number;
  /** Standing at the origin, or, in the sky and in a hand, around it; 60 to 200 units. */
  draw(lit: Lit): string;
}

const balloon = (lit: Lit, color: Color, x: number, y: number): string =>
  [
    stroke(`M${x} ${y + 44}Q${x * 0.6 + 6} ${y + 90} 0 0`, lit('#fffaf0'), 2.6),
    ellipse(x, y, 34, 41, lit(color)),
    path(`M${x - 7} ${y + 48}L${x} ${y + 38}L${x + 7} ${y + 48}Z`, darker(lit(color), 0.14)),
    ellipse(x - 12, y - 14, 8, 12, '#ffffff', { opacity: 0.45 }),
  ].join('');

const boat: Thing['draw'] = (lit) =>
  [
    stroke('M0 -30V-150', lit('#8a5c42'), 8),
    path('M8 -146C60 -110 74 -70 74 -44L8 -44Z', lit('#fff6e6')),
    path('M-6 -132C-46 -104 -56 -72 -58 -44L-6 -44Z', lit('#f28b7d')),
    path('M0 -150L34 -162L0 -172Z', lit('#ffcf5c')),
    path('M-96 -34H96C86 4 62 14 0 14C-62 14 -86 4 -96 -34Z', lit('#c4673f')),
    path('M-96 -34H96L92 -20H-92Z', lit('#f4dcb4')),
    ellipse(0, 14, 104, 8, '#ffffff', { opacity: 0.5 }),
  ].join('');

const rocket: Thing['draw'] = (lit) =>
  `<g transform="rotate(24)">${[
    path('M-22 84Q0 150 22 84Z', '#ffb84d'),
    path('M-12 84Q0 120 12 84Z', '#fff2c4'),
    path(
      'M-34 40C-64 60 -62 90 -58 100C-46 86 -34 82 -26 80ZM34 40C64 60 62 90 58 100C46 86 34 82 26 80Z',
      lit('#e2574c'),
    ),
    path('M0 -110C46 -70 50 20 28 86H-28C-50 20 -46 -70 0 -110Z', lit('#f6f3ff')),
    path('M0 -110C24 -90 36 -62 40 -38H-40C-36 -62 -24 -90 0 -110Z', lit('#e2574c')),
    path('M10 -100C40 -60 46 20 28 86H8C26 20 28 -50 10 -100Z', '#5b4a86', { opacity: 0.14 }),
    circle(0, -4, 21, lit('#4f93d9')),
    circle(0, -4, 15, lit('#bfe6fa')),
  ].join('')}</g>`;

const cake: Thing['draw'] = (lit) =>
  [
    ellipse(0, 2, 78, 12, lit('#f4f0ff')),
    path('M-62 -2V-50Q0 -38 62 -50V-2Q0 12 -62 -2Z', lit('#f2a7b5')),
    path(
      'M-62 -52Q0 -70 62 -52Q66 -36 54 -36Q46 -24 36 -36Q26 -22 16 -34Q4 -20 -8 -34Q-20 -22 -30 -35Q-42 -24 -50 -36Q-66 -38 -62 -52Z',
      lit('#fffaf0'),
    ),
    path('M-40 -62V-92Q0 -82 40 -92V-62Q0 -52 -40 -62Z', lit('#ffd9a0')),
    ellipse(0, -92, 40, 9, lit('#fffaf0')),
    [-22, 0, 22]
      .map(
        (x) =>
          rect(x - 4, -126, 8, 34, lit(x === 0 ? '#4fa3d9' : '#f26b5e'), { rx: 3 }) +
          path(`M${x} -148Q${x + 9} -136 ${x} -128Q${x - 9} -136 ${x} -148Z`, '#ffcf5c'),
      )
      .join(''),
    [-44, -16, 16, 44].map((x) => circle(x, -18, 5, lit('#ffd35c'))).join(''),
  ].join('');

const gift: Thing['draw'] = (lit) =>
  [
    rect(-44, -66, 88, 66, lit('#4fa3d9'), { rx: 6 }),
    rect(-50, -82, 100, 24, lit('#69b6e6'), { rx: 6 }),
    rect(-9, -82, 18, 82, lit('#ffd35c')),
    path('M0 -82C-36 -120 -50 -84 0 -82C36 -120 50 -84 0 -82Z', lit('#ffd35c')),
  ].join('');

const book: Thing['draw'] = (lit) =>
  [
    path('M-58 -34Q-28 -48 0 -32Q28 -48 58 -34V28Q28 14 0 30Q-28 14 -58 28Z', lit('#b4574f')),
    path('M-52 -36Q-26 -48 0 -34V24Q-26 10 -52 22Z', lit('#fffaf0')),
    path('M52 -36Q26 -48 0 -34V24Q26 10 52 22Z', lit('#f6ecd9')),
    stroke(
      'M-42 -22Q-26 -28 -10 -20M-42 -8Q-26 -14 -10 -6M42 -22Q26 -28 10 -20M42 -8Q26 -14 10 -6',
      lit('#c9b79a'),
      3,
    ),
  ].join('');

const lantern: Thing['draw'] = (lit) =>
  [
    circle(0, 24, 84, '#ffe08a', { opacity: 0.22 }),
    circle(0, 24, 52, '#ffe08a', { opacity: 0.3 }),
    stroke('M0 -18V-6', lit('#5a4a40'), 5),
    path('M-20 -4H20L26 4H-26Z', lit('#5a4a40')),
    rect(-20, 4, 40, 44, '#fff0b3', { rx: 6 }),
    path('M0 14Q12 28 0 42Q-12 28 0 14Z', '#ffb03d'),
    path('M-26 46H26L20 56H-20Z', lit('#5a4a40')),
  ].join('');

const kite: Thing['draw'] = (lit) =>
  [
    path('M0 -70L48 -6L0 70L-48 -6Z', lit('#f26b5e')),
    path('M0 -70L48 -6L0 -6ZM0 70L-48 -6L0 -6Z', lit('#ffcb52')),
    stroke('M0 70Q30 100 6 126Q-20 150 8 176', lit('#fffaf0'), 4),
    [98, 132, 160]
      .map((y, index) =>
        path(
          `M${index % 2 ? -12 : 18} ${y}l-14 -8v16ZM${index % 2 ? -12 : 18} ${y}l14 -8v16Z`,
          lit('#4fa3d9'),
        ),
      )
      .join(''),
  ].join('');

const hotAirBalloon: Thing['draw'] = (lit) =>
  [
    stroke('M-34 52L-16 96M34 52L16 96', lit('#8a5c42'), 4),
    path(
      'M0 -96C66 -96 84 -34 60 14C44 42 26 56 18 62H-18C-26 56 -44 42 -60 14C-84 -34 -66 -96 0 -96Z',
      lit('#f26b5e'),
    ),
    path(
      'M0 -96C34 -96 44 -34 34 14C28 42 16 56 10 62H-10C-16 56 -28 42 -34 14C-44 -34 -34 -96 0 -96Z',
      lit('#ffd97a'),
    ),
    path(
      'M0 -96C14 -96 18 -34 14 14C12 42 6 56 4 62H-4C-6 56 -12 42 -14 14C-18 -34 -14 -96 0 -96Z',
      lit('#f26b5e'),
    ),
    path('M-20 94H20L16 124Q0 130 -16 124Z', lit('#b98555')),
  ].join('');

const ball: Thing['draw'] = (lit) =>
  circle(0, -34, 34, lit('#fff6ea')) +
  path('M0 -68Q-26 -36 0 0A34 34 0 0 1 0 -68Z', lit('#f26b5e')) +
  path('M0 -68Q26 -36 0 0Q44 -8 30 -50Q18 -66 0 -68Z', lit('#4fa3d9'));

const chest: Thing['draw'] = (lit) =>
  [
    path('M-58 -44Q-58 -92 0 -92Q58 -92 58 -44Z', lit('#a8683c')),
    ellipse(0, -46, 50, 12, '#ffd35c'),
    [-28, -6, 18, 34].map((x) => circle(x, -52, 9, lit('#ffe08a'))).join(''),
    rect(-60, -44, 120, 46, lit('#8f5530'), { rx: 5 }),
    rect(-60, -44, 120, 9, lit('#ffcb52')),
    rect(-11, -48, 22, 26, lit('#ffcb52'), { rx: 5 }),
    circle(0, -36, 4, '#5a3a20'),
  ].join('');

const wand: Thing['draw'] = (lit) =>
  [
    circle(22, -52, 44, '#fff0b3', { opacity: 0.35 }),
    stroke('M-4 14L18 -42', lit('#8a5c42'), 7),
    place(22, -52, 1, path(starPath(25, 0.48), '#ffd65c')),
    circle(54, -70, 4, '#fff6cf'),
    circle(-6, -74, 3.4, '#fff6cf'),
    circle(46, -22, 3, '#fff6cf'),
  ].join('');

const tent: Thing['draw'] = (lit) =>
  [
    path('M0 -128L96 0H-96Z', lit('#f2a24d')),
    path('M0 -128L96 0H46Z', lit('#d98838')),
    path('M0 -104L38 0H-38Z', lit('#5b3d52')),
    path('M0 -104L-10 0H-38Z', lit('#ffcf8a')),
  ].join('');

const bicycle: Thing['draw'] = (lit) =>
  [
    [-50, 50].map((x) => circle(x, -34, 33, 'none', { stroke: lit('#4a4a63'), 'stroke-width': 7 })).join(''),
    stroke(
      'M-50 -34L-16 -82L40 -82L50 -34M-16 -82L4 -34L40 -82M-50 -34H4M40 -82L36 -104H54',
      lit('#e2574c'),
      7,
    ),
    stroke('M-28 -92H-4', lit('#4a4a63'), 9),
  ].join('');

const umbrella: Thing['draw'] = (lit) =>
  [
    stroke('M0 10V-96', lit('#6b4a3a'), 6),
    path(
      'M-88 -92C-80 -160 80 -160 88 -92Q66 -108 44 -92Q22 -108 0 -92Q-22 -108 -44 -92Q-66 -108 -88 -92Z',
      lit('#f26b5e'),
    ),
    path(
      'M-44 -92C-40 -130 -20 -144 0 -144C20 -144 40 -130 44 -92Q22 -108 0 -92Q-22 -108 -44 -92Z',
      lit('#ffd97a'),
    ),
  ].join('');

const toothbrush: Thing['draw'] = (lit) =>
  `<g transform="rotate(-32)">${[
    rect(-9, -40, 18, 120, lit('#4fa3d9'), { rx: 9 }),
    rect(-9, -70, 14, 40, lit('#8cc8ee'), { rx: 6 }),
    rect(3, -70, 18, 36, '#ffffff', { rx: 4 }),
    path('M6 -76Q14 -92 24 -76Z', '#8fe0c8'),
  ].join('')}</g>`;

const apple: Thing['draw'] = (lit) =>
  path(
    'M0 -6C-20 -22 -48 -6 -40 26C-34 52 -14 58 0 48C14 58 34 52 40 26C48 -6 20 -22 0 -6Z',
    lit('#e2574c'),
  ) +
  stroke('M0 -6Q0 -22 8 -32', lit('#6b4a3a'), 6) +
  path('M6 -20Q22 -38 38 -26Q24 -10 6 -20Z', lit('#6fb765')) +
  ellipse(-20, 8, 7, 11, '#ffffff', { opacity: 0.4 });

const train: Thing['draw'] = (lit) =>
  [
    rect(-92, -74, 74, 62, lit('#f26b5e'), { rx: 8 }),
    rect(-100, -88, 90, 16, lit('#b4473f'), { rx: 8 }),
    rect(-78, -62, 42, 28, lit('#cfeaf7'), { rx: 6 }),
    path('M-20 -58H64Q84 -58 84 -36V-12H-20Z', lit('#4fa3d9')),
    path('M40 -58L34 -92H66L60 -58Z', lit('#4a4a63')),
    circle(70, -110, 13, '#ffffff', { opacity: 0.75 }),
    circle(50, -128, 18, '#ffffff', { opacity: 0.6 }),
    [-68, -30, 16, 58]
      .map((x) => circle(x, -8, 17, lit('#4a4a63')) + circle(x, -8, 7, lit('#ffcb52')))
      .join(''),
  ].join('');

const car: Thing['draw'] = (lit) =>
  [
    path('M-52 -52Q-40 -92 0 -92Q38 -92 52 -52Z', lit('#cfeaf7')),
    path('M-52 -50Q-42 -94 0 -94Q40 -94 54 -50H42Q34 -82 4 -82V-50H-6V-82Q-34 -80 -40 -50Z', lit('#f26b5e')),
    path('M-92 -20Q-92 -54 -56 -54H56Q92 -52 92 -20Q92 -10 82 -10H-82Q-92 -10 -92 -20Z', lit('#f26b5e')),
    circle(82, -36, 8, '#fff0b3'),
    [-50, 50].map((x) => circle(x, -12, 21, lit('#4a4a63')) + circle(x, -12, 9, lit('#e9e4f0'))).join(''),
  ].join('');

const guitar: Thing['draw'] = (lit) =>
  `<g transform="rotate(24)">${[
    rect(-6, -130, 12, 90, lit('#6b4a3a')),
    rect(-11, -148, 22, 24, lit('#4a3428'), { rx: 5 }),
    path(
      'M0 -54C30 -54 26 -28 22 -20C44 -4 40 40 0 40C-40 40 -44 -4 -22 -20C-26 -28 -30 -54 0 -54Z',
      lit('#e0a050'),
    ),
    circle(0, -6, 12, lit('#5a3a28')),
  ].join('')}</g>`;

export const things = {
  balloon: {
    spot: 'hand',
    size: 1.15,
    isBehind: true,
    draw: (lit) =>
      balloon(lit, '#f26b5e', 10, -150) +
      balloon(lit, '#4fa3d9', 58, -118) +
      balloon(lit, '#ffcb52', -34, -112),
  },
  boat: { spot: 'water', size: 1.25, draw: boat },
  rocket: { spot: 'sky', size: 1, draw: rocket },
  cake: { spot: 'ground', size: 1, draw: cake },
  gift: { spot: 'ground', size: 0.85, draw: gift },
  book: { spot: 'hand', size: 0.8, draw: book },
  lantern: { spot: 'hand', size: 0.9, draw: lantern },
  kite: { spot: 'sky', size: 0.95, draw: kite },
  hotAirBalloon: { spot: 'sky', size: 1.1, draw: hotAirBalloon },
  ball: { spot: 'ground', size: 0.8, draw: ball },
  chest: { spot: 'ground', size: 1, draw: chest },
  wand: { spot: 'hand', size: 1, draw: wand },
  tent: { spot: 'ground', size: 1.6, draw: tent },
  bicycle: { spot: 'ground', size: 1.2, draw: bicycle },
  umbrella: { spot: 'hand', size: 1.5, isBehind: true, draw: umbrella },
  toothbrush: { spot: 'hand', size: 0.8, draw: toothbrush },
  apple: { spot: 'hand', size: 0.5, draw: apple },
  train: { spot: 'ground', size: 1.4, draw: train },
  car: { spot: 'ground', size: 1.3, draw: car },
  guitar: { spot: 'hand', size: 0.9, draw: guitar },
  heart: {
    spot: 'sky',
    size: 0.8,
    draw: (lit) =>
      path(heartPath(46), lit('#f26b7f')) +
      ellipse(-24, -26, 10, 14, lighter(lit('#f26b7f'), 0.6), { opacity: 0.6 }),
  },
  star: {
    spot: 'sky',
    size: 1,
    draw: () =>
      circle(0, 0, 90, '#fff0b3', { opacity: 0.25 }) +
      path(starPath(54, 0.5), '#ffd65c') +
      ellipse(-12, -12, 8, 12, '#ffffff', { opacity: 0.5 }),
  },
  tree: { spot: 'ground', size: 1.6, draw: (lit) => roundTree(lit('#6fb765'), lit('#7d5a45')) },
  christmasTree: {
    spot: 'ground',
    size: 1.5,
    draw: (lit) =>
      fir(lit('#3f8262'), lit('#7d5a45'), null) +
      [
        [-28, -40],
        [22, -60],
        [-14, -100],
        [26, -112],
        [0, -146],
      ]
        .map(([x = 0, y = 0], index) =>
          circle(x, y, 8, ['#f26b5e', '#ffd35c', '#69b6e6'][index % 3] ?? '#ffd35c'),
        )
        .join('') +
      place(0, -214, 1, path(starPath(22), '#ffd65c')),
  },
  flower: {
    spot: 'hand',
    size: 1.1,
    draw: (lit) =>
      flower(lit('#ff7b9c'), lit('#4d9a62')) +
      place(-14, 4, 0.9, flower(lit('#ffd35c'), lit('#4d9a62'))) +
      place(15, 3, 0.95, flower(lit('#a88be8'), lit('#4d9a62'))),
  },
  rainbow: { spot: 'sky', size: 1, draw: () => '' },
} as const satisfies Readonly<Record<string, Thing>>;

export type ThingName = keyof typeof things;
