import { type Color, darker, lighter, mix } from './color.js';
import { between, pick, type Random } from './random.js';
import type { Stage } from './stage.js';
import { circle, ellipse, n, path, place, rect, stroke } from './svg.js';

/** A room with a window that shows the hour; what stands in it is added. */
function room(stage: Stage, wallColor: Color, floorColor: Color): string {
  const { width, height, paints, light, random } = stage;
  const floor = height * 0.72;
  const dim = light.time === 'night' ? 0.16 : light.time === 'dusk' ? 0.08 : 0;
  const wall = mix(wallColor, '#3b3f7d', dim);
  const wood = mix(floorColor, '#33305f', dim);
  const [top, middle, low] = light.sky;
  const x = width * 0.62;
  const y = height * 0.12;
  const w = Math.min(width * 0.28, 320);
  const h = Math.min(height * 0.3, 340);
  const outside = [
    rect(x, y, w, h, paints.linear([0, top], [0.6, middle], [1, low]), { rx: 20 }),
    light.time === 'night'
      ? `${circle(x + w * 0.66, y + h * 0.3, 30, '#fff2cd')}${[0.2, 0.4, 0.3, 0.8, 0.55].map((share, index) => circle(x + w * share, y + h * (0.14 + index * 0.13), 3, '#fff8e1')).join('')}`
      : circle(x + w * 0.7, y + h * 0.32, 30, '#ffe08a'),
    path(
      `M${n(x)} ${n(y + h * 0.8)}q${n(w * 0.3)} ${n(-h * 0.16)} ${n(w * 0.55)} 0t${n(w * 0.45)} ${n(-h * 0.05)}V${n(y + h - 14)}q0 14 -14 14H${n(x + 14)}q-14 0 -14 -14Z`,
      light.ground[1],
    ),
  ].join('');
  const frame = mix('#fffaf0', '#3b3f7d', dim);
  const curtain = mix('#f29aa4', '#3b3f7d', dim);
  return [
    rect(0, 0, width, floor, paints.linear([0, lighter(wall, 0.16)], [1, wall])),
    Array.from({ length: 26 }, () =>
      place(
        random() * width,
        random() * floor,
        between(random, 0.5, 0.9),
        circle(0, 0, 9, lighter(wall, 0.4), { opacity: 0.5 }),
      ),
    ).join(''),
    rect(0, floor - 16, width, 18, lighter(wall, 0.45)),
    rect(0, floor, width, height - floor, paints.linear([0, lighter(wood, 0.1)], [1, darker(wood, 0.1)])),
    [0.25, 0.55, 0.85]
      .map((share) =>
        rect(0, floor + (height - floor) * share, width, 3, darker(wood, 0.2), { opacity: 0.5 }),
      )
      .join(''),
    outside,
    `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" rx="20" fill="none" stroke="${frame}" stroke-width="15"/>`,
    stroke(`M${n(x + w / 2)} ${n(y)}v${n(h)}M${n(x)} ${n(y + h / 2)}h${n(w)}`, frame, 8),
    path(
      `M${n(x - 34)} ${n(y - 26)}h${n(w * 0.3)}q-4 ${n(h * 0.6)} -${n(w * 0.3 + 10)} ${n(h + 54)}Z`,
      curtain,
    ),
    path(
      `M${n(x + w + 34)} ${n(y - 26)}h${n(-w * 0.3)}q4 ${n(h * 0.6)} ${n(w * 0.3 + 10)} ${n(h + 54)}Z`,
      curtain,
    ),
    rect(x - 54, y - 40, w + 108, 16, mix('#b98555', '#3b3f7d', dim), { rx: 8 }),
    light.time === 'night'
      ? rect(0, 0, width, height, paints.radial([0, '#ffd98a', 0.22], [1, '#ffd98a', 0]))
      : '',
  ].join('');
}

const dimmed = (stage: Stage) => (color: Color) =>
  mix(color, '#3b3f7d', stage.light.time === 'night' ? 0.14 : 0);

const rug = (stage: Stage, color: Color): string => {
  const { width, height } = stage;
  const inner = dimmed(stage);
  return (
    ellipse(width * 0.5, height * 0.88, width * 0.42, height * 0.075, inner(color)) +
    ellipse(width * 0.5, height * 0.88, width * 0.36, height * 0.058, inner(lighter(color, 0.4))) +
    ellipse(width * 0.5, height * 0.88, width * 0.3, height * 0.044, inner(color))
  );
};

