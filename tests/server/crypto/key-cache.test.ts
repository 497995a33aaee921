import { describe, expect, it } from 'vitest'
import { KeyCache } from '../../../src/server/crypto/key-cache.ts'
import { PrivateKeyCache } from '../../../src/server/crypto/private-key-cache.ts'

const counting = (): { imported: string[]; take: (bytes: Uint8Array) => Promise<string> } => {
  const imported: string[] = []
  return {
    imported,
    async take(bytes) {
      if (bytes.length === 0) throw new RangeError('no key')
      imported.push(Buffer.from(bytes).toString('hex'))
      return `key ${Buffer.from(bytes).toString('hex')}`
    },
  }
}

describe('KeyCache', () => {
  it('imports equal bytes once, other bytes anew', async () => {
    const { imported, take } = counting()
    const cache = new KeyCache(take)
    for (const byte of [1, 2, 1, 2])
      expect(await cache.get(Uint8Array.of(byte))).toBe(`key 0${byte}`)
    expect(imported).toEqual(['01', '02'])
  })

  it('does not grow without end, and remembers no failure', async () => {
    const { imported, take } = counting()
    const cache = new KeyCache(take)
    for (let i = 0; i < 300; i++) await cache.get(Uint8Array.of(i & 255, i >> 8))
    await cache.get(Uint8Array.of(0, 0))
    expect(imported).toHaveLength(301)
    for (let i = 0; i < 2; i++) await expect(cache.get(new Uint8Array(0))).rejects.toThrow('no key')
  })
})

describe('PrivateKeyCache', () => {
  it('imports the same bytes once', async () => {
    const { imported, take } = counting()
    const cache = new PrivateKeyCache(take)
    const bytes = Uint8Array.of(1)
    await cache.get(bytes)
    await cache.get(bytes)
    expect(imported).toEqual(['01'])
  })

  it('gives no old key for bytes that were overwritten', async () => {
    const cache = new PrivateKeyCache(counting().take)
    const bytes = Uint8Array.of(1)
    await cache.get(bytes)
    bytes[0] = 0
    expect(await cache.get(bytes)).toBe('key 00')
  })
})
