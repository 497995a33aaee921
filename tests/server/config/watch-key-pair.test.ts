import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm, rename, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { watchKeyPair } from '../../../src/server/config/watch-key-pair.ts'
import { readKeyPair } from '../../../src/server/config/read-key-pair.ts'
import type { KeyPairWatch } from '../../../src/server/config/watch-key-pair.ts'
import {
  closeServer,
  createLimitedServer,
  listenOn,
  renewCertificate,
} from '../../../src/server/portal/http-server.ts'
import { patienceMs } from '../../support/patience.ts'
import { RawClient } from '../gateway/support/raw-client.ts'
import { clientPair, serverPair, tlsPaths } from '../gateway/support/tls-files.ts'
import { useGateways } from '../gateway/support/use-gateway.ts'

const { start } = useGateways()
const everyMs = 20

/** The files of an administrator, with the server's pair in them. */
async function pairOfFiles() {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-tls-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const files = { certificate: join(folder, 'tls.pem'), key: join(folder, 'tls.key') }
  const put = async (pair: { certificate: string; key: string }) => {
    await copyFile(pair.certificate, files.certificate)
    await copyFile(pair.key, files.key)
  }
  await put(tlsPaths.server)
  return { files, put }
}

const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN

describe('a certificate that is renewed in its files', () => {
  it('is used by the gateway for new connections, and one that does not fit its key is not', async () => {
    const { files, put } = await pairOfFiles()
    const { gateway } = await start({
      gateway: { listenTls: ['127.0.0.1:0'], tls: files },
      limits: { certificateMs: everyMs },
    })
    const shown = async () => {
      const client = await RawClient.connectTls(gateway.ports[1] ?? 0)
      const name = nameOf(client.socket as TLSSocket)
      client.close()
      return name
    }
    expect(await shown()).toBe('server.test')
    await copyFile(tlsPaths.client.certificate, files.certificate)
    await vi.waitFor(
      () => expect(gateway.log.join('')).toContain('gateway-certificate-unusable'),
      patienceMs,
    )
    expect(await shown()).toBe('server.test')
    await put(tlsPaths.client)
    await vi.waitFor(async () => expect(await shown()).toBe('client.test'), patienceMs)
    expect(gateway.log.join('')).toContain('gateway-certificate-renewed')
  })

  it('is used by a server of HTTPS', async () => {
    const pair = { certificate: serverPair.cert, key: serverPair.key }
    const server = createLimitedServer((_, answer) => answer.end('yes'), pair)
    onTestFinished(() => closeServer(server, 0))
    const port = await listenOn(server, { host: '127.0.0.1', port: 0 })
    const shown = async () => {
      const asking = request({ host: '127.0.0.1', port, rejectUnauthorized: false, agent: false })
      asking.end()
      const [answer] = await once(asking, 'response')
      answer.resume()
      return nameOf(answer.socket)
    }
    expect(await shown()).toBe('server.test')
    const unfit = { certificate: clientPair.cert, key: serverPair.key }
    expect(() => renewCertificate(server, unfit)).toThrow(/key values mismatch/)
    expect(await shown()).toBe('server.test')
    renewCertificate(server, { certificate: clientPair.cert, key: clientPair.key })
    expect(await shown()).toBe('client.test')
  })

  it('threat: half-written certificate: is not lost to empty files, nor to a key of another kind', async () => {
    const { files, put } = await pairOfFiles()
    const [take, onUnusable] = [vi.fn<KeyPairWatch['take']>(), vi.fn<KeyPairWatch['onUnusable']>()]
    const onRenewed = () => undefined
    const current = { certificate: serverPair.cert, key: serverPair.key }
    const stop = watchKeyPair({ files, current, take, onRenewed, onUnusable, everyMs })
    onTestFinished(stop)
    const told = (times: number) =>
      vi.waitFor(() => expect(onUnusable).toHaveBeenCalledTimes(times), patienceMs)
    const { privateKey } = generateKeyPairSync('ed25519')
    await writeAtOnce(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await told(1)
    await writeAtOnce(files.key, '')
    await told(2)
    await writeAtOnce(files.certificate, '')
    await told(3)
    await expect(readKeyPair(files)).rejects.toThrow(files.certificate)
    expect(take).not.toHaveBeenCalled()
    await put(tlsPaths.client)
    const renewed = { certificate: clientPair.cert, key: clientPair.key }
    await vi.waitFor(() => expect(take).toHaveBeenLastCalledWith(renewed), patienceMs)
  })

  it('is not lost when its files are away for a while, and is told of once', async () => {
    const { files, put } = await pairOfFiles()
    const [take, onUnusable] = [vi.fn<KeyPairWatch['take']>(), vi.fn<KeyPairWatch['onUnusable']>()]
    const onRenewed = () => undefined
    const current = { certificate: serverPair.cert, key: serverPair.key }
    const stop = watchKeyPair({ files, current, take, onRenewed, onUnusable, everyMs })
    onTestFinished(stop)
    await rm(files.key)
    await vi.waitFor(() => expect(onUnusable).toHaveBeenCalledOnce(), patienceMs)
    await put(tlsPaths.client)
    const renewed = { certificate: clientPair.cert, key: clientPair.key }
    await vi.waitFor(() => expect(take).toHaveBeenLastCalledWith(renewed), patienceMs)
    expect(onUnusable).toHaveBeenCalledOnce()
  })
})

/** Without a moment in which the file is empty: the watch could see that, and tell once more or less. */
async function writeAtOnce(path: string, text: string | Buffer): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}
