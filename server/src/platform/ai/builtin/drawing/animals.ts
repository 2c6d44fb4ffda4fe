import { type Color, darker, lighter } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';
import { birds, fliers, swimmers } from './winged-and-finned.js';

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

export const face = (y: number, gap: number, size: number): string =>
  [-gap, gap]
    .map(
      (x) =>
        ellipse(x, y, size, size * 1.15, '#2c2033') +
        circle(x + size * 0.35, y - size * 0.4, size * 0.36, '#ffffff'),
    )
    .join('');

interface Coat {
  readonly fur: Color;
  readonly belly: Color;
  readonly ears: 'pointed' | 'round' | 'long' | 'floppy' | 'none';
  readonly tail: 'thin' | 'bushy' | 'puff' | 'none';
  readonly nose?: Color;
  readonly stripes?: boolean;
  readonly mane?: Color;
  readonly patches?: Color;
  readonly horns?: boolean;
}

/** A furry animal that sits and looks at us. */
function sitting(coat: Coat): Animal['draw'] {
  return (lit) => {
    const fur = lit(coat.fur);
    const belly = lit(coat.belly);
    const shade = darker(fur, 0.16);
    const nose = lit(coat.nose ?? '#3a2a33');
    return [
      ellipse(0, 0, 50, 9, '#1b1436', { opacity: 0.2 }),
      tailOf(coat.tail, fur, belly),
      path('M0 -92C34 -92 46 -40 42 -8Q40 2 28 2L-28 2Q-40 2 -42 -8C-46 -40 -34 -92 0 -92Z', fur),
      ellipse(0, -30, 24, 30, belly),
      ellipse(-20, 0, 16, 9, lighter(fur, 0.12)),
      ellipse(20, 0, 16, 9, lighter(fur, 0.12)),
      coat.mane ? circle(0, -98, 58, lit(coat.mane)) : '',
      earsOf(coat.ears, fur, belly, coat.patches ? lit(coat.patches) : undefined),
      coat.horns
        ? path(
            'M-20 -136Q-30 -154 -22 -162Q-12 -154 -10 -140ZM20 -136Q30 -154 22 -162Q12 -154 10 -140Z',
            lit('#f3e2c0'),
          )
        : '',
      path(
        'M0 -142C36 -142 50 -116 48 -94C46 -70 26 -58 0 -58C-26 -58 -46 -70 -48 -94C-50 -116 -36 -142 0 -142Z',
        fur,
      ),
      coat.stripes
        ? stroke(
            'M-6 -140V-126M8 -140V-126M-44 -100L-32 -98M44 -100L32 -98M-40 -44L-30 -42M40 -44L30 -42',
            darker(fur, 0.5),
            5,
          )
        : '',
      coat.patches
        ? ellipse(-19, -98, 14, 16, lit(coat.patches)) + ellipse(19, -98, 14, 16, lit(coat.patches))
        : '',
      ellipse(0, -76, 22, 15, belly),
      coat.patches ? circle(-18, -98, 8, '#ffffff') + circle(18, -98, 8, '#ffffff') : '',
      face(-98, 18, 6.5),
      path('M-7 -84Q0 -88 7 -84Q5 -77 0 -76Q-5 -77 -7 -84Z', nose),
      stroke('M0 -76Q-1 -69 -9 -68M0 -76Q1 -69 9 -68', darker(shade, 0.3), 3),
      ellipse(-31, -82, 7, 4.5, '#ff8a94', { opacity: 0.4 }),
      ellipse(31, -82, 7, 4.5, '#ff8a94', { opacity: 0.4 }),
    ].join('');
  };
}

function tailOf(tail: Coat['tail'], fur: Color, belly: Color): string {
  if (tail === 'thin') return stroke('M34 -10C70 -8 76 -40 62 -62', darker(fur, 0.14), 13);
  if (tail === 'puff') return circle(40, -14, 15, lighter(belly, 0.3));
  if (tail === 'bushy')
    return (
      path('M30 -6C74 2 92 -34 78 -84C66 -62 44 -54 30 -30Z', darker(fur, 0.1)) +
      path('M78 -84C66 -68 62 -66 56 -58C66 -52 78 -54 83 -56C83 -66 81 -76 78 -84Z', belly)
    );
  return '';
}

