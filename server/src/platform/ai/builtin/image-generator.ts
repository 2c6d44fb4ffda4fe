import { errors } from '../../http/errors.js';
import type { ImageGenerator } from '../image-generator.js';

/** Draws by rules, offline. */
export function createBuiltinImageGenerator(): ImageGenerator {
  return {
    engine: 'builtin',
    model: 'earshot-drawing',
    generate: () => Promise.reject(errors.unavailable('The server cannot draw yet.')),
    close: async () => {},
  };
}
