import { darker, lighter, mix } from './color.js';
import { bush, fir, flower, mushroom, palm, randomPetals, roundTree, strewn, tuft } from './plants.js';
import { between, pick } from './random.js';
import type { Stage } from './stage.js';
import { circle, ellipse, n, path, place, rect, stroke } from './svg.js';

/** A ridge over the whole width, filled to the bottom. */
export function ridge(stage: Stage, y: number, amplitude: number, layer: 0 | 1 | 2 | 3): string {
  const { width, height, random, paints } = stage;
  const phase = random() * 6.3;
  const wave = between(random, 1.1, 1.9);
  const points = Array.from({ length: 9 }, (_, index) => {
    const x = (width * index) / 8;
    const angle = phase + (index / 8) * wave * 2 * Math.PI;
    return [x, y + Math.sin(angle) * amplitude + Math.sin(angle * 2.3) * amplitude * 0.3] as const;
  });
  const color = stage.ground(layer);
  const fill = paints.linear([0, lighter(color, 0.18)], [0.35, color], [1, darker(color, 0.14)]);
  return path(`${smooth(points)}L${width} ${height}L0 ${height}Z`, fill);
}

/** A curve through points that go from left to right. */
function smooth(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], index) => {
      const before = points[index - 1];
      if (!before) return `M${n(x)} ${n(y)}`;
      const middle = (before[0] + x) / 2;
      return `C${n(middle)} ${n(before[1])} ${n(middle)} ${n(y)} ${n(x)} ${n(y)}`;
    })
    .join('');
}

const bark = '#7d5a45';

/** Hills one behind the other, with small trees on those far away. */
export function hills(stage: Stage): string {
  const { horizon, random, width } = stage;
  return [
    ridge(stage, horizon - 50, 34, 0),
    strewn(random, 9, { left: 0, right: width, top: horizon - 24, bottom: horizon + 10 }, () =>
      place(0, 0, 0.3, tree(stage, 0.6)),
    ),
    ridge(stage, horizon + 20, 30, 1),
    strewn(random, 6, { left: 0, right: width, top: horizon + 40, bottom: horizon + 62 }, () =>
      place(0, 0, 0.52, tree(stage, 0.32)),
    ),
    ridge(stage, horizon + 90, 22, 2),
  ].join('');
}

/** The tree of this weather in this light. */
export function tree(stage: Stage, distance: number): string {
  const { random, weather } = stage;
  if (weather === 'snow' || random() < 0.3)
    return fir(
      stage.lit(pick(random, ['#3f8262', '#4c8f6c', '#357058']), distance),
      stage.lit(bark, distance),
      weather === 'snow' ? stage.lit('#f6fbff', distance) : null,
    );
  return roundTree(
    stage.lit(pick(random, ['#6fb765', '#5aa867', '#8cc063', '#4f9f74']), distance),
    stage.lit(bark, distance),
  );
}

/** The ground that the hero stands on, with grass and flowers. */
export function meadow(stage: Stage): string {
  const { width, height, horizon, random, weather } = stage;
  const top = horizon + (height - horizon) * 0.42;
  const band = { left: 0, right: width, top: top + 20, bottom: height };
  const green = stage.ground(3);
  const decoration =
    weather === 'snow'
      ? strewn(random, 16, band, () => ellipse(0, 0, 40, 8, lighter(green, 0.5), { opacity: 0.7 }))
      : strewn(random, 46, band, (nearness) =>
          random() < 0.62
            ? tuft(mix(darker(green, 0.16), lighter(green), random() * 0.7))
            : place(
                0,
                0,
                0.62 + nearness * 0.2,
                flower(stage.lit(randomPetals(random)), darker(green, 0.25)),
              ),
        );
  return ridge(stage, top, 14, 3) + decoration;
}

