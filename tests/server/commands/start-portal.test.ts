import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, it, onTestFinished } from 'vitest'
import { startInstallation } from '../../../src/server/commands/installation.ts'
import { makeKeys } from '../../../src/server/commands/make-keys.ts'
import { parseConfig } from '../../../src/server/config/load-config.ts'
import { generateSigningKeyPair } from '../../../src/server/crypto/ed25519.ts'
import { newStoredKey } from '../../../src/server/keys/own-keys.ts'
import { createRootKeyFile, rootKey } from '../../../src/server/keys/root-key.ts'
import { openStore } from '../../../src/server/store/open-store.ts'
import { createLog } from '../../../src/server/telemetry/log.ts'
import { freePort } from '../../support/free-port.ts'

it('says at its start that mail of some signing keys does not open, and where to read more', async () => {
  const folder = mkdtempSync(`${tmpdir()}/zegel-portal-`)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['gateway.key', 'portal.key']) await createRootKeyFile(`${folder}/${name}`)
  const port = await freePort()
  const input = await makeKeys(
    folder,
    {
      organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
      portal: { url: `http://localhost:${port}`, listen: `127.0.0.1:${port}` },
    },
    Date.now,
  )
  const logOfStart = async (): Promise<string> => {
    const lines: string[] = []
    const installation = await startInstallation({
      config: parseConfig(JSON.stringify(input), `${folder}/zegel.yaml`, {}),
      role: 'portal',
      environment: {},
      log: createLog({ write: line => void lines.push(line), clock: Date.now }),
      clock: Date.now,
    })
    await installation.close()
    return lines.join('')
  }
  expect(await logOfStart()).toBe('')
  const store = await openStore(`sqlite:${folder}/zegel.db`)
  const old = { organisationId: 'example', purpose: 'signing', createdAtMs: 1 } as const
  const key = newStoredKey(
    generateSigningKeyPair(),
    { ...old, retiredAtMs: 2 },
    rootKey(randomBytes(32)),
  )
  await store.organisationKeys.add(key)
  await store.close()
  expect(await logOfStart()).toContain('warn signing-keys-doubted keys=1 see="zegel check"')
})
