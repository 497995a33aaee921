import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../bin/zegel.js', import.meta.url))

export interface InstallationPorts {
  readonly smtpPort?: number
  readonly portalPort?: number
  readonly nextHopPort?: number
}

/** Makes an installation as a person does, with `zegel init`; returns its folder. */
export function createInstallation(ports: InstallationPorts): string {
  const folder = mkdtempSync(`${tmpdir()}/zegel-bench-`)
  const flags = {
    '--data': folder,
    '--organisation': 'Example',
    '--domain': 'example.com',
    '--portal-url': `http://localhost:${ports.portalPort ?? 8080}`,
    '--next-hop': `127.0.0.1:${ports.nextHopPort ?? 10026}`,
    '--smtp-listen': `127.0.0.1:${ports.smtpPort ?? 2525}`,
    '--portal-listen': `127.0.0.1:${ports.portalPort ?? 8080}`,
  }
  const args = ['init', '--no-escrow', ...Object.entries(flags).flat()]
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`zegel init: ${stderr}`)
  return folder
}

export interface ServeProcess {
  /** Forgets the highest resident memory so far. */
  resetPeak(): void
  /** The highest resident memory since then, in MB; NaN where the system does not tell. */
  peakMegabytes(): number
  stop(): Promise<void>
}

/** Runs `zegel serve` on an installation until it says that it is ready. */
export async function startServe(folder: string): Promise<ServeProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--config', `${folder}/zegel.yaml`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)))
  // Read to the end: what it logs later must not meet a closed pipe.
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('zegel ready')) resolve()
    })
    child.once('exit', () => reject(new Error(`zegel serve ended: ${words}`)))
  })
  const proc = `/proc/${child.pid ?? 0}`
  return {
    resetPeak() {
      try {
        writeFileSync(`${proc}/clear_refs`, '5')
      } catch {
        // not Linux, or not allowed: the peak counts from the start
      }
    },
    peakMegabytes: () => readPeak(`${proc}/status`),
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

function readPeak(path: string): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'))
    return match === null ? Number.NaN : (Number(match[1]) * 1024) / 1e6
  } catch {
    return Number.NaN
  }
}
