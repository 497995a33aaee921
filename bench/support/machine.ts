import { spawnSync } from 'node:child_process'
import * as os from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  readonly system: string
}

/** The machine by its model, never by its name. */
export function describeMachine(): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    system: `${os.platform()} ${os.arch()}`,
  }
}

/** Where a program of the system lies, or undefined: `/usr/sbin/smtp-source`. */
export function findProgram(name: string): string | undefined {
  const found = spawnSync('/bin/sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin" command -v ${name}`], {
    encoding: 'utf8',
  })
  return found.status === 0 ? found.stdout.trim() : undefined
}
