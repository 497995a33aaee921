// Real mails through the seal and back. The corpus lies beside the project; without it this says so.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { readMessageHtml } from '../../../src/core/envelope/read-message-html.ts'
import { readHeaderFields } from '../../../src/server/gateway/header-fields.ts'
import {
  createOrganisation,
  messageHtmlOf,
  openWhole,
  wrapMail,
} from '../../support/sealed-message.ts'

const folder = fileURLToPath(new URL('../../../../shared/corpus/mime/', import.meta.url))
const mails = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.eml'))
  : []
const organisation = createOrganisation()
const allowed =
  /^(From|Sender|To|Cc|Reply-To|In-Reply-To|References|Auto-Submitted|List-.+|Subject|Date|Message-ID|X-Zegel|MIME-Version|Content-Type)$/i

describe.skipIf(mails.length === 0)(
  'corpus of real mails (skipped where ../shared/corpus is missing)',
  () => {
    it.each(mails)('%s comes back byte for byte out of a clean 7bit wrapper', async name => {
      const original = readFileSync(`${folder}/${name}`)
      const wrapper = await wrapMail(organisation, original, { pieceBytes: 64 * 1024 })
      const text = wrapper.toString('latin1')
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      expect(text.split('\r\n').every(line => line.length <= 998)).toBe(true)
      const header = wrapper.subarray(0, wrapper.indexOf('\r\n\r\n') + 4)
      const names = readHeaderFields(header).map(field => field.name)
      expect(names.filter(field => !allowed.test(field))).toEqual([])
      const parsed = await PostalMime.parse(wrapper)
      expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['message.html'])
      const { ageFile, share } = readMessageHtml(messageHtmlOf(wrapper))
      const envelopeShare = share ?? new Uint8Array(16)
      const plain = await openWhole(organisation, { ageFile, envelopeShare })
      expect(Buffer.compare(plain, original)).toBe(0)
      expect(wrapper.length).toBeLessThanOrEqual(1.36 * original.length + 72 * 1024)
    })
  },
)
