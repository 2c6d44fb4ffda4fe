/** A WAV file of 80 silent samples (10 ms, 8 kHz, 8 bit). */
function silentWav(): Blob {
  const samples = 80;
  const view = new DataView(new ArrayBuffer(44 + samples));
  const ascii = (at: number, text: string) => {
    for (let index = 0; index < text.length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
  };
  ascii(0, 'RIFF');
  view.setUint32(4, 36 + samples, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8_000, true);
  view.setUint32(28, 8_000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  ascii(36, 'data');
  view.setUint32(40, samples, true);
  new Uint8Array(view.buffer).fill(0x80, 44);
  return new Blob([view], { type: 'audio/wav' });
}

/** The address of a moment of silence, made once. */
export const silence = URL.createObjectURL(silentWav());
