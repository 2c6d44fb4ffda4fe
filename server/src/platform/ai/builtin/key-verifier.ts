import { errors } from '../../http/errors.js';
import type { KeyVerifier } from '../key-verifier.js';

/** A key's shape. Without a provider nobody can say more about a key: it only tells users apart. */
const wellFormed = /^sk-\S{20,}$/;

/** Accepts every key that is shaped like one. */
export function createBuiltinKeyVerifier(): KeyVerifier {
  return {
    async verify(apiKey, signal) {
      signal?.throwIfAborted();
      if (!wellFormed.test(apiKey)) throw errors.unauthorized('Invalid OpenAI API token');
    },
  };
}
