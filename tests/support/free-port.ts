import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to whoever asks for any (Linux from 32768, others from 49152): between finding one
 * and listening on it nobody gets it by chance. Browsers refuse none of these.
 */
const first = 12_000
const count = 20_000

/** A port on 127.0.0.1 that is free. For programs that must know theirs before they listen; all others listen on 0. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = first + Math.floor(Math.random() * count)
    if (await isFree(port)) return port
  }
  throw new Error('no free port')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