export function bedroom(stage: Stage): string {
  const { width, height, paints } = stage;
  const inner = dimmed(stage);
  const floor = height * 0.72;
  const x = width * 0.05;
  const w = Math.min(width * 0.4, 430);
  const wood = inner('#c08a5c');
  const quilt = inner('#7fb2dd');
  return [
    room(stage, '#c7dcf0', '#d9a873'),
    rect(x, floor - 190, 24, 240, wood, { rx: 12 }),
    rect(x + w - 12, floor - 96, 24, 146, wood, { rx: 12 }),
    rect(x, floor - 170, w * 0.16, 150, lighter(wood, 0.12), { rx: 20 }),
    rect(x + 16, floor - 44, w - 20, 56, darker(wood, 0.1), { rx: 10 }),
    rect(x + 16, floor - 84, w - 26, 56, inner('#fff8ee'), { rx: 22 }),
    rect(x + 26, floor - 118, 110, 58, inner('#ffffff'), { rx: 26 }),
    path(
      `M${x + 120} ${floor - 100}Q${x + w * 0.6} ${floor - 126} ${x + w - 10} ${floor - 92}V${floor - 14}H${x + 110}Q${x + 96} ${floor - 60} ${x + 120} ${floor - 100}Z`,
      quilt,
    ),
    [0.42, 0.58, 0.74].map((share) => circle(x + w * share, floor - 62, 11, lighter(quilt, 0.5))).join(''),
    rect(x + w + 30, floor - 60, 84, 72, wood, { rx: 10 }),
    stroke(`M${x + w + 72} ${floor - 62}v-40`, inner('#8a6a4a'), 8),
    stage.light.time === 'night'
      ? circle(x + w + 72, floor - 126, 150, paints.radial([0, '#ffe6a1', 0.7], [1, '#ffe6a1', 0]))
      : '',
    path(`M${x + w + 38} ${floor - 98}l14 -56h40l14 56Z`, '#ffe3a0'),
    rug(stage, '#f2a7b5'),
  ].join('');
}

export function kitchen(stage: Stage): string {
  const { width, height } = stage;
  const inner = dimmed(stage);
  const floor = height * 0.72;
  const shelf = (y: number) =>
    rect(width * 0.08, y, width * 0.36, 14, inner('#b98555'), { rx: 7 }) +
    (['#f26b5e', '#ffb84d', '#5fb87a', '#4fa3d9', '#9a7bd0', '#f083a6'] as const)
      .map((color, index) =>
        rect(
          width * (0.1 + index * 0.052),
          y - 62 + (index % 3) * 9,
          width * 0.036,
          62 - (index % 3) * 9,
          inner(color),
          { rx: 6 },
        ),
      )
      .join('');
  return [
    room(stage, '#f8e0bd', '#cf9a6c'),
    shelf(height * 0.26),
    shelf(height * 0.4),
    rect(width * 0.06, floor - 120, width * 0.42, 128, inner('#8fc1b5'), { rx: 12 }),
    rect(width * 0.045, floor - 136, width * 0.45, 24, inner('#fff4e2'), { rx: 12 }),
    [0.15, 0.27, 0.39].map((share) => circle(width * share, floor - 60, 8, inner('#ffd35c'))).join(''),
    rug(stage, '#8fb8de'),
  ].join('');
}

const bunting = (width: number, colors: readonly Color[], random: Random): string => {
  const count = Math.round(width / 62);
  const y = (share: number) => 70 + Math.sin(share * Math.PI) * 62;
  const flags = Array.from({ length: count }, (_, index) => {
    const share = (index + 0.5) / count;
    return path(
      `M${n(share * width - 22)} ${n(y(share))}h44l-22 46Z`,
      colors[Math.floor(random() * colors.length)] ?? '#f26b5e',
    );
  }).join('');
  return stroke(`M0 70Q${width / 2} ${70 + 124} ${width} 70`, '#fffaf0', 4) + flags;
};

export function party(stage: Stage): string {
  const { width, height, random } = stage;
  const inner = dimmed(stage);
  const colors = (['#f26b5e', '#ffb84d', '#5fb87a', '#4fa3d9', '#9a7bd0', '#f083a6'] as const).map(inner);
  const confetti = Array.from(
    { length: 46 },
    () =>
      `<g transform="rotate(${n(random() * 180)} ${n(random() * width)} ${n(random() * height * 0.7)})">${rect(random() * width, random() * height * 0.7, 12, 7, pick(random, ['#f26b5e', '#ffb84d', '#5fb87a', '#4fa3d9', '#f083a6']), { rx: 2, opacity: 0.85 })}</g>`,
  ).join('');
  return [
    room(stage, '#fbd9c4', '#d6a27a'),
    bunting(width, colors, random),
    confetti,
    rug(stage, '#f7c873'),
  ].join('');
}
