import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PageTemplate } from '../../../src/core/envelope/page-template.ts'
import { checkLogos } from '../../../src/server/commands/checks/check-logos.ts'
import { MAX_LOGO_BYTES } from '../../../src/server/config/limits.ts'
import { LogoError } from '../../../src/server/config/read-logo.ts'
import { configSchema } from '../../../src/server/config/schema.ts'
import { readGatewayFiles } from '../../../src/server/gateway/gateway-files.ts'
import { messagePage, noticeWords } from '../../../src/server/gateway/notice.ts'
import { readBrand } from '../../../src/server/portal/brand.ts'

/** A configuration with a logo of so many bytes. */
async function configWith(bytes: number) {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-logo-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const logo = join(folder, 'logo.svg')
  await writeFile(logo, 'x'.repeat(bytes))
  const organisations = [{ id: 'example', name: 'Example', domains: ['example.com'], logo }]
  const config = configSchema.parse({ organisations })
  const [organisation] = config.organisations
  if (organisation === undefined) throw new Error('no organisation')
  return { config, organisation }
}

const linesOf = async (config: Parameters<typeof checkLogos>[0]) =>
  Array.fromAsync(checkLogos(config))

const noSecret = () => Promise.reject(new Error('no secret is configured'))

describe('a logo', () => {
  it('of the largest size is shown in message.html and by the portal', async () => {
    const { config, organisation } = await configWith(MAX_LOGO_BYTES)
    const notice = (await readGatewayFiles(config, noSecret)).noticeOf(organisation)
    const words = noticeWords(notice, 'alice@example.com', 'mailbox')
    const tail = new PageTemplate(messagePage(notice, words)).tail('share', true)
    expect(Buffer.concat(tail).toString()).toContain('<img class="logo"')
    expect((await readBrand(organisation)).logo).not.toBeNull()
    expect(await linesOf(config)).toMatchObject([{ name: 'logo of example', state: 'ok' }])
  })

  it('that is larger is refused by the gateway, the portal and zegel check, in words', async () => {
    const { config, organisation } = await configWith(MAX_LOGO_BYTES + 1)
    await expect(readGatewayFiles(config, noSecret)).rejects.toThrow(LogoError)
    await expect(readBrand(organisation)).rejects.toThrow(/make the image smaller/)
    const [line] = await linesOf(config)
    expect(line?.state).toBe('failed')
    expect(line?.detail).toContain('has 12001 bytes and may have 12000')
  })
})
