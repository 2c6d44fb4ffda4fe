/** An address of something in memory, good until it is released. */
export interface ObjectAddress {
  readonly url: string;
  /** Call it once. */
  release(): void;
}

/** Hands out one `blob:` address for one content, however often it is asked for, and revokes it after its last user. */
export function createObjectAddresses() {
  const shared = new Map<string, { readonly url: string; users: number }>();

  function release(content: string): void {
    const address = shared.get(content);
    if (!address) return;
    address.users -= 1;
    if (address.users > 0) return;
    shared.delete(content);
    URL.revokeObjectURL(address.url);
  }

  return {
    /** @param content tells contents apart: the key and the checksum of a file */
    lend: (content: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): ObjectAddress => {
      const address = shared.get(content) ?? {
        url: URL.createObjectURL(new Blob([bytes], { type: contentType })),
        users: 0,
      };
      address.users += 1;
      shared.set(content, address);
      let released = false;
      return {
        url: address.url,
        release: () => {
          if (released) return;
          released = true;
          release(content);
        },
      };
    },
    /** Nothing of it can be shown any more. */
    revokeAll: (): void => {
      for (const { url } of shared.values()) URL.revokeObjectURL(url);
      shared.clear();
    },
  };
}
