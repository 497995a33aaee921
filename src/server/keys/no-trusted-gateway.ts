import type { OrganisationKeyStore } from '../store/store.ts'
import { fingerprintOf } from './certificate.ts'
import { KeyError } from './key-error.ts'
import { INSTALLATION } from './own-keys.ts'

/**
 * A portal that pins no gateway would have to believe any signing key in the database. Says which line to add: with the
 * fingerprint that stands in the database, which a person has to compare, because it is the database that is not trusted.
 */
export async function noTrustedGateway(
  keys: Pick<OrganisationKeyStore, 'list'>,
  ownFingerprint: string,
): Promise<KeyError> {
  const [found, ...more] = (await keys.list(INSTALLATION, 'gateway-certifying')).filter(
    ({ retiredAtMs }) => retiredAtMs === null,
  )
  const advice =
    found === undefined || more.length > 0
      ? 'start the gateway once, then add, below portal:, the line trustedGateways: [FINGERPRINT] with the fingerprint that zegel check shows on its host'
      : `add, below portal:, the line trustedGateways: ['${fingerprintOf(found.publicKey)}'] if zegel check shows the same fingerprint on the gateway's host`
  return new KeyError(
    'no-trusted-gateway',
    `portal.trustedGateways is empty: ${advice} (this portal's is ${ownFingerprint})`,
  )
}
