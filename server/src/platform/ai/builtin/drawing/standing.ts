import type { Animal } from './animal.js';
import { type Color, darker } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';

/** An animal on four legs, seen from the side. */
export function standing(coat: {
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