/** Trunks and crowns in three depths, the nearest at the sides. */
export function forest(stage: Stage): string {
  const { width, height, horizon, random, paints } = stage;
  const glow = paints.radial([0, stage.light.sky[2], 0.85], [1, stage.light.sky[2], 0]);
  const row = (count: number, y: number, scale: number, distance: number) =>
    Array.from({ length: count }, (_, index) =>
      place(
        (width * (index + between(random, 0.1, 0.9))) / count,
        y + between(random, -14, 14),
        scale * between(random, 0.85, 1.2),
        tree(stage, distance),
        random() < 0.5,
      ),
    ).join('');
  const atSides = (scale: number, y: number) =>
    [0.02, 0.14, 0.87, 0.99]
      .map((share) =>
        place(
          width * share + between(random, -20, 20),
          y + between(random, -24, 24),
          scale * between(random, 0.9, 1.15),
          tree(stage, 0.04),
        ),
      )
      .join('');
  return [
    ridge(stage, horizon - 70, 26, 0),
    row(12, horizon - 30, 0.95, 0.78),
    ridge(stage, horizon - 6, 16, 1),
    row(8, horizon + 26, 1.35, 0.5),
    ellipse(width / 2, horizon + 20, width * 0.42, 230, glow),
    ridge(stage, horizon + 40, 14, 2),
    meadow(stage),
    atSides(2, horizon + (height - horizon) * 0.4),
    strewn(random, 5, { left: 40, right: width - 40, top: height * 0.84, bottom: height * 0.97 }, () =>
      mushroom(stage.lit(pick(random, ['#e2574c', '#d98a4b']))),
    ),
  ].join('');
}

const footpath = (stage: Stage): string => {
  const { width, height, horizon } = stage;
  const top = horizon + 94;
  const color = stage.weather === 'snow' ? stage.lit('#dfeaf5') : stage.lit('#f0d9ae');
  return path(
    `M${width * 0.56} ${top}C${width * 0.7} ${top + 60} ${width * 0.34} ${top + 90} ${width * 0.3} ${height}L${width * 0.72} ${height}C${width * 0.62} ${top + 120} ${width * 0.74} ${top + 70} ${width * 0.585} ${top}Z`,
    stage.paints.linear([0, color, 0.75], [1, color, 0.95]),
  );
};

export const countryside = (stage: Stage): string => hills(stage) + meadow(stage) + footpath(stage);

export function mountains(stage: Stage): string {
  const { width, horizon, random, paints } = stage;
  const peak = (x: number, w: number, h: number, distance: number) => {
    const rock = stage.lit('#8596ab', distance);
    const base = horizon + 60;
    const fill = paints.linear([0, lighter(rock, 0.2)], [1, mix(rock, stage.ground(0), 0.6)]);
    return [
      path(
        `M${n(x - w)} ${n(base)}L${n(x - w * 0.12)} ${n(base - h * 0.96)}Q${n(x)} ${n(base - h * 1.05)} ${n(x + w * 0.1)} ${n(base - h * 0.95)}L${n(x + w)} ${n(base)}Z`,
        fill,
      ),
      path(
        `M${n(x)} ${n(base - h * 1.01)}Q${n(x + w * 0.06)} ${n(base - h)} ${n(x + w * 0.1)} ${n(base - h * 0.95)}L${n(x + w)} ${n(base)}L${n(x + w * 0.2)} ${n(base)}Q${n(x + w * 0.12)} ${n(base - h * 0.5)} ${n(x)} ${n(base - h * 1.01)}Z`,
        darker(rock, 0.14),
        { opacity: 0.5 },
      ),
      path(
        `M${n(x - w * 0.3)} ${n(base - h * 0.75)}L${n(x - w * 0.12)} ${n(base - h * 0.96)}Q${n(x)} ${n(base - h * 1.05)} ${n(x + w * 0.1)} ${n(base - h * 0.95)}L${n(x + w * 0.3)} ${n(base - h * 0.74)}L${n(x + w * 0.15)} ${n(base - h * 0.8)}L${n(x + w * 0.04)} ${n(base - h * 0.7)}L${n(x - w * 0.1)} ${n(base - h * 0.8)}Z`,
        stage.lit('#fbfdff', distance * 0.6),
      ),
    ].join('');
  };
  return [
    peak(width * 0.2, width * 0.3, 300, 0.6),
    peak(width * 0.78, width * 0.34, 360, 0.55),
    peak(width * between(random, 0.44, 0.54), width * 0.36, 270, 0.3),
    ridge(stage, horizon + 30, 18, 1),
    strewn(random, 11, { left: 0, right: width, top: horizon + 50, bottom: horizon + 84 }, () =>
      place(0, 0, 0.42, fir(stage.lit('#3f8262', 0.3), stage.lit(bark, 0.3), null)),
    ),
    ridge(stage, horizon + 90, 18, 2),
    meadow(stage),
  ].join('');
}

