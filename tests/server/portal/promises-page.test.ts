import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keptPromises } from '../../../src/server/portal/promises/promise-list.ts'
import { readPromiseResults } from '../../../src/server/portal/promises/promise-results.ts'
import type { PromiseResults } from '../../../src/server/portal/promises/promise-results.ts'
import { listStatementFiles } from '../../../src/server/text/read-statement.ts'
import { loadStatement } from '../../../src/server/text/speak-statement.ts'
import { translator } from '../../../src/server/text/text.ts'
import { testPortal } from './support/test-portal.ts'
import { visitor } from './support/visitor.ts'

const RESULTS: PromiseResults = {
  version: '1.2.3',
  sources: 'a'.repeat(64),
  date: '2026-11-21',
  waitSeconds: 60,
  promises: keptPromises.map(({ id, tests }) => ({
    id,
    tests: tests.map(test => ({ ...test, result: 'passed' })),
  })),
  mutations: { tried: 28, seen: 28 },
}

async function pageWith(promiseResults: PromiseResults | null, path = '/promises?lang=en') {
  const { portal } = await testPortal({ needs: { promiseResults } })
  const answer = await visitor(portal).ask(path)
  expect(answer.status).toBe(200)
  return (await answer.text()).replaceAll(/\s+/g, ' ')
}

const count = (text: string, piece: string): number => text.split(piece).length - 1

describe('/promises', () => {
  it('says of each promise that is made here which tests prove it, and what they found', async () => {
    const page = await pageWith(RESULTS)
    expect(page).toContain('Version 1.2.3 was checked on November 21, 2026.')
    expect(page).toContain('28 attempts, 28 noticed')
    expect(page).toContain('This site never stores it in any form')
    // Of a portal and gateway in one process that is not said, nor what is said where counting is off.
    expect(page).not.toContain('So this site cannot read your message')
    expect(page).not.toContain('Counting is switched off here')
    const [title = ''] = keptPromises.flatMap(({ tests }) => tests.map(test => test.title))
    expect(page).toContain(
      `<strong class="passed">passed</strong> <span lang="en" dir="ltr">${title}`,
    )
    expect(page).not.toMatch(/class="(?:failed|missing)"/)
  })

  it('says so when this build was not checked, and calls nothing kept', async () => {
    const page = await pageWith(null)
    expect(page).toContain('Not checked for this build.')
    expect(page).not.toContain('<strong')
    expect(count(page, '<li>')).toBeGreaterThan(20)
  })

  it('hides no test that failed, and none that the results do not know', async () => {
    const [first, second, ...rest] = RESULTS.promises
    if (first === undefined || second === undefined) throw new Error('no promises')
    const tests = first.tests.map(test => ({ ...test, result: 'failed' as const }))
    const page = await pageWith({ ...RESULTS, promises: [{ ...first, tests }, ...rest] })
    expect(page).toContain('<strong class="failed">failed</strong>')
    expect(count(page, '<strong class="missing">not run</strong>')).toBe(second.tests.length)
  })

  it('has each sentence in the reader’s language with the original at hand, and the titles in English', async () => {
    const page = await pageWith(RESULTS, '/promises?lang=nl')
    expect(page).toContain('Hoe wij deze beloften houden')
    expect(page).toContain(
      '<p class="original" lang="en" dir="ltr">This site never stores it in any form',
    )
    expect(page).toContain('geslaagd</strong> <span lang="en" dir="ltr">')
  })

  it('is led to by the privacy statement', async () => {
    expect(await pageWith(null, '/privacy?lang=en')).toContain('href="/promises?lang=en')
  })
})

describe('the link of the privacy statement', () => {
  it.each(listStatementFiles('privacy'))('says in %s what the title of the page says', tag => {
    const sentences = loadStatement('privacy')(tag).sections.flatMap(each => each.sentences)
    const link = sentences.find(({ id }) => id === 'kept-promises')
    const title = translator(tag)('promises.title')
    expect(link?.translated ?? link?.english).toContain(`[${title}](/promises)`)
  })
})

describe('results of the promises', () => {
  async function written(text: string): Promise<URL> {
    const folder = await mkdtemp(join(tmpdir(), 'zegel-results-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'promises.json'), text)
    return pathToFileURL(join(folder, 'promises.json'))
  }

  it('are read as they were written', async () => {
    const file = await written(JSON.stringify(RESULTS))
    expect(await readPromiseResults(file, '1.2.3')).toEqual(RESULTS)
  })

  it.each([
    ['of another version', JSON.stringify({ ...RESULTS, version: '1.2.2' })],
    ['that are not whole', JSON.stringify(RESULTS).slice(0, -9)],
    ['with a word that is none', JSON.stringify(RESULTS).replaceAll('passed', 'fine')],
  ])('%s are none', async (_, text) => {
    expect(await readPromiseResults(await written(text), '1.2.3')).toBeNull()
  })

  it('that are not there are none', async () => {
    expect(await readPromiseResults(new URL('file:///nowhere/promises.json'), '1')).toBeNull()
  })
})
