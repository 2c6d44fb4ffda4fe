const storageKey = 'earshot.speech.lengths';
const kept = 300;

function read(): ReadonlyMap<string, number> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    if (!Array.isArray(value)) return new Map();
    return new Map(
      value.filter(
        (entry): entry is [string, number] =>
          Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number',
      ),
    );
  } catch {
    return new Map();
  }
}

let lengths = read();

/** How long each content is, in seconds, as far as this browser has opened it. */
export function knownLengths(): ReadonlyMap<string, number> {
  return lengths;
}

/** The server's list has no lengths, so they are remembered from playing. */
export function rememberLength(contentHash: string, seconds: number): void {
  if (!(seconds > 0) || lengths.get(contentHash) === seconds) return;
  lengths = new Map([...lengths, [contentHash, seconds] as const].slice(-kept));
  try {
    localStorage.setItem(storageKey, JSON.stringify([...lengths]));
  } catch {
    // Known for this visit only.
  }
}
