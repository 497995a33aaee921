import { describe, expect, it } from 'vitest'
import { read } from './mail-text.ts'

describe('signatures and encryption', () => {
  it.each([
    ['multipart/signed; boundary=b; protocol="application/pgp-signature"', 'openpgp', 'none'],
    ['multipart/signed; boundary=b; protocol="application/pkcs7-signature"', 'smime', 'none'],
    ['multipart/encrypted; boundary=b; protocol="application/pgp-encrypted"', 'none', 'openpgp'],
    ['application/pkcs7-mime; smime-type=enveloped-data', 'none', 'smime'],
    ['application/x-pkcs7-mime; smime-type=signed-data', 'smime', 'none'],
    ['application/pkcs7-mime; smime-type=compressed-data', 'none', 'none'],
    ['application/octet-stream; name="smime.p7m"', 'none', 'smime'],
    ['application/pkcs7-signature; name="smime.p7s"', 'smime', 'none'],
    ['application/pgp-signature', 'openpgp', 'none'],
    ['application/pgp-encrypted', 'none', 'openpgp'],
    ['text/plain', 'none', 'none'],
  ])('of %s are told', (type, signature, encryption) => {
    const mail = read(`Content-Type: ${type}`, '', '--b', '', 'x', '--b--')
    expect([mail.signature, mail.encryption]).toEqual([signature, encryption])
  })

  it('within the text are told', () => {
    expect(read('', '', '-----BEGIN PGP MESSAGE-----').encryption).toBe('openpgp')
    expect(read('', '', '-----BEGIN PGP SIGNED MESSAGE-----').signature).toBe('openpgp')
  })
})
