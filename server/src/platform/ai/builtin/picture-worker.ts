import { Resvg } from '@resvg/resvg-js';
import type { ImageRequest } from '../image-generator.js';
import { drawPicture } from './drawing/picture.js';

/** The work of a drawing thread: the picture as PNG, and the name of its hero's look. */
export default function run(request: ImageRequest): { png: Uint8Array; look: string | null } {
  const { svg, look } = drawPicture(request);
  const png = new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
  return { png: new Uint8Array(png), look };
}
