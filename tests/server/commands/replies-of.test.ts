import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { repliesOf } from '../../../src/server/commands/replies-of.ts'
import { configSchema } from '../../../src/server/config/schema.ts'

const sign = { ofHead: () => new Uint8Array(64), ofWhole: () => new Uint8Array(64) }
const configOf = (portal: object, gateway: object = {}) =>
  configSchema.parse({
    organisations: [{ id: 'example', name: 'Example', domains: ['example.com'] }],
    portal,
    gateway,
  })

it('replies go to the gateway of this process, once it runs, where the configuration names no other', async () => {
  let gateway: { readonly url: string } | undefined
  const { handOverTo } = await repliesOf(
    { config: configOf({}), repliesOfGateway: () => gateway },
    sign,
  )
  expect(handOverTo()).toBeUndefined()
  gateway = { url: 'http://127.0.0.1:2' }
  expect(handOverTo()).toEqual(gateway)
})

it('replies go to the configured gateway, whose authority is read from its file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-replies-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const repliesCa = join(folder, 'ca.pem')
  await writeFile(repliesCa, 'the authority')
  const config = configOf({ replies: 'https://gateway.example.com:8443', repliesCa })
  const { handOverTo } = await repliesOf({ config, repliesOfGateway: () => undefined }, sign)
  expect(handOverTo()).toEqual({ url: 'https://gateway.example.com:8443', ca: 'the authority' })
})

it('a reply may be as long as its mail may be in base64', async () => {
  const config = configOf({}, { maxMessageBytes: 78_000 })
  const { maxBytes } = await repliesOf({ config, repliesOfGateway: () => undefined }, sign)
  expect(maxBytes).toBe(57_000)
})
