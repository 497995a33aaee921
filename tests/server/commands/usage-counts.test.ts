import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { zegelHere } from './zegel-here.ts'

describe('zegel usage', () => {
  const today = new Date().toISOString().slice(0, 10)
  let folder = ''
  const usage = (...args: string[]) =>
    zegelHere(['usage', '--config', `${folder}/zegel.yaml`, ...args])

  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/zegel-usage-`)
    const organisations = [{ id: 'example', name: 'Example', domains: ['example.com'] }]
    writeFileSync(`${folder}/zegel.yaml`, JSON.stringify({ organisations }))
    const store = await openStore(`sqlite:${folder}/zegel.db`)
    await store.usage.add(today, 'messages_opened', '', 9)
    await store.usage.add(today, 'browsers_used', 'app/phone', 9)
    await store.usage.add('2020-01-01', 'messages_opened', '', 1)
    await store.usage.addOfOrganisation('example', today, 'messages_opened', 6)
    await store.close()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('prints the counts of each day, of the installation first, for people and as CSV', async () => {
    const { stdout } = await usage()
    expect(stdout.toString()).toMatch(/^DAY +WHAT +ORGANISATION +WHICH +COUNT\n/)
    expect(stdout.toString()).not.toContain('2020')
    const csv = await usage('--csv')
    expect(csv.stdout.toString()).toBe(
      [
        'day,metric,organisation,dimension,count',
        `${today},browsers_used,,app/phone,9`,
        `${today},messages_opened,,,9`,
        `${today},messages_opened,example,,6`,
        '',
      ].join('\r\n'),
    )
  })

  it('prints them as JSON, and one of the two at a time', async () => {
    const { stdout } = await usage('--json')
    expect(JSON.parse(stdout.toString())).toContainEqual({
      day: today,
      metric: 'messages_opened',
      organisation: 'example',
      dimension: '',
      count: 6,
    })
    const both = await usage('--json', '--csv')
    expect([both.status, both.stderr]).toEqual([2, 'zegel: write --json or --csv, not both\n'])
  })
})
