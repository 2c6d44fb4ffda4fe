/** `#rrggbb`. */
export type Color = `#${string}`;

const channels = (color: Color): [number, number, number] => {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** The colour that lies `share` (0 to 1) of the way from one to the other. */
export function mix(one: Color, other: Color, share: number): Color {
  const to = channels(other);
  const mixed = channels(one).map((from, index) => Math.round(from + ((to[index] ?? from) - from) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

export const darker = (color: Color, share = 0.18): Color => mix(color, '#2a1a3a', share);

export const lighter = (color: Color, share = 0.25): Color => mix(color, '#fffaf0', share);
