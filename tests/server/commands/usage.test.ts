import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../src/server/commands/command-line.ts'
import { commandTable } from '../../../src/server/commands/command-table.ts'
import { zegelHere } from './zegel-here.ts'
import { projectRoot, zegel } from './zegel.ts'

describe('zegel on the command line', () => {
  it('shows every command with --help, on standard output, and ends with 0', async () => {
    const { status, stdout, stderr } = await zegel(['--help'])
    expect(status).toBe(0)
    expect(stderr).toBe('')
    for (const { name, summary } of commandTable) {
      expect(stdout.toString()).toContain(name)
      expect(stdout.toString()).toContain(summary)
    }
  })

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8'))
    const { status, stdout } = await zegel(['--version'])
    expect(status).toBe(0)
    expect(stdout.toString()).toBe(`zegel ${version}\n`)
  })

  it('names the nearest command and ends with 2', async () => {
    const { status, stdout, stderr } = await zegel(['serv'])
    expect(status).toBe(2)
    expect(stdout.toString()).toBe('')
    expect(stderr).toBe('zegel: unknown command serv; did you mean serve? (zegel --help)\n')
  })

  it('names the nearest option and ends with 2', async () => {
    const { status, stderr } = await zegelHere(['serve', '--confg', 'x.yaml'])
    expect(status).toBe(2)
    expect(stderr).toBe(
      'zegel: unknown option --confg; did you mean --config? (zegel serve --help)\n',
    )
  })

  it.each([
    ['revoke', '-gZcIJE4enIDy4buH6i1zQ'],
    ['revoke', '--ZcIJE4enIDy4buH6i1zQ'],
    ['keys certify', '-gZcIJE4enIDy4buH6i1zQ'],
  ])('takes, for %s, the id %s as it is shown, though it begins with a dash', async (name, id) => {
    const command = await commandTable.find(each => each.name === name)?.load()
    const read = command && readCommandLine(command, [id, '--config', 'x.yaml'])
    expect(read?.operands).toEqual([id])
    expect(read?.values['config']).toBe('x.yaml')
  })

  it.each([
    [['keys'], 'keys needs one of: list, rotate, certify, confirm-date, export-public'],
    [['keys', 'lst'], 'unknown command keys lst; did you mean keys list?'],
    [['extract'], 'FILE is missing'],
    [['extract', 'a.html', 'b.html'], 'too much: b.html'],
    [['serve', '--config'], '--config needs a value'],
    [['serve', '--config', '--json'], '--config needs a value'],
    [['serve', '--config=a', '--config=b'], '--config is given twice'],
    [['migrate', '--debug=yes'], '--debug takes no value'],
    [['seal', '--no-forwrd'], 'did you mean --no-forward?'],
    [['--zzz'], 'unknown option --zzz; see zegel --help'],
    [['__proto__'], 'unknown command __proto__'],
    [['serve', '--__proto__'], 'unknown option --__proto__'],
  ])('says in one line what is wrong with %j', async (args, message) => {
    const { status, stdout, stderr } = await zegelHere(args)
    expect(status).toBe(2)
    expect(stdout.toString()).toBe('')
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each(commandTable.map(({ name }) => name))('has help for %s', async name => {
    const { status, stdout, stderr } = await zegelHere([...name.split(' '), '--help'])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout.toString()).toMatch(new RegExp(`^usage: zegel ${name}`))
    expect(stdout.toString()).toContain('--debug')
  })

  it('shows a stack trace with --debug alone', async () => {
    const args = ['extract', '/nonexistent/message.html']
    const plain = await zegelHere(args)
    const debug = await zegel([...args, '--debug'])
    expect([plain.status, debug.status]).toEqual([1, 1])
    expect(plain.stderr).not.toContain('    at ')
    expect(plain.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(debug.stderr).toContain('    at ')
  })
})
