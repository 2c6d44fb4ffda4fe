import type { Animal, Lit } from './animal.js';
import { type Color, darker, lighter } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';

const eyes = (y: number, gap: number, size: number): string =>
  [-gap, gap]
    .map(
      (x) => circle(x, y, size, '#2c2033') + circle(x + size * 0.35, y - size * 0.35, size * 0.34, '#ffffff'),
    )
    .join('');

/** A bird that stands and looks at us. */
function perched(coat: {
  readonly feathers: Color;
  readonly belly: Color;
  readonly beak: Color;
  readonly discs?: Color;
  readonly tufts?: boolean;
}): Animal['draw'] {
  return (lit: Lit) => {
    const feathers = lit(coat.feathers);
    const belly = lit(coat.belly);
    const beak = lit(coat.beak);
    return [
      ellipse(0, 0, 40, 8, '#1b1436', { opacity: 0.2 }),
      stroke('M-13 -10V-2M13 -10V-2M-20 0H-6M6 0H20', beak, 6),
      coat.tufts ? path('M-38 -116L-44 -152L-14 -134ZM38 -116L44 -152L14 -134Z', feathers) : '',
      path(
        'M0 -140C44 -140 54 -100 52 -62C50 -22 30 -6 0 -6C-30 -6 -50 -22 -52 -62C-54 -100 -44 -140 0 -140Z',
        feathers,
      ),
      path(
        'M0 -84C28 -84 34 -52 30 -34C26 -16 14 -10 0 -10C-14 -10 -26 -16 -30 -34C-34 -52 -28 -84 0 -84Z',
        belly,
      ),
      stroke('M-12 -58q6 6 12 0q6 6 12 0M-16 -40q8 6 16 0q8 6 16 0', darker(belly, 0.14), 3.5),
      path(
        'M-50 -82C-70 -62 -66 -30 -46 -22C-38 -40 -38 -64 -50 -82ZM50 -82C70 -62 66 -30 46 -22C38 -40 38 -64 50 -82Z',
        darker(feathers, 0.16),
      ),
      coat.discs ? circle(-19, -104, 22, lit(coat.discs)) + circle(19, -104, 22, lit(coat.discs)) : '',
      eyes(-104, 18, coat.discs ? 10 : 7),
      path('M-8 -94Q0 -98 8 -94L0 -80Z', beak),
      ellipse(-34, -88, 7, 4.5, '#ff8a94', { opacity: 0.45 }),
      ellipse(34, -88, 7, 4.5, '#ff8a94', { opacity: 0.45 }),
    ].join('');
  };
}

const flying: Animal['draw'] = (lit) => {
  const feathers = lit('#5f9fd8');
  return [
    path('M-50 6L-92 -8L-84 20Z', darker(feathers, 0.16)),
    path('M-56 8C-50 -30 20 -40 44 -10C50 16 6 34 -26 26C-42 22 -54 16 -56 8Z', feathers),
    path('M-30 18C-8 30 22 22 40 4C30 28 -8 36 -30 18Z', lit('#fff1dc')),
    path('M-22 -8C-34 -60 -10 -86 14 -92C10 -60 14 -34 10 -8Z', lighter(feathers, 0.2)),
    path('M44 -10L66 -2L44 6Z', lit('#ffb84d')),
    circle(30, -8, 5.5, '#2c2033'),
    circle(32, -10, 2, '#ffffff'),
  ].join('');
};

const butterfly: Animal['draw'] = (lit) => {
  const wing = lit('#ff9a6b');
  const inner = lit('#ffd56b');
  return [
    path('M0 0C-20 -70 -90 -70 -80 -20C-74 6 -30 8 0 0C20 -70 90 -70 80 -20C74 6 30 8 0 0Z', wing),
    path('M0 0C-40 4 -70 26 -50 54C-30 70 -8 34 0 0C8 34 30 70 50 54C70 26 40 4 0 0Z', darker(wing, 0.12)),
    ellipse(-46, -26, 17, 14, inner),
    ellipse(46, -26, 17, 14, inner),
    circle(-34, 34, 10, inner),
    circle(34, 34, 10, inner),
    stroke('M0 -18V34', '#4a3040', 9),
    stroke('M-2 -22Q-10 -44 -22 -46M2 -22Q10 -44 22 -46', '#4a3040', 3),
  ].join('');
};

const bee: Animal['draw'] = (lit) => {
  const body = lit('#ffcb52');
  return [
    ellipse(-10, -34, 20, 28, '#ffffff', { opacity: 0.75 }),
    ellipse(22, -34, 18, 26, '#ffffff', { opacity: 0.65 }),
    ellipse(0, 0, 48, 33, body),
    stroke('M-16 -30V30M6 -32V32M26 -26V26', '#4a3a33', 9, { 'stroke-linecap': 'butt' }),
    circle(-36, -6, 6, '#2c2033'),
    circle(-38, -8, 2.2, '#ffffff'),
    stroke('M-44 10Q-38 15 -31 12', '#4a3a33', 3),
  ].join('');
};

