// P2: smtp-source → gateway → smtp-sink, beside the same program passing mail through, a bare
// smtp-server that throws mail away, and Postfix as relay. performance.md
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sizeName } from './support/mails.ts'
import { describeMachine } from './support/machine.ts'
import { postfixMissing, startPostfix } from './support/postfix.ts'
import { atLeast, atMost, format, renderReport, writeReport } from './support/report.ts'
import type { Report, Verdict } from './support/report.ts'
import { measure, ratio } from './support/rounds.ts'
import type { Contender, Measured, Work } from './support/rounds.ts'
import {
  findLoadPrograms,
  freePort,
  sendMails,
  startSink,
  waitForPort,
} from './support/smtp-programs.ts'
import type { Load, LoadPrograms, Sink } from './support/smtp-programs.ts'
import { createInstallation, startServe } from './support/zegel-process.ts'
import type { ServeProcess } from './support/zegel-process.ts'

const outside = 'bob@example.org'
const inside = 'carol@example.com'

/** How many mails a run sends: enough to last, few enough for a small machine. */
const loads = [
  { bytes: 10_000, sessions: 8, mails: 1000 },
  { bytes: 10_000, sessions: 50, mails: 1000 },
  { bytes: 100_000, sessions: 8, mails: 400 },
  { bytes: 100_000, sessions: 50, mails: 400 },
  { bytes: 10_000_000, sessions: 8, mails: 16 },
  { bytes: 10_000_000, sessions: 50, mails: 50 },
]
const bigLoad = { bytes: 25_000_000, sessions: 50, mails: 50 }

interface Ports {
  readonly gateway: number
  readonly sink: number
  readonly bare: number
  readonly postfix: number
}

const programs = findLoadPrograms()
if (programs === undefined) {
  console.log('P2: skipped: smtp-source and smtp-sink are missing (Debian: postfix)')
} else {
  const report = await benchGateway(programs)
  console.log(renderReport(report))
  console.log(writeReport(report, describeMachine()), '\n')
}

async function benchGateway(found: LoadPrograms): Promise<Report> {
  const ports = {
    gateway: await freePort(),
    sink: await freePort(),
    bare: await freePort(),
    postfix: await freePort(),
  }
  const folder = createInstallation({
    smtpPort: ports.gateway,
    nextHopPort: ports.sink,
    portalPort: await freePort(),
  })
  const sink = await startSink(found, ports.sink)
  const gateway = await startServe(folder)
  const bare = await startBareServer(ports.bare)
  const missing = postfixMissing()
  const postfix = missing === undefined ? await startPostfix(ports.postfix, ports.sink) : undefined
  try {
    const results: LoadResult[] = []
    for (const load of loads)
      results.push({
        load,
        measured: await measure(contenders(found, sink, ports, load, postfix !== undefined)),
      })
    const memory = await measureMemory(found, sink, ports, gateway)
    return report(results, memory, missing)
  } finally {
    postfix?.stop()
    bare.kill()
    await gateway.stop()
    sink.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface LoadResult {
  readonly load: (typeof loads)[number]
  readonly measured: readonly Measured[]
}

function contenders(
  found: LoadPrograms,
  sink: Sink,
  ports: Ports,
  load: Omit<Load, 'from' | 'to'>,
  withPostfix: boolean,
): readonly Contender[] {
  const through = (name: string, port: number, to: string, relays: boolean): Contender => ({
    name,
    run: () => runLoad(found, { port, sink: relays ? sink : undefined, to, load }),
  })
  return [
    through('sealed', ports.gateway, outside, true),
    through('pass through', ports.gateway, inside, true),
    through('bare smtp-server', ports.bare, outside, false),
    ...(withPostfix ? [through('postfix relay', ports.postfix, outside, true)] : []),
  ]
}

/** Sends a load and waits until the next hop has all of it; counted from the first connection on. */
async function runLoad(
  found: LoadPrograms,
  run: { port: number; sink: Sink | undefined; to: string; load: Omit<Load, 'from' | 'to'> },
): Promise<Work> {
  const wanted = (run.sink?.mails ?? 0) + run.load.mails
  const startMs = performance.now()
  await sendMails(found, run.port, { ...run.load, from: 'alice@example.com', to: run.to })
  await run.sink?.received(wanted)
  return { amount: run.load.mails, ms: performance.now() - startMs }
}

/** Peak resident memory, in MB, of a gateway that has 50 mails of 25 MB at once. */
async function measureMemory(
  found: LoadPrograms,
  sink: Sink,
  ports: Ports,
  gateway: ServeProcess,
): Promise<number> {
  gateway.resetPeak()
  await runLoad(found, {
    port: ports.gateway,
    sink,
    to: outside,
    load: bigLoad,
  })
  return gateway.peakMegabytes()
}

async function startBareServer(port: number): Promise<{ kill: () => void }> {
  const file = fileURLToPath(new URL('support/bare-smtp-server.ts', import.meta.url))
  const child = spawn(process.execPath, [file, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  await waitForPort(port)
  return { kill: () => void child.kill() }
}

function report(
  results: readonly LoadResult[],
  memoryMegabytes: number,
  missing: string | undefined,
): Report {
  const names = results[0]?.measured.map(({ name }) => name) ?? []
  const verdicts: Verdict[] = results.flatMap(({ load, measured }) => {
    const what = `${sizeName(load.bytes)}, ${load.sessions} sessions`
    return [
      atLeast(`${what}: sealed ÷ pass through`, ratio(measured, 'sealed', 'pass through'), 0.8),
      ...(missing === undefined
        ? [
            atLeast(
              `${what}: sealed ÷ Postfix relay`,
              ratio(measured, 'sealed', 'postfix relay'),
              1,
            ),
          ]
        : []),
    ]
  })
  return {
    id: 'P2',
    title: 'gateway, mails a second from smtp-source to smtp-sink',
    columns: ['mail', 'sessions', ...names],
    rows: results.map(({ load, measured }) => [
      sizeName(load.bytes),
      String(load.sessions),
      ...measured.map(({ perSecond }) => format(perSecond)),
    ]),
    verdicts: [
      ...verdicts,
      atMost('peak resident memory, 50 × 25 MB', memoryMegabytes, 250, ' MB'),
    ],
    notes: [
      'sender, gateway, next hop and database share the cores named above',
      'a bare smtp-server relays nothing: the others deliver each mail to smtp-sink as well',
      ...(missing === undefined ? [] : [`Postfix relay not measured: ${missing}`]),
    ],
    raw: { results, memoryMegabytes },
  }
}
