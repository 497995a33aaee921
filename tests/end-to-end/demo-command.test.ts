import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startZegel } from '../server/commands/zegel.ts'
import { zegelHere } from '../server/commands/zegel-here.ts'

interface Demo {
  readonly child: ChildProcess
  readonly ports: Readonly<Record<'portal' | 'smtp' | 'mailbox' | 'provider', number>>
  /** Everything on standard output up to the end of the ready line. */
  readonly readyLine: Promise<string>
  readonly stderr: () => string
}

const environmentOf = ({ portal, smtp, mailbox, provider }: Demo['ports']) => ({
  ZEGEL_DEMO_PORTAL_PORT: String(portal),
  ZEGEL_DEMO_SMTP_PORT: String(smtp),
  ZEGEL_DEMO_MAILBOX_PORT: String(mailbox),
  ZEGEL_DEMO_PROVIDER_PORT: String(provider),
})

describe('zegel demo', () => {
  let folder = ''
  const children: ChildProcess[] = []

  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/zegel-demo-test-`)
  })

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    rmSync(folder, { recursive: true, force: true })
  })

  /** In this process: for what ends before anything answers. */
  const demoHere = (ports: Demo['ports']) =>
    zegelHere(['demo', '--data', folder], { env: environmentOf(ports) })

  async function startDemo(ports?: Demo['ports']): Promise<Demo> {
    const chosen = ports ?? {
      portal: await freePort(),
      smtp: await freePort(),
      mailbox: await freePort(),
      provider: await freePort(),
    }
    const child = startZegel(['demo'], { cwd: folder, env: environmentOf(chosen) })
    children.push(child)
    let stdout = ''
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const readyLine = new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        stdout += chunk.toString()
        const line = /^zegel ready .*$/m.exec(stdout)?.[0]
        if (line !== undefined) resolve(line)
      })
      child.on('close', () => reject(new Error(`the demo ended: ${stderr}`)))
    })
    readyLine.catch(() => undefined)
    return { child, ports: chosen, readyLine, stderr: () => stderr }
  }

  /** Also with connections that are open. */
  async function endsWithStatus0({ child, ports, stderr }: Demo, signal: NodeJS.Signals) {
    const watching = await fetch(`http://127.0.0.1:${ports.mailbox}/`)
    expect(watching.status).toBe(200)
    child.kill(signal)
    const [status] = await once(child, 'close')
    expect(status).toBe(0)
    expect(stderr()).toBe('')
  }

  it('prints the ready line of the contract once everything answers, with a first message waiting, ends at a signal, and starts again on the same data', async () => {
    const demo = await startDemo()
    const { readyLine, ports } = demo
    expect(await readyLine).toBe(
      `zegel ready portal=http://localhost:${ports.portal} smtp=127.0.0.1:${ports.smtp} mailbox=http://127.0.0.1:${ports.mailbox} provider=http://127.0.0.1:${ports.provider}`,
    )
    const health = await fetch(`http://localhost:${ports.portal}/health/ready`)
    expect(health.status).toBe(200)
    const list: unknown = await (
      await fetch(`http://127.0.0.1:${ports.mailbox}/api/messages?to=bob@example.org`)
    ).json()
    expect(list).toEqual([
      expect.objectContaining({ from: 'alice@example.com', to: 'bob@example.org' }),
    ])
    const page = await fetch(
      `http://127.0.0.1:${ports.mailbox}/api/messages/${firstId(list)}/attachments/message.html`,
    )
    expect(await page.text()).toContain('Read the message')
    expect(existsSync(`${folder}/.zegel-demo/portal.key`)).toBe(true)
    await endsWithStatus0(demo, 'SIGTERM')
    const again = await startDemo(ports)
    expect(await again.readyLine).toBe(await readyLine)
    await endsWithStatus0(again, 'SIGINT')
  })

  it.each([
    ['portal', 'ZEGEL_DEMO_PORTAL_PORT'],
    ['smtp', 'ZEGEL_DEMO_SMTP_PORT'],
    ['mailbox', 'ZEGEL_DEMO_MAILBOX_PORT'],
    ['provider', 'ZEGEL_DEMO_PROVIDER_PORT'],
  ] as const)(
    'names a busy port of the %s in one line, and how to change it',
    async (which, variable) => {
      const holder = createServer().listen(0, '127.0.0.1')
      await once(holder, 'listening')
      const address = holder.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      try {
        const ports = {
          portal: await freePort(),
          smtp: await freePort(),
          mailbox: await freePort(),
          provider: await freePort(),
        }
        const { status, stderr } = await demoHere({ ...ports, [which]: port })
        expect(status).toBe(1)
        expect(stderr).toContain(`port ${port} is in use`)
        expect(stderr).toContain(variable)
        expect(stderr.trimEnd().split('\n')).toHaveLength(1)
      } finally {
        holder.close()
      }
    },
  )

  it('refuses a port that is none in one line', async () => {
    const { child, stderr } = await startDemo({ portal: 0, smtp: 70_000, mailbox: 1, provider: 1 })
    const [status] = await once(child, 'close')
    expect(status).toBe(1)
    expect(stderr()).toMatch(/^zegel: ZEGEL_DEMO_PORTAL_PORT=0 is no port; .*\n$/)
  })
})

function firstId(list: unknown): string {
  const [first]: unknown[] = Array.isArray(list) ? list : []
  return typeof first === 'object' && first !== null && 'id' in first ? String(first.id) : ''
}
