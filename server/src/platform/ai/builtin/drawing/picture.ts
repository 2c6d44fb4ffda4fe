import type { ImageRequest } from '../../image-generator.js';
import type { Animal, Lit } from './animal.js';
import { animals } from './animals.js';
import { space, underwater } from './beyond.js';
import { castle, city, schoolyard, village } from './built.js';
import { type Composition, composition } from './composition.js';
import { drawFigure, handOf, type Pose } from './figure.js';
import { beach, countryside, forest, garden, mountains, sea } from './land.js';
import { companionLook, nameOf } from './look.js';
import { between, randomFrom } from './random.js';
import { bedroom, kitchen, party } from './rooms.js';
import { drawSky, falling, rainbow } from './sky.js';
import { createStage, type Stage } from './stage.js';
import { circle, createPaints, place, rect } from './svg.js';
import { type Thing, things } from './things.js';
import type { PlaceName } from './words.js';

const places: Readonly<Record<PlaceName, (stage: Stage) => string>> = {
  hills: countryside,
  forest,
  beach,
  city,
  school: schoolyard,
  bedroom,
  castle,
  sea,
  underwater,
  space,
  mountains,
  garden,
  village,
  party,
  kitchen,
};

const indoors: ReadonlySet<PlaceName> = new Set(['bedroom', 'kitchen', 'party']);
const withoutSky: ReadonlySet<PlaceName> = new Set([...indoors, 'space', 'underwater']);

/** A picture as SVG, and the name of its hero's look. */
export interface DrawnPicture {
  readonly svg: string;
  readonly look: string | null;
}

/** Draws what the request says; equal requests give equal pictures. */
export function drawPicture(request: ImageRequest): DrawnPicture {
  const [pixelWidth = 1024, pixelHeight = 1024] = (request.size ?? '1024x1024').split('x').map(Number);
  const unit = 1000 / Math.min(pixelWidth, pixelHeight);
  const size = { width: pixelWidth * unit, height: pixelHeight * unit };
  const scene = composition(request);
  const paints = createPaints();
  const random = randomFrom(scene.seed);
  const isInside = withoutSky.has(scene.place);
  const stage = createStage({
    ...size,
    time: scene.time,
    weather: isInside ? 'clear' : scene.weather,
    random,
    paints,
  });
  const drawn = [
    isInside ? '' : drawSky(stage),
    scene.things.includes('rainbow') && !isInside ? rainbow(stage) : '',
    places[scene.place](stage),
    Math.min(pixelWidth, pixelHeight) < 400 ? emblem(stage, scene) : cast(stage, scene),
    falling(stage),
    rect(0, 0, size.width, size.height, paints.radial([0.7, '#2a1a4a', 0], [1, '#2a1a4a', 0.1])),
  ].join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${pixelWidth}" height="${pixelHeight}" viewBox="0 0 ${size.width} ${size.height}">${paints.definitions()}${drawn}</svg>`;
  return { svg, look: scene.look && nameOf(scene.look) };
}

/** In a very small picture only the first thing or companion is to be seen, or else the hero. */
function emblem(stage: Stage, scene: Composition): string {
  const [thing] = scene.things;
  const [animal] = scene.animals;
  const { width, height } = stage;
  const glow = circle(width / 2, height * 0.55, 440, '#fffaf0', { opacity: 0.55 });
  if (thing && thing !== 'rainbow') {
    const { spot, draw }: Thing = things[thing];
    const middle = spot === 'ground' || thing === 'balloon' ? 0.82 : 0.56;
    return (
      glow +
      place(
        width / 2,
        height * middle,
        4,
        draw((color) => color),
      )
    );
  }
  if (animal) {
    const { habitat, draw }: Animal = animals[animal];
    return (
      glow +
      place(
        width / 2,
        height * (habitat === 'ground' ? 0.88 : 0.55),
        4.2,
        draw((color) => color),
      )
    );
  }
  return glow + cast(stage, { ...scene, animals: [], people: [], things: [] }, 2.4);
}

