import type { Behaviour, FakeOpenAIRequest } from './fake-openai.js';

type Schema = { readonly properties?: Readonly<Record<string, unknown>> };

/** The names of what a request wants in JSON, in order; empty for other requests. */
export function wantedOf({ body }: FakeOpenAIRequest): string[] {
  const format = body.response_format as { json_schema?: { schema?: Schema } } | undefined;
  return Object.keys(format?.json_schema?.schema?.properties ?? {});
}

/** All that a request tells a model, or a painter. */
export function toldIn({ body }: FakeOpenAIRequest): string {
  const messages = (body.messages ?? []) as { content: string | { text?: string }[] }[];
  const told = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.map(({ text }) => text ?? '[picture]'),
  );
  return [...told, body.prompt ?? '', body.input ?? ''].join('\n');
}

export const writtenStory = {
  title: 'Luna and the Lantern',
  content: [
    'Luna carried a lantern through the garden, and the light danced over the leaves like a small friendly moon.',
    'Under the apple tree sat a fox who could not find the way home, and Luna sat down beside it and listened.',
    'Together they followed the stones along the stream until they saw the hill where the little foxes were waiting.',
    'At home Luna put the lantern on the window sill, closed both eyes, and the garden whispered good night.',
  ].join('\n\n'),
};

const scene = (timestamp: number, textSegment: string) => ({
  textSegment,
  illustrationPrompt: `Picture: ${textSegment}`,
  timestamp,
  emotion: 'peaceful',
  importance: 'key',
});

export const foundScenes = {
  scenes: [
    scene(0, 'Luna carries a lantern with friends in bright light'),
    scene(8, 'A fox under an apple tree with friends in bright light'),
    scene(16, 'A stream and a hill with friends in bright light'),
    scene(24, 'A window sill with friends in bright light'),
  ],
  reasoning: 'They carry the story.',
};

const looks = (name: string): unknown => {
  if (name === 'colorPalette') return ['red', 'green', 'cream', 'brown', 'gold', 'grey'];
  if (name === 'visualKeywords') return Array.from({ length: 12 }, (_, index) => `word ${index}`);
  return name === 'canonicalPrompt' ? 'A girl with copper curls and a green coat' : `some ${name}`;
};

/** A good model and painter: what comes back is what the contract asks for, a little too much of it where models exaggerate. */
export function answersWell(request: FakeOpenAIRequest): Behaviour {
  const wanted = wantedOf(request);
  const [first] = wanted;
  if (first === undefined) return { kind: 'ok' };
  if (wanted.includes('content')) return { kind: 'chat', json: writtenStory };
  if (wanted.includes('scenes')) return { kind: 'chat', json: foundScenes };
  if (wanted.includes('hairStyle'))
    return { kind: 'chat', json: Object.fromEntries(wanted.map((name) => [name, looks(name)])) };
  const keywords = Array.from({ length: 10 }, (_, index) => `keyword ${index}`);
  const answers: Readonly<Record<string, unknown>> = {
    title: '“The Brave Little Swimmer.”',
    prompt: 'Tell of water that carries. '.repeat(60),
    promptSeed: 'The water carries whoever trusts it. '.repeat(30),
    keywords,
    suggestions: ['One', 'Two', 'Two', 'Three', 'Four'],
  };
  return { kind: 'chat', json: Object.fromEntries(wanted.map((name) => [name, answers[name]])) };
}