function earsOf(ears: Coat['ears'], fur: Color, inside: Color, ear: Color = fur): string {
  const both = (draw: (side: 1 | -1) => string) => draw(1) + draw(-1);
  switch (ears) {
    case 'pointed':
      return both(
        (side) =>
          path(
            `M${side * 14} -134Q${side * 34} -172 ${side * 44} -168Q${side * 50} -140 ${side * 44} -108Z`,
            ear,
          ) +
          path(
            `M${side * 24} -132Q${side * 36} -156 ${side * 41} -156Q${side * 44} -138 ${side * 40} -120Z`,
            inside,
          ),
      );
    case 'round':
      return both((side) => circle(side * 36, -134, 19, ear) + circle(side * 36, -132, 10, inside));
    case 'long':
      return both(
        (side) =>
          path(
            `M${side * 6} -132C${side * 2} -170 ${side * 10} -206 ${side * 26} -204C${side * 42} -200 ${side * 36} -160 ${side * 28} -128Z`,
            ear,
          ) +
          path(
            `M${side * 13} -136C${side * 12} -166 ${side * 17} -190 ${side * 25} -189C${side * 33} -186 ${side * 28} -158 ${side * 23} -134Z`,
            '#f7b7bd',
          ),
      );
    case 'floppy':
      return both((side) =>
        path(
          `M${side * 30} -136C${side * 58} -142 ${side * 66} -100 ${side * 54} -74C${side * 42} -76 ${side * 38} -104 ${side * 30} -136Z`,
          darker(ear, 0.2),
        ),
      );
    case 'none':
      return '';
  }
}

/** An animal on four legs, seen from the side. */
function standing(coat: {
  readonly body: Color;
  readonly mane: Color | null;
  readonly horn?: boolean;
  readonly antlers?: boolean;
  readonly woolly?: boolean;
  readonly spots?: Color;
  readonly neck?: number;
}): Animal['draw'] {
  return (lit) => {
    const body = lit(coat.body);
    const mane = coat.mane && lit(coat.mane);
    const far = darker(body, 0.16);
    const rise = coat.neck ?? 0;
    const leg = (x: number, color: Color) =>
      stroke(`M${x} -52L${x} -8`, color, 15) + ellipse(x, -3, 9, 6, lit('#6b5060'));
    return [
      ellipse(0, 0, 72, 10, '#1b1436', { opacity: 0.2 }),
      mane
        ? path('M-56 -84C-94 -80 -96 -40 -84 -22C-70 -28 -64 -52 -50 -66Z', mane)
        : stroke('M-56 -80Q-72 -70 -68 -48', far, 8),
      leg(-32, far),
      leg(36, far),
      path('M-58 -76C-56 -102 40 -102 56 -84C66 -60 50 -42 24 -42L-34 -42C-52 -44 -60 -58 -58 -76Z', body),
      coat.woolly
        ? [-46, -20, 8, 34].map((x) => circle(x, -88, 22, body)).join('') +
          [-44, -14, 16, 40].map((x) => circle(x, -56, 20, body)).join('')
        : '',
      coat.spots
        ? [
            [-34, -80, 10],
            [0, -70, 13],
            [28, -86, 9],
            [-10, -90, 7],
          ]
            .map(([x = 0, y = 0, r = 0]) => ellipse(x, y, r, r * 0.8, lit(coat.spots ?? body)))
            .join('')
        : '',
      leg(-46, body),
      leg(24, body),
      path(`M22 -74L44 ${-122 - rise}L78 ${-120 - rise}L58 -66Z`, body),
      mane
        ? path(`M26 -78C22 -110 34 ${-148 - rise} 54 ${-156 - rise}C50 ${-130 - rise} 54 -104 44 -76Z`, mane)
        : '',
      coat.antlers
        ? stroke(
            `M56 ${-146 - rise}Q48 ${-170 - rise} 34 ${-178 - rise}M50 ${-162 - rise}L56 ${-180 - rise}M66 ${-146 - rise}Q76 ${-168 - rise} 90 ${-172 - rise}M76 ${-162 - rise}L74 ${-180 - rise}`,
            lit('#b98a5c'),
            6,
          )
        : '',
      path(
        `M48 ${-148 - rise}Q46 ${-170 - rise} 54 ${-172 - rise}Q64 ${-162 - rise} 62 ${-148 - rise}Z`,
        body,
      ),
      path(
        `M40 ${-126 - rise}C40 ${-156 - rise} 78 ${-160 - rise} 88 ${-140 - rise}C110 ${-128 - rise} 116 ${-112 - rise} 102 ${-104 - rise}C84 ${-100 - rise} 46 ${-100 - rise} 40 ${-126 - rise}Z`,
        coat.woolly ? lit('#4d4352') : body,
      ),
      coat.horn ? path(`M66 ${-152 - rise}L92 ${-196 - rise}L80 ${-148 - rise}Z`, lit('#ffd35c')) : '',
      ellipse(72, -130 - rise, 6, 7.5, '#2c2033'),
      circle(74, -133 - rise, 2.4, '#ffffff'),
      circle(102, -116 - rise, 2.4, darker(body, 0.5)),
      stroke(`M92 ${-108 - rise}Q98 ${-106 - rise} 104 ${-110 - rise}`, darker(body, 0.5), 3),
      ellipse(84, -118 - rise, 7, 5, '#ff8a94', { opacity: 0.45 }),
    ].join('');
  };
}

