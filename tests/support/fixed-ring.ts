import type { RingKey, SecretRing } from '../../src/server/identity/secret-ring.ts'

/** A ring of secrets that the test renews by hand: `keys` are newest first. */
export function fixedRing(...secrets: readonly Uint8Array[]): SecretRing & { keys: RingKey[] } {
  const idOf = (secret: Uint8Array) => Buffer.from(secret.subarray(0, 16)).toString('base64url')
  const ring = {
    keys: secrets.map(secret => ({ id: idOf(secret), secret })),
    current: async () => {
      const [newest] = ring.keys
      if (newest === undefined) throw new Error('an empty ring')
      return newest
    },
    find: async (id: string) => ring.keys.find(key => key.id === id),
    all: async () => ring.keys,
  }
  return ring
}
