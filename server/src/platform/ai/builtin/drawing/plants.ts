import { type Color, darker, lighter } from './color.js';
import { between, pick, type Random } from './random.js';
import { circle, ellipse, path, place, stroke, turn } from './svg.js';

/** A tree with a round crown; about 200 units high, standing at the origin. */
export function roundTree(leaves: Color, bark: Color): string {
  const shade = darker(leaves, 0.16);
  const shine = lighter(leaves, 0.2);
  return [
    path('M-11 0C-9 -40 -8 -70 -9 -100L9 -100C8 -70 9 -40 13 0Q0 6 -11 0Z', bark),
    stroke('M2 -66Q16 -82 24 -92M-2 -54Q-16 -70 -26 -80', bark, 6),
    circle(-38, -112, 44, shade),
    circle(40, -108, 42, shade),
    circle(0, -98, 44, shade),
    circle(-24, -140, 46, leaves),
    circle(28, -138, 44, leaves),
    circle(0, -168, 42, leaves),
    circle(-14, -176, 22, shine, { opacity: 0.55 }),
    circle(-38, -146, 16, shine, { opacity: 0.4 }),
    circle(30, -152, 15, shine, { opacity: 0.35 }),
  ].join('');
}

/** A fir; about 230 units high. */
export function fir(needles: Color, bark: Color, snow: Color | null): string {
  const tier = (y: number, w: number, h: number, color: Color) =>
    path(
      `M0 ${y - h}C${w * 0.25} ${y - h * 0.5} ${w * 0.6} ${y - h * 0.2} ${w} ${y}Q0 ${y + h * 0.2} ${-w} ${y}C${-w * 0.6} ${y - h * 0.2} ${-w * 0.25} ${y - h * 0.5} 0 ${y - h}Z`,
      color,
    );
  const cap = (y: number, w: number, h: number) =>
    snow
      ? path(
          `M0 ${y - h}C${w * 0.2} ${y - h * 0.6} ${w * 0.35} ${y - h * 0.45} ${w * 0.5} ${y - h * 0.36}Q${w * 0.2} ${y - h * 0.42} 0 ${y - h * 0.3}Q${-w * 0.2} ${y - h * 0.45} ${-w * 0.5} ${y - h * 0.36}C${-w * 0.35} ${y - h * 0.45} ${-w * 0.2} ${y - h * 0.6} 0 ${y - h}Z`,
          snow,
        )
      : '';
  return [
    path('M-9 0L-7 -34L7 -34L9 0Z', bark),
    tier(-22, 66, 96, darker(needles, 0.14)),
    cap(-22, 66, 96),
    tier(-80, 54, 84, needles),
    cap(-80, 54, 84),
    tier(-134, 40, 76, lighter(needles, 0.1)),
    cap(-134, 40, 76),
  ].join('');
}

/** A palm; about 240 units high. */
export function palm(leaves: Color, bark: Color): string {
  const frond = (degrees: number, color: Color) =>
    turn(degrees, path('M0 0C26 -26 70 -30 104 4C74 -8 40 -4 0 0Z', color));
  return [
    path('M-12 0C-4 -70 6 -140 30 -204L44 -200C26 -140 14 -70 14 0Z', bark),
    `<g transform="translate(37 -203)">${[150, 200, 245, 30, -20, -65]
      .map((degrees, index) => frond(degrees, index % 2 ? leaves : darker(leaves, 0.12)))
      .join('')}</g>`,
    circle(30, -196, 9, darker(bark, 0.3)),
    circle(44, -194, 9, darker(bark, 0.4)),
  ].join('');
}

/** A bush about 120 units wide. */
export const bush = (leaves: Color): string =>
  [
    circle(-34, -20, 28, darker(leaves)),
    circle(34, -18, 26, darker(leaves)),
    ellipse(0, -8, 58, 18, darker(leaves)),
    circle(0, -32, 34, leaves),
    circle(-12, -42, 13, lighter(leaves), { opacity: 0.5 }),
  ].join('');

/** A flower with a stem; about 60 units high. */
export function flower(petals: Color, stem: Color): string {
  const head = [0, 72, 144, 216, 288]
    .map((degrees) => turn(degrees, ellipse(0, -9, 6.5, 9, petals)))
    .join('');
  return [
    stroke('M0 0Q-3 -22 0 -44', stem, 4),
    path('M-1 -14C-16 -18 -20 -28 -18 -34C-8 -30 -2 -24 -1 -14Z', stem),
    `<g transform="translate(0 -48)">${head}${circle(0, 0, 6, '#ffd35c')}</g>`,
  ].join('');
}

export const tuft = (grass: Color): string =>
  path(
    'M-16 0C-14 -14 -18 -20 -22 -26C-10 -20 -8 -12 -7 -2C-6 -16 -4 -26 2 -36C4 -24 2 -12 3 -2C6 -14 12 -20 20 -24C16 -16 14 -8 14 0Z',
    grass,
  );

export function mushroom(cap: Color): string {
  return [
    path('M-9 0C-7 -12 -7 -20 -8 -28L8 -28C7 -20 7 -12 9 0Q0 4 -9 0Z', '#fbeeda'),
    path('M-28 -26C-28 -56 28 -56 28 -26Q0 -16 -28 -26Z', cap),
    circle(-11, -36, 4.5, '#fff8ee'),
    circle(6, -42, 5, '#fff8ee'),
    circle(17, -32, 3.5, '#fff8ee'),
  ].join('');
}

const petalColors: readonly [Color, ...Color[]] = [
  '#ff9eb5',
  '#ffd166',
  '#ffffff',
  '#c8a2ff',
  '#ff8c69',
  '#8fd3ff',
];

export const randomPetals = (random: Random): Color => pick(random, petalColors);

/** Things strewn over a band of ground, the farther ones smaller and first. */
export function strewn(
  random: Random,
  count: number,
  band: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
  draw: (nearness: number) => string,
): string {
  return Array.from({ length: count }, () => random())
    .sort((one, other) => one - other)
    .map((nearness) =>
      place(
        between(random, band.left, band.right),
        band.top + (band.bottom - band.top) * nearness,
        0.55 + nearness * 0.65,
        draw(nearness),
        random() < 0.5,
      ),
    )
    .join('');
}
