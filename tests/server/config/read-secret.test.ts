import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSecret, readSecretBytes } from '../../../src/server/config/read-secret.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zegel-secret-'))
  await writeFile(join(folder, 'password'), 'p ä ss\n', { mode: 0o600 })
})
afterAll(() => rm(folder, { recursive: true }))

describe('readSecret', () => {
  it('reads a file without its line end, an environment variable, a credential', async () => {
    expect(await readSecret(`file:${join(folder, 'password')}`, {})).toBe('p ä ss')
    expect(await readSecret('env:PASSWORD', { PASSWORD: 'p: x\n\n' })).toBe('p: x\n')
    const environment = { CREDENTIALS_DIRECTORY: folder }
    expect(await readSecret('credential:password', environment)).toBe('p ä ss')
  })

  it('takes a hash as it is', async () => {
    expect(await readSecret('scrypt:14:8:c2FsdA:aGFzaA', {})).toBe('scrypt:14:8:c2FsdA:aGFzaA')
  })

  it('gives bytes as they are', async () => {
    const bytes = await readSecretBytes(`file:${join(folder, 'password')}`, {})
    expect(Buffer.from(bytes).toString()).toBe('p ä ss\n')
  })

  it.each([
    ['file:/nowhere/password', 'there is no such file'],
    ['env:NOTHING', 'the environment has no NOTHING: set it'],
    ['env:EMPTY', 'the environment has no EMPTY: set it'],
    ['credential:password', 'not started by systemd with credentials'],
    ['hunter2', 'write file:PATH, env:NAME or credential:NAME'],
  ])('says what is wrong with %s', async (reference, message) => {
    await expect(readSecret(reference, { EMPTY: '' })).rejects.toThrow(message)
  })

  it('refuses a file that others can read, also behind a link', async () => {
    const path = join(folder, 'open')
    await writeFile(path, 'secret')
    await chmod(path, 0o640)
    await symlink(path, join(folder, 'link'))
    for (const name of ['open', 'link'])
      await expect(readSecret(`file:${join(folder, name)}`, {})).rejects.toMatchObject({
        code: 'readable-by-others',
      })
  })

  it('refuses a folder and a file that is far too large', async () => {
    await expect(readSecret(`file:${folder}`, {})).rejects.toThrow('is no file')
    const path = join(folder, 'large')
    await writeFile(path, 'x'.repeat(65_537), { mode: 0o600 })
    await expect(readSecret(`file:${path}`, {})).rejects.toMatchObject({ code: 'too-large' })
  })

  it('leaves a credential by no way out of its folder', async () => {
    const environment = { CREDENTIALS_DIRECTORY: folder }
    for (const name of ['..', '.', '../password', 'a/b', ''])
      await expect(readSecret(`credential:${name}`, environment)).rejects.toThrow('not a name')
  })
})