/** A small dragon that would not hurt anybody. */
const dragon: Animal['draw'] = (lit) => {
  const skin = lit('#6cc28a');
  const belly = lit('#fbeeb8');
  const wing = lit('#f29a6b');
  const spikes = lit('#f2b24d');
  return [
    ellipse(0, 0, 64, 10, '#1b1436', { opacity: 0.2 }),
    path(
      'M-20 -86C-60 -140 -104 -136 -112 -104C-96 -108 -92 -98 -90 -86C-78 -94 -70 -86 -66 -76C-54 -84 -40 -76 -24 -66Z',
      wing,
    ),
    path(
      'M20 -86C60 -140 104 -136 112 -104C96 -108 92 -98 90 -86C78 -94 70 -86 66 -76C54 -84 40 -76 24 -66Z',
      wing,
    ),
    stroke('M30 -12C76 -2 92 -34 84 -58', skin, 18),
    path('M84 -50L66 -62L86 -84L102 -60Z', spikes),
    path('M0 -96C38 -96 52 -44 46 -8Q44 2 30 2L-30 2Q-44 2 -46 -8C-52 -44 -38 -96 0 -96Z', skin),
    ellipse(0, -34, 27, 36, belly),
    stroke('M-22 -50H22M-26 -34H26M-24 -18H24', darker(belly, 0.14), 3),
    ellipse(-24, 0, 18, 10, lighter(skin, 0.2)),
    ellipse(24, 0, 18, 10, lighter(skin, 0.2)),
    path('M-12 -146L0 -172L12 -146Z', spikes),
    path('M-34 -136Q-44 -164 -32 -170Q-20 -156 -16 -140ZM34 -136Q44 -164 32 -170Q20 -156 16 -140Z', belly),
    path(
      'M0 -150C40 -150 54 -122 52 -98C50 -72 28 -60 0 -60C-28 -60 -50 -72 -52 -98C-54 -122 -40 -150 0 -150Z',
      skin,
    ),
    ellipse(0, -80, 34, 20, lighter(skin, 0.25)),
    circle(-9, -86, 3, darker(skin, 0.5)),
    circle(9, -86, 3, darker(skin, 0.5)),
    stroke('M-16 -74Q0 -64 16 -74', darker(skin, 0.5), 3.5),
    face(-108, 20, 8),
    ellipse(-36, -88, 8, 5, '#ff8a94', { opacity: 0.5 }),
    ellipse(36, -88, 8, 5, '#ff8a94', { opacity: 0.5 }),
  ].join('');
};

const elephant: Animal['draw'] = (lit) => {
  const skin = lit('#a9b4c9');
  return [
    ellipse(0, 0, 66, 10, '#1b1436', { opacity: 0.2 }),
    path('M0 -100C48 -100 60 -46 54 -8Q52 2 38 2L-38 2Q-52 2 -54 -8C-60 -46 -48 -100 0 -100Z', skin),
    ellipse(-30, -2, 20, 11, lighter(skin, 0.2)),
    ellipse(30, -2, 20, 11, lighter(skin, 0.2)),
    path('M-34 -142C-84 -160 -98 -104 -76 -78C-60 -66 -42 -74 -34 -88Z', darker(skin, 0.1)),
    path('M34 -142C84 -160 98 -104 76 -78C60 -66 42 -74 34 -88Z', darker(skin, 0.1)),
    path(
      'M-40 -134C-72 -144 -80 -106 -66 -88C-56 -82 -46 -88 -40 -98ZM40 -134C72 -144 80 -106 66 -88C56 -82 46 -88 40 -98Z',
      '#f3b8bf',
      { opacity: 0.6 },
    ),
    circle(0, -108, 48, skin),
    path(
      'M-17 -98C-18 -62 -16 -44 -2 -28C8 -20 26 -24 26 -38C18 -34 12 -38 12 -48C14 -66 17 -80 17 -98Z',
      lighter(skin, 0.12),
    ),
    stroke('M-12 -78H10M-11 -64H10M-8 -50H10', darker(skin, 0.14), 3),
    face(-116, 22, 6.5),
  ].join('');
};

