import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, expect, it, vi } from 'vitest'
import { checkPassword, hashPassword } from '../../../src/server/gateway/user-password.ts'

describe('a password', () => {
  it('fits its own hash and no other', async () => {
    const hash = await hashPassword('correct horse')
    expect(hash).toMatch(/^scrypt:14:8:/)
    expect(await checkPassword('correct horse', hash)).toBe(true)
    expect(await checkPassword('correct horsf', hash)).toBe(false)
    expect(await hashPassword('correct horse')).not.toBe(hash)
  })

  it('may stand in a secret as it is', async () => {
    expect(await checkPassword('plain', 'plain')).toBe(true)
    expect(await checkPassword('plain ', 'plain')).toBe(false)
  })

  it('costs as much time when it stands as it is as when it is a hash: names cannot be told', async () => {
    const derived = vi.spyOn(crypto, 'scrypt')
    syncBuiltinESMExports()
    try {
      for (const stored of ['plain', await hashPassword('x')]) {
        derived.mockClear()
        await checkPassword('guess', stored)
        expect(derived).toHaveBeenCalledTimes(1)
        expect(derived.mock.calls[0]?.[3]).toMatchObject({ N: 2 ** 14, r: 8 })
      }
    } finally {
      derived.mockRestore()
      syncBuiltinESMExports()
    }
  })

  it('is never the text of its hash', async () => {
    const hash = await hashPassword('x')
    expect(await checkPassword(hash, hash)).toBe(false)
  })
})
