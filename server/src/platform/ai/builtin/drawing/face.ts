import { type Color, darker, mix } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';

export type Mood = 'joyful' | 'calm' | 'asleep' | 'amazed' | 'brave' | 'sad';

export interface FaceOptions {
  readonly mood: Mood;
  readonly eyes: Color;
  readonly skin: Color;
  readonly brows: Color;
  readonly glasses: boolean;
}

/** A face in a head of radius 62 around the origin. */
export function drawFace({ mood, eyes, skin, brows, glasses }: FaceOptions): string {
  const blush = mix(skin, '#ff5f6d', 0.42);
  const line = mix(darker(skin, 0.5), '#7a3b2e', 0.4);
  return [
    ellipse(-38, 24, 12, 8, blush, { opacity: 0.55 }),
    ellipse(38, 24, 12, 8, blush, { opacity: 0.55 }),
    eye(-24, mood, eyes, line),
    eye(24, mood, eyes, line),
    eyebrows(mood, brows),
    stroke('M-4 15Q0 20 5 15', line, 3.2),
    mouth(mood, line),
    glasses
      ? circle(-24, 3, 20, 'none', { stroke: '#4a4063', 'stroke-width': 4 }) +
        circle(24, 3, 20, 'none', { stroke: '#4a4063', 'stroke-width': 4 }) +
        stroke('M-4 1Q0 -3 4 1', '#4a4063', 4)
      : '',
  ].join('');
}

function eye(x: number, mood: Mood, color: Color, line: Color): string {
  if (mood === 'asleep') return stroke(`M${x - 11} 3Q${x} 13 ${x + 11} 3`, line, 4.5);
  const tall = mood === 'amazed' ? 15 : 13;
  return [
    ellipse(x, 3, 11.5, tall + 1, '#fffdf8'),
    ellipse(x, 4, 9.5, tall - 1, color),
    ellipse(x, 4, 5.5, tall - 5, '#241a2e'),
    circle(x + 3.5, -1, 3.6, '#ffffff'),
    circle(x - 3, 9, 1.8, '#ffffff', { opacity: 0.8 }),
    stroke(`M${x - 12} ${-tall + 8}Q${x} ${-tall - 2} ${x + 12} ${-tall + 8}`, '#33233a', 4),
  ].join('');
}

function eyebrows(mood: Mood, color: Color): string {
  const [outer, inner] =
    mood === 'brave' ? [-25, -19] : mood === 'sad' ? [-19, -26] : mood === 'amazed' ? [-27, -29] : [-22, -23];
  return stroke(
    `M-36 ${outer + 2}Q-25 ${Math.min(outer, inner) - 5} -14 ${inner + 2}M36 ${outer + 2}Q25 ${Math.min(outer, inner) - 5} 14 ${inner + 2}`,
    color,
    4.5,
  );
}

function mouth(mood: Mood, line: Color): string {
  switch (mood) {
    case 'joyful':
      return (
        path('M-19 28Q0 34 19 28Q16 51 0 51Q-16 51 -19 28Z', '#8e2f3c') +
        path('M-10 46Q0 38 10 46Q5 51 0 51Q-5 51 -10 46Z', '#f47f8b') +
        path('M-16 29Q0 34 16 29L15 34Q0 38 -15 34Z', '#ffffff')
      );
    case 'amazed':
      return ellipse(0, 39, 8.5, 10.5, '#8e2f3c') + ellipse(0, 44, 5, 4, '#f47f8b');
    case 'asleep':
      return stroke('M-8 36Q0 41 8 36', line, 4);
    case 'sad':
      return stroke('M-13 42Q0 32 13 42', line, 4.5);
    case 'brave':
      return stroke('M-16 33Q2 44 18 30', line, 4.5);
    case 'calm':
      return stroke('M-16 32Q0 46 16 32', line, 4.5);
  }
}
