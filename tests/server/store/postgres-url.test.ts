import { describe, expect, it } from 'vitest'
import { openStore } from '../../../src/server/store/open-store.ts'
import { postgresSettings } from '../../../src/server/store/postgres-url.ts'

const modeOf = (url: string): string | null =>
  new URL(postgresSettings(url).connectionString ?? '').searchParams.get('sslmode')

describe('the address of a PostgreSQL database', () => {
  it.each([
    'postgres://zegel@localhost/zegel',
    'postgres://zegel@127.0.0.1:5433/zegel',
    'postgresql://zegel@[::1]/zegel',
    'postgres://zegel@%2Frun%2Fpostgresql/zegel',
    'postgres:///zegel?host=/run/postgresql',
  ])('%s stays on this machine and needs no TLS', url => {
    expect(modeOf(url)).toBeNull()
  })

  it.each([
    'postgres://zegel@db.example.com/zegel',
    'postgres://zegel@192.0.2.1/zegel',
    'postgres://zegel@localhost/zegel?host=db.example.com',
    'postgres://zegel@127.0.0.1.example.com/zegel',
  ])('threat: eavesdropper: %s must show a certificate for its name', url => {
    expect(modeOf(url)).toBe('verify-full')
  })

  it.each(['require', 'prefer', 'verify-ca', 'no-verify', 'allow'])(
    'sslmode=%s, which trusts anybody, is refused',
    async mode => {
      await expect(openStore(`postgres://db/zegel?sslmode=${mode}`)).rejects.toMatchObject({
        code: 'unsupported-url',
      })
    },
  )

  it('may say that the way is safe without TLS', () => {
    expect(modeOf('postgres://db/zegel?sslmode=disable')).toBe('disable')
  })

  it('takes the password from elsewhere, whatever it holds', () => {
    const { connectionString = '' } = postgresSettings('postgres://z@localhost/zegel', 'a %&?#@/ü+')
    expect(new URL(connectionString).searchParams.get('password')).toBe('a %&?#@/ü+')
  })

  it('that is none is refused', async () => {
    await expect(openStore('postgres://[x/zegel')).rejects.toMatchObject({
      code: 'unsupported-url',
    })
  })
})