/** The hero in the middle, companions beside, things around. */
function cast(stage: Stage, scene: Composition, scale = 1.45): string {
  const { width, height, random } = stage;
  const isWet = scene.place === 'underwater';
  const gentle = stage.litGently;
  const floor = height * (height > width ? 0.86 : 0.9);
  const middle = width * (0.5 + between(random, -0.03, 0.03));
  const behind: string[] = [];
  const front: string[] = [];
  let held: Thing | undefined;
  const slots = sideSlots(width, middle);
  const skies = [0.24, 0.74, 0.5, 0.1];
  for (const [index, age] of scene.people.entries())
    behind.push(
      place(
        slots.shift() ?? width * 0.84,
        floor - 14,
        scale * (age > 17 ? 1.12 : 0.96),
        drawFigure(companionLook(`${scene.seed}${index}`, age), {
          mood: 'calm',
          pose: 'standing',
          wrapped: stage.weather === 'snow',
          helmet: scene.place === 'space' || isWet,
          lit: gentle,
        }),
      ),
    );
  for (const name of scene.things) {
    const thing: Thing = things[name];
    if (name === 'rainbow') continue;
    const inAir = thing.spot === 'sky' || (thing.spot === 'water' && isWet);
    if (thing.spot === 'hand' && scene.look && !held) held = thing;
    else if (thing.spot === 'water' && scene.place !== 'bedroom')
      behind.push(
        place(width * 0.2, stage.horizon + (height - stage.horizon) * 0.22, thing.size, thing.draw(gentle)),
      );
    else if (inAir)
      behind.push(
        place(
          width * (skies.shift() ?? 0.5),
          height * between(random, 0.2, 0.32),
          thing.size * 1.1,
          thing.draw(gentle),
        ),
      );
    else {
      const x = slots.shift() ?? width * 0.85;
      behind.push(place(x, floor - height * 0.045, thing.size * 1.25, thing.draw(gentle)));
    }
  }
  for (const name of scene.animals) {
    const animal: Animal = animals[name];
    const floats = animal.habitat === 'air' || (animal.habitat === 'water' && scene.place !== 'bedroom');
    const x = floats ? width * (skies.shift() ?? 0.3) : (slots.shift() ?? width * 0.14);
    const y = floats
      ? animal.habitat === 'water' && !isWet
        ? stage.horizon + (height - stage.horizon) * 0.24
        : height * between(random, 0.3, 0.46)
      : floor + between(random, -6, 18);
    (animal.size > 1.25 && !floats ? behind : front).push(
      place(x, y, animal.size * 1.3, animal.draw(gentle), floats ? x > middle : x < middle),
    );
  }
  return behind.join('') + hero(stage, scene, { middle, floor, scale, held, gentle }) + front.join('');
}

const sideSlots = (width: number, middle: number): number[] =>
  [-0.3, 0.3, -0.42, 0.42].map((share) => middle + width * share);

function hero(
  stage: Stage,
  scene: Composition,
  at: {
    readonly middle: number;
    readonly floor: number;
    readonly scale: number;
    readonly held: Thing | undefined;
    readonly gentle: Lit;
  },
): string {
  const { look } = scene;
  if (!look) return '';
  const helmet = scene.place === 'space' || scene.place === 'underwater';
  const pose: Pose = at.held
    ? 'holding'
    : scene.mood === 'joyful'
      ? stage.random() < 0.5
        ? 'waving'
        : 'cheering'
      : scene.mood === 'amazed'
        ? 'waving'
        : 'standing';
  const figure = drawFigure(look, {
    mood: scene.mood,
    pose,
    wrapped: stage.weather === 'snow',
    helmet,
    lit: at.gentle,
  });
  const [x, y] = handOf[pose];
  const held = at.held ? place(x, y, at.held.size, at.held.draw(at.gentle)) : '';
  const height = look.age <= 4 ? 0.9 : look.age >= 10 ? 1.08 : 1;
  const halo =
    stage.light.time === 'night'
      ? circle(at.middle, at.floor - 200, 330, stage.paints.radial([0, '#fff0c4', 0.32], [1, '#fff0c4', 0]))
      : '';
  return (
    halo + place(at.middle, at.floor, at.scale * height, at.held?.isBehind ? held + figure : figure + held)
  );
}
