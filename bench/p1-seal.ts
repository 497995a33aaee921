// P1: MIME bytes in → message.html bytes out on one core, beside OpenPGP.js, age-encryption and the
// limit of native code. performance.md
import { describeMachine } from './support/machine.ts'
import { mailOf, sizeName } from './support/mails.ts'
import { atLeast, format, renderReport, writeReport } from './support/report.ts'
import type { Report } from './support/report.ts'
import { measure, ratio, timed } from './support/rounds.ts'
import type { Measured } from './support/rounds.ts'
import { createPublicKeyWork, createSealer } from './support/sealing.ts'
import type { SealWhole } from './support/sealing.ts'
import { ageContender, limitContender, openpgpContender } from './support/sealing-rivals.ts'

const sizes = [100_000, 1_000_000, 25_000_000]

const results: { size: number; measured: readonly Measured[] }[] = []
for (const size of sizes) results.push({ size, measured: await measureSize(size) })
const report = summarise()
console.log(renderReport(report))
console.log(writeReport(report, describeMachine()), '\n')

async function measureSize(size: number): Promise<readonly Measured[]> {
  const mail = mailOf(size)
  const { messageHtml, wrapperMail } = createSealer()
  const sealing = (name: string, seal: SealWhole) =>
    timed(name, async () => {
      await seal(mail)
      return mail.length
    })
  return measure([
    sealing('zegel', messageHtml),
    sealing('zegel, wrapper mail', wrapperMail),
    await openpgpContender('openpgp 6 armored', mail, 'armored'),
    await openpgpContender('openpgp 6 binary + base64', mail, 'binary'),
    await ageContender('age-encryption + base64', mail),
    limitContender('limit', mail),
    limitContender('limit with public keys', mail, createPublicKeyWork()),
  ])
}

function summarise(): Report {
  return {
    id: 'P1',
    title: 'seal, MB of mail a second on one core',
    columns: ['mail', ...(results[0]?.measured.map(({ name }) => name) ?? [])],
    rows: results.map(({ size, measured }) => [
      sizeName(size),
      ...measured.map(({ perSecond }) => format(perSecond / 1e6)),
    ]),
    verdicts: results.flatMap(({ size, measured }) => {
      const against = (rival: string): number => ratio(measured, 'zegel', rival)
      return [
        atLeast(`${sizeName(size)}: zegel ÷ openpgp armored`, against('openpgp 6 armored'), 1.5),
        atLeast(`${sizeName(size)}: zegel ÷ age-encryption`, against('age-encryption + base64'), 4),
        atLeast(`${sizeName(size)}: zegel ÷ limit`, against('limit'), 0.7),
      ]
    }),
    notes: [
      'wrapper mail: headers and notice besides; what the gateway sends',
      'limit with public keys: the limit, and the signatures and key wrap that the format asks for, by native code alone',
      'openpgp is not asked to sign, age-encryption and openpgp wrap their keys with X25519: both favour them',
    ],
    raw: results,
  }
}
