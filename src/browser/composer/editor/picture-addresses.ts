/** How pictures in the text are called: `cid:` where it is kept and sent, `blob:` where it is shown. */
export interface PictureAddresses {
  /** @returns the `blob:` address */
  readonly add: (contentId: string, bytes: Blob) => string
  /** For what is shown; null for any picture that is not the answer's own. */
  readonly live: (address: string) => string | null
  /** For what is kept. */
  readonly kept: (address: string) => string | null
  readonly end: () => void
}

/** @param make of a `blob:` address, and what ends it: `URL` in a browser */
export function pictureAddresses(
  make: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>,
): PictureAddresses {
  const addresses = new Map<string, string>()
  const idOf = (address: string): string | null =>
    address.startsWith('cid:')
      ? address.slice(4)
      : ([...addresses].find(([, one]) => one === address)?.[0] ?? null)
  return {
    add(contentId, bytes) {
      const address = addresses.get(contentId) ?? make.createObjectURL(bytes)
      addresses.set(contentId, address)
      return address
    },
    live: address => addresses.get(idOf(address) ?? '') ?? null,
    kept(address) {
      const id = idOf(address)
      return id !== null && addresses.has(id) ? `cid:${id}` : null
    },
    end() {
      for (const address of addresses.values()) make.revokeObjectURL(address)
      addresses.clear()
    },
  }
}
