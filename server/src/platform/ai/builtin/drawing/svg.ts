import type { Color } from './color.js';

/** A number as short as the eye allows. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);

type Attributes = Readonly<Record<string, string | number>>;

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? Math.round(value * 100) / 100 : value}"`)
    .join('');

export const circle = (x: number, y: number, r: number, fill: string, more: Attributes = {}): string =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"${written(more)}/>`;

export const ellipse = (
  x: number,
  y: number,
  rx: number,
  ry: number,
  fill: string,
  more: Attributes = {},
): string =>
  `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"${written(more)}/>`;

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  more: Attributes = {},
): string =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"${written(more)}/>`;

export const path = (d: string, fill: string, more: Attributes = {}): string =>
  `<path d="${d}" fill="${fill}"${written(more)}/>`;

/** A line with round ends. */
export const stroke = (d: string, color: string, width: number, more: Attributes = {}): string =>
  path(d, 'none', {
    stroke: color,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    ...more,
  });

/** A drawing that was made around the origin, put elsewhere; a negative `sx` mirrors it. */
export const place = (x: number, y: number, scale: number, drawing: string, mirrored = false): string =>
  `<g transform="translate(${n(x)} ${n(y)}) scale(${mirrored ? '-' : ''}${scale.toFixed(3)} ${scale.toFixed(3)})">${drawing}</g>`;

export const turn = (degrees: number, drawing: string): string =>
  `<g transform="rotate(${n(degrees)})">${drawing}</g>`;

export const faded = (opacity: number, drawing: string): string =>
  `<g opacity="${opacity.toFixed(2)}">${drawing}</g>`;

type Stop = readonly [offset: number, color: Color, opacity?: number];

/** The gradients of one drawing. */
export interface Paints {
  /** From top to bottom of what it fills. */
  linear(...stops: readonly Stop[]): string;
  /** From the middle outward. */
  radial(...stops: readonly Stop[]): string;
  /** What the drawing has to begin with. */
  definitions(): string;
}

export function createPaints(): Paints {
  const made: string[] = [];
  const add = (opening: string, closing: string, stops: readonly Stop[]): string => {
    const id = `p${made.length}`;
    const inner = stops
      .map(
        ([offset, color, opacity = 1]) =>
          `<stop offset="${offset}" stop-color="${color}"${opacity === 1 ? '' : ` stop-opacity="${opacity}"`}/>`,
      )
      .join('');
    made.push(`<${opening} id="${id}"${closing}>${inner}</${opening}>`);
    return `url(#${id})`;
  };
  return {
    linear: (...stops) => add('linearGradient', ' x1="0" y1="0" x2="0" y2="1"', stops),
    radial: (...stops) => add('radialGradient', '', stops),
    definitions: () => `<defs>${made.join('')}</defs>`,
  };
}

/** A star with five points around the origin. */
export function starPath(radius: number, inner = 0.5): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const angle = (index * Math.PI) / 5 - Math.PI / 2;
    const length = index % 2 === 0 ? radius : radius * inner;
    return `${n(Math.cos(angle) * length)} ${n(Math.sin(angle) * length)}`;
  });
  return `M${points.join('L')}Z`;
}

/** A heart around the origin, about two radii wide. */
export const heartPath = (r: number): string =>
  `M0 ${n(r)}C${n(-r * 1.6)} ${n(-r * 0.1)} ${n(-r)} ${n(-r * 1.3)} 0 ${n(-r * 0.45)}C${n(r)} ${n(-r * 1.3)} ${n(r * 1.6)} ${n(-r * 0.1)} 0 ${n(r)}Z`;
