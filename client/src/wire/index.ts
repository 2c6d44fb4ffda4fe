export type * from './account.js';
export type * from './assistant.js';
export * from './entities.js';
export * from './files.js';
export type * from './generation.js';
export type * from './journey.js';
export * from './sync.js';
