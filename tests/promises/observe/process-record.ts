import { readFile, readdir, readlink } from 'node:fs/promises'
import type { RunningRole } from '../separate-roles.ts'

/** One thing that a process asked its system for: `connect`, `name`, `datagram`, `write`, `program`, `worker`. */
export interface Asked {
  readonly kind: string
  readonly what: string
}

/** Each once, in the order in which they were first asked for. */
export async function processRecord({ recordFile }: RunningRole): Promise<readonly Asked[]> {
  const lines = new Set((await readFile(recordFile, 'utf8')).trim().split('\n'))
  return [...lines].filter(Boolean).map(line => JSON.parse(line) as Asked)
}

/** What a process has open, as its system says (Linux; empty elsewhere): files, and how many sockets and pipes. */
export async function openFiles(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  const paths = await Promise.all(
    names.map(name => readlink(`${folder}/${name}`).catch(() => undefined)),
  )
  return paths.filter(path => path?.startsWith('/') === true).filter(path => path !== undefined)
}
