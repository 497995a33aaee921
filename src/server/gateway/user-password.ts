import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Cost of a stored password: 2^14 rounds of 8 blocks, 16 MiB and about 40 ms a try. */
const costExponent = 14
const blockSize = 8
const hashBytes = 32
const noSalt = Buffer.alloc(16)

/** Attack: a configuration that names a cost which stops the process. */
const maxCostExponent = 20

/** `scrypt:14:8:SALT:HASH`, base64url; what `gateway.users[].password` holds. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, costExponent, blockSize)
  const parts = [salt, hash].map(bytes => bytes.toString('base64url'))
  return `scrypt:${costExponent}:${blockSize}:${parts.join(':')}`
}

/**
 * `stored` is a hash of `hashPassword`, or the password itself when it came from a secret. Both cost
 * the same time. Attack: finding out which names there are.
 */
export async function checkPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parseHash(stored)
  if (parsed === null) {
    await derive(password, noSalt, costExponent, blockSize)
    return sameText(password, stored)
  }
  const hash = await derive(password, parsed.salt, parsed.exponent, parsed.blocks)
  return timingSafeEqual(hash, parsed.hash)
}

interface ParsedHash {
  readonly exponent: number
  readonly blocks: number
  readonly salt: Buffer
  readonly hash: Buffer
}

function parseHash(stored: string): ParsedHash | null {
  const match = /^scrypt:(\d{1,2}):(\d{1,2}):([\w-]{22,86}):([\w-]{43})$/.exec(stored)
  if (match === null) return null
  const [, exponent = '', blocks = '', salt = '', hash = ''] = match
  if (Number(exponent) > maxCostExponent) return null
  return {
    exponent: Number(exponent),
    blocks: Number(blocks),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}

function derive(password: string, salt: Buffer, exponent: number, r: number): Promise<Buffer> {
  const options = { N: 2 ** exponent, r, p: 1, maxmem: 256 * r * 2 ** exponent }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text.normalize('NFKC')).digest()
  return timingSafeEqual(digest(one), digest(other))
}
