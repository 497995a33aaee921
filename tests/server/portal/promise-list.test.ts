import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { keptPromises } from '../../../src/server/portal/promises/promise-list.ts'
import { readStatement } from '../../../src/server/text/read-statement.ts'
import { mutated } from '../../promises/mutations/mutation.ts'
import { mutations } from '../../promises/mutations/mutations.ts'

const root = new URL('../../../', import.meta.url)
const textOf = (file: string): Promise<string> => readFile(new URL(file, root), 'utf8')

/** Titles of tests in a file and in the files beside it that it imports (the store's are shared by two databases). */
async function titlesIn(file: string): Promise<string> {
  const own = await textOf(file)
  const folder = file.replace(/[^/]+$/, '')
  const beside = [...own.matchAll(/from '\.\/([\w-]+\.ts)'/g)].map(([, name = '']) => folder + name)
  const direct = await Promise.all(beside.map(textOf))
  const further = direct.flatMap(text =>
    [...text.matchAll(/from '\.\/(describe-[\w-]+\.ts)'/g)].map(([, name = '']) => folder + name),
  )
  return [own, ...direct, ...(await Promise.all(further.map(textOf)))].join('\n')
}

const tests = keptPromises.flatMap(promise => promise.tests)

describe('the promises of the privacy statement', () => {
  it('each have a test, and nothing else is called one', () => {
    const sentences = readStatement('privacy').sections.flatMap(section => section.sentences)
    const promised = sentences.filter(({ promise }) => promise).map(({ id }) => id)
    expect(keptPromises.map(({ id }) => id)).toEqual(promised)
    expect(keptPromises.filter(promise => promise.tests.length === 0)).toEqual([])
  })

  it('name tests that exist, by their titles', async () => {
    for (const { file, title } of tests)
      expect((await titlesIn(file)).includes(`'${title}'`), `${file}: ${title}`).toBe(true)
  })

  it('are named by every test in tests/promises', async () => {
    const files = (await readdir(new URL('tests/promises/', root))).filter(name =>
      name.endsWith('.test.ts'),
    )
    const unnamed: string[] = []
    for (const name of files)
      for (const [, title = ''] of (await textOf(`tests/promises/${name}`)).matchAll(
        /^ *(?:test|it)\('(.*)', /gm,
      ))
        if (!tests.some(test => test.file === `tests/promises/${name}` && test.title === title))
          unnamed.push(`${name}: ${title}`)
    expect(unnamed).toEqual([])
  })

  it('are each broken on purpose by a mutation that one of their tests sees', () => {
    const broken = keptPromises.filter(promise =>
      mutations.some(
        ({ breaks, seenBy }) =>
          breaks === promise.id &&
          promise.tests.some(({ file, title }) => file === seenBy.file && title === seenBy.title),
      ),
    )
    expect(broken.map(({ id }) => id)).toEqual(keptPromises.map(({ id }) => id))
    const names = new Set(mutations.map(({ id }) => id))
    expect(names.size).toBe(mutations.length)
  })

  it('are broken by mutations that still fit the sources', async () => {
    for (const mutation of mutations)
      for (const { file } of mutation.edits)
        expect(mutated(mutation, `/${file}`, await textOf(file))).not.toBe(await textOf(file))
  })
})
