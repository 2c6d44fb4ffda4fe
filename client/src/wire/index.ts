export type * from './account.js';
export * from './entities.js';
export type * from './generation.js';
export type * from './journey.js';
export * from './sync.js';
