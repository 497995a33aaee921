import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startZegel, zegel } from '../server/commands/zegel.ts'
import { freePort } from '../support/free-port.ts'

/** Of 10^6 bytes. The promise is for mails of 25 MB: how long a mail is does not show, how many come at once does. */
const maxMegabytes = 250
const mails = 50
const mailBytes = 4_000_000

const line = Buffer.from(`${'0123456789abcdef'.repeat(4)}\r\n`)
const piece = Buffer.concat(Array.from({ length: 1000 }, () => line))

/** Takes every mail, throws it away, and knows how many it has. */
function startSink(): { listen: () => Promise<number>; mails: () => number; close: () => void } {
  let taken = 0
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    let inData = false
    let last = ''
    socket.on('data', (bytes: Buffer) => {
      if (inData) {
        last = (last + bytes.subarray(-5).toString('latin1')).slice(-5)
        if (last !== '\r\n.\r\n') return
        inData = false
        taken++
        socket.write('250 2.0.0 OK\r\n')
        return
      }
      for (const command of bytes.toString('latin1').split('\r\n').slice(0, -1)) {
        inData = command === 'DATA'
        socket.write(inData ? '354 go\r\n' : '250 OK\r\n')
      }
    })
    socket.write('220 sink\r\n')
  })
  return {
    async listen() {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
    mails: () => taken,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** One mail at the pace of the gateway; the answer to it. */
async function sendLarge(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  const answers: string[] = []
  let wake: () => void = () => undefined
  socket.setEncoding('latin1').on('data', text => {
    answers.push(String(text))
    wake()
  })
  const answer = async (): Promise<string> => {
    while (answers.length === 0) await new Promise<void>(resolve => (wake = resolve))
    return answers.splice(0).join('')
  }
  await answer()
  for (const command of [
    'EHLO x',
    `MAIL FROM:<alice@example.com> SIZE=${mailBytes}`, // as every mail server says
    'RCPT TO:<bob@else.test>',
    'DATA',
  ]) {
    socket.write(`${command}\r\n`)
    await answer()
  }
  socket.write('From: alice@example.com\r\nTo: bob@else.test\r\nSubject: large\r\n\r\n')
  for (let sent = 0; sent < mailBytes; sent += piece.length)
    if (!socket.write(piece)) await once(socket, 'drain')
  socket.write('.\r\n')
  const last = await answer()
  socket.destroy()
  return last
}

function peakMegabytes(pid: number): number {
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(peak) * 1024) / 1e6
}

describe.skipIf(!existsSync('/proc/self/status'))(
  'memory of gateway and portal in one process',
  () => {
    const sink = startSink()
    let folder: string
    let child: ReturnType<typeof startZegel>
    let smtpPort: number

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'zegel-memory-'))
      smtpPort = await freePort()
      const portalPort = await freePort()
      const options = {
        data: folder,
        organisation: 'Example',
        domain: 'example.com',
        'portal-url': `http://localhost:${portalPort}`,
        'next-hop': `127.0.0.1:${await sink.listen()}`,
        'smtp-listen': `127.0.0.1:${smtpPort}`,
        'portal-listen': `127.0.0.1:${portalPort}`,
      }
      const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
      const { status, stderr } = await zegel(['init', '--no-escrow', ...words])
      if (status !== 0) throw new Error(stderr)
      child = startZegel(['serve', '--config', join(folder, 'zegel.yaml')])
      let log = ''
      child.stderr?.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-1000)))
      await new Promise<void>((resolve, reject) => {
        child.stdout?.on('data', (text: Buffer) => {
          if (text.includes('zegel ready')) resolve()
        })
        child.once('exit', code => reject(new Error(`zegel serve ended with ${code}: ${log}`)))
      })
    })

    afterAll(async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      sink.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('stays under its bound with 50 large mails at once', async () => {
      const answers = await Promise.all(Array.from({ length: mails }, () => sendLarge(smtpPort)))
      expect(answers.filter(answer => !answer.startsWith('250'))).toEqual([])
      expect(sink.mails()).toBe(mails)
      expect(peakMegabytes(child.pid ?? 0)).toBeLessThan(maxMegabytes)
    })
  },
)