function swimming(coat: {
  readonly skin: Color;
  readonly belly: Color;
  readonly stripes?: Color;
}): Animal['draw'] {
  return (lit) => {
    const skin = lit(coat.skin);
    const fin = darker(skin, 0.14);
    return [
      path('M-50 0L-96 -36C-86 -10 -86 10 -96 36Z', fin),
      path('M-20 -34C-6 -66 26 -62 34 -38Z', fin),
      path('M-62 0C-34 -52 46 -54 74 -4C46 46 -34 46 -62 0Z', skin),
      path('M-44 14C-10 40 40 34 66 6C44 44 -10 46 -44 14Z', lit(coat.belly)),
      coat.stripes
        ? stroke('M-14 -36Q-2 0 -14 34M18 -40Q30 0 18 36', lit(coat.stripes), 11, {
            'stroke-linecap': 'butt',
          })
        : '',
      path('M-2 8C-10 30 -26 30 -32 24C-26 14 -14 8 -2 8Z', fin),
      circle(46, -10, 11, '#ffffff'),
      circle(48, -10, 6.5, '#2c2033'),
      circle(50, -12, 2.4, '#ffffff'),
      stroke('M52 12Q60 14 64 7', darker(skin, 0.4), 3.5),
    ].join('');
  };
}

const whale: Animal['draw'] = (lit) => {
  const skin = lit('#6f9fd0');
  return [
    path('M-74 -6C-108 -14 -116 -46 -106 -60C-96 -42 -84 -38 -72 -40C-72 -30 -70 -16 -66 -4Z', skin),
    path('M-84 -8C-60 20 -30 -62 40 -58C92 -54 104 0 80 30C56 52 -24 52 -60 26C-72 18 -80 6 -84 -8Z', skin),
    path('M-46 30C-10 52 56 50 82 26C90 14 94 6 94 -2C60 26 0 22 -46 30Z', lit('#e9f3fb')),
    stroke('M34 26q6 10 20 10M10 30q6 8 18 9', darker(skin, 0.14), 3),
    circle(62, -10, 6.5, '#2c2033'),
    circle(64, -12, 2.4, '#ffffff'),
    stroke('M30 -62C28 -84 10 -90 0 -82M30 -62C32 -84 50 -92 62 -82', '#cfeefc', 8),
  ].join('');
};

const octopus: Animal['draw'] = (lit) => {
  const skin = lit('#c98ae0');
  return [
    stroke('M-36 20Q-60 40 -50 62M-14 30Q-26 54 -12 70M14 30Q26 54 12 70M36 20Q60 40 50 62', skin, 18),
    path('M0 -74C48 -74 62 -34 52 4C46 34 -46 34 -52 4C-62 -34 -48 -74 0 -74Z', skin),
    ellipse(-18, -52, 14, 8, lighter(skin, 0.35), { opacity: 0.6 }),
    eyes(-14, 19, 9),
    stroke('M-12 6Q0 16 12 6', darker(skin, 0.5), 4),
    ellipse(-36, 2, 8, 5, '#ff8a94', { opacity: 0.5 }),
    ellipse(36, 2, 8, 5, '#ff8a94', { opacity: 0.5 }),
  ].join('');
};

export const birds = {
  owl: {
    habitat: 'ground',
    size: 0.8,
    draw: perched({ feathers: '#9a6f52', belly: '#f3ddba', beak: '#f2b24d', discs: '#fdf1dc', tufts: true }),
  },
  penguin: {
    habitat: 'ground',
    size: 0.8,
    draw: perched({ feathers: '#3d4763', belly: '#ffffff', beak: '#ffb84d' }),
  },
  chick: {
    habitat: 'ground',
    size: 0.5,
    draw: perched({ feathers: '#ffd95c', belly: '#fff0ae', beak: '#ff9a4a' }),
  },
  parrot: {
    habitat: 'ground',
    size: 0.7,
    draw: perched({ feathers: '#e2574c', belly: '#ffd35c', beak: '#4a4a63' }),
  },
} as const satisfies Readonly<Record<string, Animal>>;

export const fliers = {
  bird: { habitat: 'air', size: 0.55, draw: flying },
  butterfly: { habitat: 'air', size: 0.5, draw: butterfly },
  bee: { habitat: 'air', size: 0.4, draw: bee },
} as const satisfies Readonly<Record<string, Animal>>;

export const swimmers = {
  fish: {
    habitat: 'water',
    size: 0.6,
    draw: swimming({ skin: '#ff9a4a', belly: '#ffd9a8', stripes: '#fff6ea' }),
  },
  dolphin: { habitat: 'water', size: 1.1, draw: swimming({ skin: '#7aa7cf', belly: '#e9f3fb' }) },
  shark: { habitat: 'water', size: 1.2, draw: swimming({ skin: '#8b9bb0', belly: '#eef2f6' }) },
  whale: { habitat: 'water', size: 1.6, draw: whale },
  octopus: { habitat: 'water', size: 0.9, draw: octopus },
} as const satisfies Readonly<Record<string, Animal>>;
