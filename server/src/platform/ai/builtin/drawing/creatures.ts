import { type Animal, face } from './animal.js';
import { darker, lighter } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';

/** A small dragon that would not hurt anybody. */
export const dragon: Animal['draw'] = (lit) => {
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

export const elephant: Animal['draw'] = (lit) => {
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

export const frog: Animal['draw'] = (lit) => {
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

export const turtle: Animal['draw'] = (lit) => {
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

export const robot: Animal['draw'] = (lit) => {
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

export const snowman: Animal['draw'] = (lit) => {
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
