import { takeCoverage } from 'node:v8';
import { afterAll } from 'vitest';

// Written now: the process may be ended in a way that writes nothing.
afterAll(() => takeCoverage());
