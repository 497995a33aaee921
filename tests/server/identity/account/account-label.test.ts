import { describe, expect, it } from 'vitest'
import { accountLabel } from '../../../../src/server/identity/account/account-label.ts'

const claims = { iss: 'https://login.example', sub: '1' }

describe('what an account is called', () => {
  it('is the name it signs in with, else its address, else a name, else nothing', () => {
    const email = 'b@example.org'
    expect(accountLabel({ ...claims, preferred_username: 'b@work.example', email })).toBe(
      'b@work.example',
    )
    expect(accountLabel({ ...claims, preferred_username: ' ', email })).toBe(email)
    expect(accountLabel({ ...claims, preferred_username: 7, name: 'Bob' })).toBe('Bob')
    expect(accountLabel(claims)).toBe('')
  })

  it('has nothing invisible in it and is never long', () => {
    expect(accountLabel({ ...claims, email: 'a\u202e\n@b.example' })).toBe('a @b.example')
    for (const name of ['a'.repeat(5000), '\u{1f600}'.repeat(5000)])
      expect(accountLabel({ ...claims, name }).length).toBeLessThanOrEqual(100)
  })
})