export function garden(stage: Stage): string {
  const { width, height, horizon, random } = stage;
  const fence = Array.from({ length: Math.ceil(width / 44) }, (_, index) =>
    path(`M${index * 44 + 8} ${horizon + 96}v-74l12 -14l12 14v74Z`, stage.lit('#fff8ec', 0.1)),
  ).join('');
  const rails = [44, 76].map((y) => rect(0, horizon + y, width, 10, stage.lit('#f1e4d0', 0.1))).join('');
  return [
    hills(stage),
    place(width * 0.13, horizon + 70, 1.7, tree(stage, 0.12)),
    place(width * 0.9, horizon + 72, 1.5, tree(stage, 0.12)),
    rails,
    fence,
    meadow(stage),
    strewn(random, 7, { left: 0, right: width, top: horizon + 110, bottom: horizon + 140 }, () =>
      bush(stage.lit('#5fae6a')),
    ),
    stage.weather === 'snow'
      ? ''
      : strewn(random, 26, { left: 0, right: width, top: horizon + 150, bottom: height + 30 }, (near) =>
          place(0, 0, 1 + near * 0.4, flower(stage.lit(randomPetals(random)), stage.lit('#3f8a55'))),
        ),
  ].join('');
}

/** Water from the horizon down, with bands of light. */
export function water(stage: Stage, y: number): string {
  const { width, height, random, paints, light } = stage;
  const [far, near] =
    light.time === 'night'
      ? (['#4a62ac', '#1f3272'] as const)
      : light.time === 'dusk'
        ? (['#f0a391', '#6c5a94'] as const)
        : (['#a8e0ee', '#3f9cc7'] as const);
  const ripples = Array.from({ length: 34 }, () => {
    const depth = random();
    const length = 30 + depth * 90;
    return stroke(
      `M${n(random() * width)} ${n(y + 12 + depth ** 1.3 * (height - y))}q${n(length / 4)} -7 ${n(length / 2)} 0t${n(length / 2)} 0`,
      '#ffffff',
      2 + depth * 3,
      { opacity: 0.16 + random() * 0.26 },
    );
  }).join('');
  return rect(0, y, width, height - y, paints.linear([0, far], [1, near])) + ripples;
}

export function beach(stage: Stage): string {
  const { width, height, horizon, random, paints } = stage;
  const sand = stage.lit('#f7dfae');
  const shore = horizon + (height - horizon) * 0.34;
  return [
    ridge({ ...stage, ground: () => stage.lit('#7fc3a0', 0.55) }, horizon + 4, 20, 0),
    water(stage, horizon + 6),
    path(
      `M0 ${shore + 24}Q${width * 0.28} ${shore - 34} ${width * 0.55} ${shore + 14}T${width} ${shore - 12}V${height}H0Z`,
      '#ffffff',
      { opacity: 0.75 },
    ),
    path(
      `M0 ${shore + 40}Q${width * 0.28} ${shore - 16} ${width * 0.55} ${shore + 32}T${width} ${shore + 6}V${height}H0Z`,
      paints.linear([0, lighter(sand, 0.3)], [1, darker(sand, 0.08)]),
    ),
    place(width * 0.9, shore + 70, 1.75, palm(stage.lit('#57a869'), stage.lit('#a9784f')), true),
    place(width * 0.05, shore + 34, 1.2, palm(stage.lit('#4f9f66', 0.15), stage.lit('#a9784f', 0.15))),
    strewn(random, 26, { left: 0, right: width, top: shore + 70, bottom: height }, () =>
      random() < 0.75
        ? circle(0, 0, 4, darker(sand, 0.14), { opacity: 0.6 })
        : place(0, 0, 1, shell(stage.lit(pick(random, ['#ffb3a7', '#fff2e0', '#f7c6d9'])))),
    ),
  ].join('');
}

const shell = (color: `#${string}`): string =>
  path('M0 10C-18 4 -22 -8 -16 -16C-8 -22 8 -22 16 -16C22 -8 18 4 0 10Z', color) +
  stroke('M0 8L-10 -14M0 8L0 -18M0 8L10 -14', darker(color, 0.2), 2);

/** The sea with islands; the hero stands on a small one. */
export function sea(stage: Stage): string {
  const { width, height, horizon, paints } = stage;
  const sand = stage.lit('#f4dca8');
  return [
    ridge({ ...stage, ground: () => stage.lit('#86bfa5', 0.6) }, horizon + 2, 24, 0),
    water(stage, horizon + 4),
    ellipse(width * 0.5, height * 0.93, width * 0.48, height * 0.1, '#ffffff', { opacity: 0.45 }),
    ellipse(
      width * 0.5,
      height * 0.935,
      width * 0.44,
      height * 0.09,
      paints.linear([0, lighter(sand, 0.25)], [1, darker(sand)]),
    ),
    place(width * 0.86, height * 0.9, 1.6, palm(stage.lit('#57a869'), stage.lit('#a9784f')), true),
  ].join('');
}