const frog: Animal['draw'] = (lit) => {
  const skin = lit('#7cc46a');
  return [
    ellipse(0, 0, 58, 9, '#1b1436', { opacity: 0.2 }),
    ellipse(-42, -14, 22, 17, darker(skin, 0.12)),
    ellipse(42, -14, 22, 17, darker(skin, 0.12)),
    path('M0 -84C40 -84 56 -46 48 -10Q44 2 0 2Q-44 2 -48 -10C-56 -46 -40 -84 0 -84Z', skin),
    ellipse(0, -24, 30, 24, lighter(skin, 0.5)),
    circle(-26, -84, 18, skin),
    circle(26, -84, 18, skin),
    face(-86, 26, 9),
    stroke('M-28 -52Q0 -34 28 -52', darker(skin, 0.5), 4),
    ellipse(-36, -58, 8, 5, '#ff8a94', { opacity: 0.5 }),
    ellipse(36, -58, 8, 5, '#ff8a94', { opacity: 0.5 }),
  ].join('');
};

const turtle: Animal['draw'] = (lit) => {
  const skin = lit('#9ccf7d');
  const shell = lit('#5f9a6b');
  return [
    ellipse(0, 0, 72, 9, '#1b1436', { opacity: 0.2 }),
    ellipse(-38, -8, 17, 13, skin),
    ellipse(30, -8, 17, 13, skin),
    path('M-66 -18C-66 -84 54 -84 56 -18Q0 -4 -66 -18Z', shell),
    path(
      'M-28 -60L-6 -66L8 -48L-6 -30L-30 -34ZM22 -58L38 -42L30 -26L12 -32ZM-48 -46L-38 -34L-46 -24L-58 -26Z',
      lighter(shell, 0.25),
    ),
    path('M46 -30C56 -70 96 -72 98 -46C98 -28 76 -20 50 -18Z', skin),
    circle(80, -52, 6, '#2c2033'),
    circle(82, -54, 2.2, '#ffffff'),
    stroke('M82 -36Q88 -34 93 -38', darker(skin, 0.5), 3),
  ].join('');
};

const robot: Animal['draw'] = (lit) => {
  const metal = lit('#b8c7d9');
  const accent = lit('#f28b5b');
  return [
    ellipse(0, 0, 48, 8, '#1b1436', { opacity: 0.2 }),
    stroke('M-38 -58L-58 -34M38 -58L58 -34', darker(metal, 0.2), 11),
    circle(-60, -30, 11, accent),
    circle(60, -30, 11, accent),
    stroke('M-18 -24V-8M18 -24V-8', darker(metal, 0.2), 14),
    ellipse(-20, -4, 18, 9, accent),
    ellipse(20, -4, 18, 9, accent),
    path('M-38 -76h76q6 0 6 8l-6 44q-2 8 -10 8h-56q-8 0 -10 -8l-6 -44q0 -8 6 -8Z', metal),
    circle(0, -50, 13, accent),
    circle(0, -50, 7, '#fff2c4'),
    stroke('M0 -138V-156', darker(metal, 0.2), 5),
    circle(0, -160, 8, accent),
    path('M-44 -136h88q10 0 10 12v30q0 12 -10 12h-88q-10 0 -10 -12v-30q0 -12 10 -12Z', lighter(metal, 0.2)),
    path('M-36 -128h72q8 0 8 8v22q0 8 -8 8h-72q-8 0 -8 -8v-22q0 -8 8 -8Z', lit('#3b4a6b')),
    circle(-18, -110, 9, '#8ff0e0'),
    circle(18, -110, 9, '#8ff0e0'),
    stroke('M-9 -98Q0 -92 9 -98', '#8ff0e0', 3.5),
  ].join('');
};

const snowman: Animal['draw'] = (lit) => {
  const snow = lit('#f6fbff');
  return [
    ellipse(0, 0, 62, 10, '#1b1436', { opacity: 0.2 }),
    stroke('M-40 -92L-82 -116M-70 -110L-80 -96M40 -92L82 -118', lit('#8a6248'), 6),
    circle(0, -44, 50, snow),
    circle(0, -112, 38, snow),
    ellipse(14, -34, 30, 34, lit('#dbe9f7'), { opacity: 0.6 }),
    circle(0, -166, 31, snow),
    path('M-30 -140Q0 -126 30 -140L30 -128Q0 -112 -30 -128Z', lit('#e2574c')),
    path('M10 -128L26 -132L30 -96L14 -94Z', lit('#c8463c')),
    face(-172, 11, 4.5),
    path('M0 -166L30 -158L0 -158Z', lit('#ff9a4a')),
    stroke('M-11 -152Q0 -145 11 -152', '#3a2a33', 3),
    circle(0, -104, 4, '#3a2a33'),
    circle(0, -86, 4, '#3a2a33'),
    path('M-26 -188h52v-40h-52Z', lit('#4a4a63')),
    ellipse(0, -188, 40, 7, lit('#4a4a63')),
    path('M-26 -198h52v-10h-52Z', lit('#e2574c')),
  ].join('');
};

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
