import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRelay } from '../support/tcp-relay.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { startTestInstallation } from '../support/test-installation.ts'

const mail = { from: 'alice@example.com', to: 'bob@recipient.test', subject: 'x', text: 'y' }

test('threat: database gone: mail is answered for later and nothing is lost, and all goes on when it is back', async () => {
  const database = await createTestDatabase()
  const relay = await startRelay(join(database.folder, '.s.PGSQL.5432'))
  const url = `postgres://zegel@127.0.0.1:${relay.port}/${database.name}`
  const zegel = await startTestInstallation({ config: { store: { url } } })
  onTestFinished(async () => {
    await zegel.close()
    relay.close()
    await database.remove()
  })
  const readiness = async (): Promise<number> =>
    (await fetch(`http://${zegel.config.portal.listen}/health/ready`)).status
  await zegel.send(mail)
  expect(await readiness()).toBe(200)

  relay.cut()
  const refusal: unknown = await zegel.send(mail).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ responseCode: 451 })
  expect(await readiness()).toBe(503)
  expect(await zegel.listMails(mail.to)).toHaveLength(1)

  relay.mend()
  await zegel.send(mail)
  expect(await readiness()).toBe(200)
  expect(await zegel.listMails(mail.to)).toHaveLength(2)
  expect(zegel.log.join('')).toContain('unreachable')
})
