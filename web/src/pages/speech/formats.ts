/** What the browser is asked, per format; raw samples have no type any browser plays. */
const types: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg; codecs=opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
};

const descriptions: Readonly<Record<string, string>> = {
  mp3: 'MP3, plays everywhere',
  opus: 'Opus, smallest',
  aac: 'AAC',
  flac: 'FLAC, lossless',
  wav: 'WAV, uncompressed',
  pcm: 'PCM, raw samples',
};

export function formatWords(format: string): string {
  return descriptions[format] ?? format.toUpperCase();
}

/** Whether this browser says that it may play the format. */
export function playable(format: string): boolean {
  const type = types[format];
  return type !== undefined && document.createElement('audio').canPlayType(type) !== '';
}

/** The type to give a downloaded file when the server's is missing or general. */
export function audioType(format: string): string {
  return types[format]?.split(';')[0] ?? 'application/octet-stream';
}
