import { gatewayLimits, wrapperBytes, wrapperFactor } from '../../gateway/limits.ts'
import { NextHopConnection } from '../../gateway/next-hop/next-hop-connection.ts'
import type { Keywords } from '../../gateway/next-hop/next-hop-connection.ts'
import { NextHopError } from '../../gateway/next-hop/next-hop-error.ts'
import type { NextHopErrorCode } from '../../gateway/next-hop/next-hop-error.ts'
import type { MailServer } from '../../config/read-mail-server.ts'
import { failed, ok, warning } from './finding.ts'
import type { CheckLine } from './finding.ts'

/** A person waits: shorter than the gateway's own patience. */
const patienceMs = 10_000

const advice: Readonly<Record<NextHopErrorCode, string>> = {
  unreachable: 'nothing answers there; is the mail server running, is the port right?',
  lost: 'the connection broke off; look into the log of the mail server',
  'too-slow': 'no answer in time; look into the log of the mail server',
  'tls-not-offered': 'it offers no STARTTLS; give it a certificate, or set tls: none',
  'tls-failed': 'its certificate is not trusted, or TLS failed; look at tls, serverName and ca',
  'sign-in-failed': 'it refuses user and password; look at both',
  'bad-reply': 'what answers there is no mail server; is the port right?',
  refused: 'it refuses this machine; let it take mail from here',
}

/**
 * Connects to a mail server as the gateway does: TLS, sign-in, what it offers.
 * `largestBytes`: the largest original that must fit, for the gateway's next hop.
 */
export async function checkHop(
  name: string,
  settings: MailServer,
  largestBytes?: number,
): Promise<CheckLine> {
  const limits = {
    ...gatewayLimits,
    connectMs: patienceMs,
    greetingMs: patienceMs,
    handshakeMs: patienceMs,
    nextHopCommandMs: patienceMs,
  }
  const where = `${settings.host}:${settings.port}`
  try {
    const connection = await NextHopConnection.open(settings, limits)
    connection.quit()
    return describeOffer(name, where, connection.keywords, largestBytes)
  } catch (error) {
    if (!(error instanceof NextHopError)) throw error
    return failed(name, `${where}: ${advice[error.code]}`)
  }
}

function describeOffer(
  name: string,
  where: string,
  keywords: Keywords,
  largestBytes: number | undefined,
): CheckLine {
  const size = Number(keywords.get('SIZE') ?? '0')
  const needed = Math.ceil((largestBytes ?? 0) * wrapperFactor + wrapperBytes)
  if (largestBytes !== undefined && size > 0 && size < needed)
    return warning(
      name,
      `${where} takes ${size} bytes; a sealed mail of gateway.maxMessageBytes needs ${needed}: raise its limit`,
    )
  return ok(name, `${where} answers: ${[...keywords.keys()].join(', ')}`)
}
