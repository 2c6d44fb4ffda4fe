import type { Log } from '../../src/platform/log.js';

export interface RecordedLog extends Log {
  /** Every line so far. */
  readonly lines: {
    readonly level: 'info' | 'warn' | 'error';
    readonly message: string;
    readonly fields: object;
  }[];
}

/** A log that keeps its lines for the test to read. */
export function recordedLog(): RecordedLog {
  const lines: RecordedLog['lines'] = [];
  const at = (level: 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    lines.push({ level, message, fields });
  };
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}
