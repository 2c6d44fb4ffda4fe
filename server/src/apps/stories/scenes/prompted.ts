import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { splitText } from '../../../platform/ai/split-text.js';
import type { TextGenerator } from '../../../platform/ai/text-generator.js';
import { AppError } from '../../../platform/http/errors.js';
import { fromEngine, unusable } from '../generation/engine-failures.js';
import { quoted, untrustedTextRule } from '../safety/untrusted-text.js';
import {
  emotions,
  FEWEST_SCENES,
  type FindScenes,
  importances,
  MOST_SCENES,
  type StoryScene,
} from './scene.js';

/** About 5,000 tokens (contract §5). */
const LONGEST_PIECE = 20_000;
const BETWEEN_PIECES_MS = 500;
const RETRIES_AFTER_MS = [1_000, 2_000, 4_000];

const text = Type.String({ minLength: 1, maxLength: 4_000 });
const Answer = Type.Object({
  scenes: Type.Array(
    Type.Object({
      textSegment: text,
      illustrationPrompt: text,
      timestamp: Type.Number({ minimum: 0 }),
      emotion: Type.Union(emotions.map((emotion) => Type.Literal(emotion))),
      importance: Type.Union(importances.map((importance) => Type.Literal(importance))),
    }),
    { minItems: 1, maxItems: MOST_SCENES },
  ),
  reasoning: Type.String({ maxLength: 2_000 }),
});

/** Scenes by a language model. Long stories are read in pieces; a piece that fails is left out (contract §5). */
export const scenesPrompted =
  (model: TextGenerator): FindScenes =>
  async (wish, signal) => {
    const pieces = splitText(wish.content, LONGEST_PIECE);
    const share = (piece: string) => (piece.length / wish.content.length) * wish.duration;
    const scenes: StoryScene[] = [];
    const reasons: string[] = [];
    let tokens = 0;
    let from = 0;
    let failure: unknown;
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await sleep(BETWEEN_PIECES_MS, undefined, signal ? { signal } : {});
      const duration = share(piece);
      try {
        const found = await patiently(pieces.length > 1, signal, () =>
          fromEngine(() =>
            model.json(messages({ ...wish, content: piece, duration }), Answer, signal ? { signal } : {}),
          ),
        );
        for (const scene of found.value.scenes)
          scenes.push({ ...scene, timestamp: from + Math.min(scene.timestamp, duration) });
        reasons.push(found.value.reasoning);
        tokens += (found.usage?.inputTokens ?? 0) + (found.usage?.outputTokens ?? 0);
      } catch (error) {
        signal?.throwIfAborted();
        failure = error;
      }
      from += duration;
    }
    if (scenes.length === 0) throw failure ?? unusable('scenes');
    const sorted = scenes.sort((a, b) => a.timestamp - b.timestamp).slice(0, MOST_SCENES);
    return { scenes: sorted, reasoning: reasons.join(' '), tokens };
  };

async function patiently<T>(
  isPatient: boolean,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  for (const wait of isPatient ? RETRIES_AFTER_MS : []) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await sleep(wait, undefined, signal ? { signal } : {});
    }
  }
  return call();
}

const messages = ({ content, duration, hero, eventContext }: Parameters<FindScenes>[0]) => [
  {
    role: 'system' as const,
    content: [
      `You choose scenes of a children's bedtime story to illustrate: ${FEWEST_SCENES} to ${MOST_SCENES} of them, in order.`,
      'For each give the text it belongs to, a safe and friendly description of the picture, the second of the narration at which it begins, an emotion and its importance.',
      'Every picture shows the same hero. No text in pictures.',
      untrustedTextRule,
    ].join(' '),
  },
  {
    role: 'user' as const,
    content: [
      `The narration takes ${Math.round(duration)} seconds.`,
      `Hero: ${quoted(hero)}`,
      ...(eventContext ? [`Event: ${quoted(eventContext)}`] : []),
      `Story: ${quoted(content)}`,
    ].join('\n'),
  },
];
