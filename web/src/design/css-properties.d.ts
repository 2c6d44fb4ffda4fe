import 'react';

declare module 'react' {
  interface CSSProperties {
    /** How far a slider is filled, 0..1 (see .slider in theme.css). */
    '--value'?: number;
  }
}
