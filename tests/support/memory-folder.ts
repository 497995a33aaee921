import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, statfsSync } from 'node:fs'
import type { Socket } from 'node:net'

const SHARED_MEMORY = '/dev/shm'
const GIB = 1024 ** 3
/** Several times what all tests have there at one time. */
const ROOM = 4 * GIB

/** Waits on its standard input, which ends with this program however it ends, and then removes the folder. */
const keeper = 'cat >/dev/null; rm -rf "$1"'

/**
 * A new folder in memory for what tests write, because a disk takes its time for each transaction of each database and
 * no test looks at what a power cut leaves. Undefined where there is no such place, too little room, or no program may
 * be started from it.
 */
export function memoryFolder(): string | undefined {
  if (!hasRoom() || !mayStartPrograms()) return undefined
  const folder = mkdtempSync(`${SHARED_MEMORY}/zegel-tests-`)
  chmodSync(folder, 0o711) // the PostgreSQL of a test may be started as another user
  const child = spawn('/bin/sh', ['-c', keeper, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // an interrupt from the keyboard reaches this program alone
  })
  child.unref()
  ;(child.stdin as Socket).unref()
  return folder
}

function hasRoom(): boolean {
  if (process.platform !== 'linux' || process.availableMemory() < 2 * ROOM) return false
  const { bavail, bsize } = statfsSync(SHARED_MEMORY)
  return bavail * bsize >= ROOM
}

/** Linux: proc(5), /proc/mounts; fields are device, folder, type, options. */
function mayStartPrograms(): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
  const [, , type, options = ''] = mounts.findLast(([, at]) => at === SHARED_MEMORY) ?? []
  return type === 'tmpfs' && !options.split(',').includes('noexec')
}
