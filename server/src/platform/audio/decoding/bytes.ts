/** The bytes of a decoder's description, which demuxers give in any kind of buffer; none when there is none. */
export function descriptionBytes(description: unknown): Uint8Array {
  if (ArrayBuffer.isView(description))
    return new Uint8Array(description.buffer, description.byteOffset, description.byteLength);
  return description instanceof ArrayBuffer ? new Uint8Array(description) : new Uint8Array(0);
}
