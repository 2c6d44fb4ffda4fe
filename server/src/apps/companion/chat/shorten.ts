/** A text of at most so many UTF-16 units, with an ellipsis where it was cut; no pair of surrogates comes apart. */
export const shortened = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, Math.max(0, most - 1))
        .replace(/[\uD800-\uDBFF]$/, '')
        .trimEnd()}…`;
