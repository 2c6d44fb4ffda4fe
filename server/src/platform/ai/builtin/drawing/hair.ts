import { type Color, darker, lighter } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';

export const hairStyles = [
  'short',
  'bob',
  'long',
  'ponytail',
  'pigtails',
  'braids',
  'curly',
  'afro',
  'spiky',
  'bun',
] as const;

export type HairStyle = (typeof hairStyles)[number];

const ring = (count: number, radius: number, size: number, color: string, from = 0, to = 2 * Math.PI) =>
  Array.from({ length: count }, (_, index) => {
    const angle = from + ((to - from) * index) / (count - 1);
    return circle(Math.cos(angle) * radius, Math.sin(angle) * radius, size, color);
  }).join('');

/** What of the hair is behind a head of radius 62 around the origin. */
export function hairBehind(style: HairStyle, color: Color): string {
  const shade = darker(color, 0.2);
  switch (style) {
    case 'long':
      return path(
        'M0 -76C58 -76 80 -32 78 20C78 70 84 104 92 128C60 140 40 132 30 118L-30 118C-40 132 -60 140 -92 128C-84 104 -78 70 -78 20C-80 -32 -58 -76 0 -76Z',
        shade,
      );
    case 'bob':
      return path(
        'M0 -74C56 -74 78 -34 76 10C76 40 78 56 74 70C50 78 -50 78 -74 70C-78 56 -76 40 -76 10C-78 -34 -56 -74 0 -74Z',
        shade,
      );
    case 'ponytail':
      return (
        path(
          'M30 -58C78 -84 116 -44 108 8C104 42 92 66 100 92C72 84 66 44 68 14C70 -14 60 -34 30 -58Z',
          shade,
        ) + circle(58, -46, 10, '#ff8fa3')
      );
    case 'pigtails':
      return [-1, 1]
        .map(
          (side) =>
            path(
              `M${side * 56} -30C${side * 110} -50 ${side * 126} 0 ${side * 112} 50C${side * 100} 66 ${side * 88} 62 ${side * 84} 48C${side * 86} 14 ${side * 80} -6 ${side * 56} -30Z`,
              shade,
            ) + circle(side * 64, -26, 10, '#ff8fa3'),
        )
        .join('');
    case 'braids':
      return [-1, 1]
        .map(
          (side) =>
            [0, 1, 2, 3]
              .map((step) =>
                ellipse(
                  side * (68 + step * 3),
                  24 + step * 27,
                  16 - step,
                  17,
                  step % 2 ? shade : darker(color, 0.1),
                ),
              )
              .join('') +
            circle(side * 78, 126, 8, '#ff8fa3') +
            ellipse(side * 79, 138, 9, 12, shade),
        )
        .join('');
    case 'curly':
      return (
        ring(13, 66, 25, shade, Math.PI * 0.82, Math.PI * 2.18) +
        circle(-70, 44, 20, shade) +
        circle(70, 44, 20, shade)
      );
    case 'afro':
      return circle(0, -24, 98, shade) + ring(18, 86, 24, shade, Math.PI * 0.75, Math.PI * 2.25);
    case 'bun':
      return circle(0, -86, 30, shade) + circle(-8, -94, 12, lighter(color, 0.12), { opacity: 0.5 });
    default:
      return path(
        'M0 -74C52 -74 72 -38 71 -2C70 16 66 26 62 30L-62 30C-66 26 -70 16 -71 -2C-72 -38 -52 -74 0 -74Z',
        shade,
      );
  }
}

/** What of the hair falls over the brow. */
export function hairInFront(style: HairStyle, color: Color): string {
  const shine = lighter(color, 0.22);
  const gloss = stroke('M-38 -52Q-14 -66 14 -62', shine, 7, { opacity: 0.55 });
  switch (style) {
    case 'short':
      return (
        path(
          'M-68 0C-74 -52 -38 -78 2 -76C46 -76 72 -48 67 0C62 -16 56 -28 46 -36C30 -20 -10 -18 -34 -34C-48 -30 -60 -18 -68 0Z',
          color,
        ) + gloss
      );
    case 'spiky':
      return (
        path(
          'M-68 2C-78 -30 -70 -44 -80 -60C-64 -58 -58 -62 -52 -82C-42 -70 -34 -72 -22 -94C-14 -78 -4 -78 10 -94C16 -78 26 -74 42 -84C44 -68 54 -62 74 -62C66 -46 74 -30 67 2C62 -16 54 -26 44 -32L28 -20L14 -36L-4 -20L-20 -36L-38 -22L-48 -34C-58 -24 -64 -14 -68 2Z',
          color,
        ) + gloss
      );
    case 'curly':
      return (
        ring(10, 60, 22, color, Math.PI * 1.02, Math.PI * 1.98) +
        ring(6, 52, 14, color, Math.PI * 1.12, Math.PI * 1.88) +
        circle(-30, -58, 8, shine, { opacity: 0.5 }) +
        circle(12, -66, 8, shine, { opacity: 0.5 })
      );
    case 'afro':
      return (
        ring(12, 68, 24, color, Math.PI * 0.98, Math.PI * 2.02) +
        ring(9, 58, 18, color, Math.PI * 1.08, Math.PI * 1.92) +
        circle(-36, -66, 12, shine, { opacity: 0.35 }) +
        circle(6, -80, 12, shine, { opacity: 0.3 })
      );
    case 'bob':
    case 'braids':
      return (
        path(
          'M-70 14C-78 -48 -44 -76 0 -76C44 -76 78 -48 70 14C66 -4 62 -16 56 -24C20 -18 -20 -18 -56 -24C-62 -16 -66 -4 -70 14Z',
          color,
        ) + gloss
      );
    case 'long':
      return (
        path(
          'M-72 34C-82 -46 -46 -78 0 -78C46 -78 82 -46 72 34C68 8 62 -10 50 -24C34 -30 12 -42 2 -60C-8 -40 -32 -28 -50 -24C-62 -10 -68 8 -72 34Z',
          color,
        ) + gloss
      );
    default:
      return (
        path(
          'M-68 6C-76 -50 -42 -76 0 -76C42 -76 76 -50 68 6C64 -12 58 -24 48 -32C30 -24 -8 -30 -22 -48C-28 -34 -46 -24 -56 -20C-62 -14 -66 -6 -68 6Z',
          color,
        ) + gloss
      );
  }
}
