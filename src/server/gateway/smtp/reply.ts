/** An answer of SMTP: a three-digit code and its lines of text. RFC 5321 §4.2 */
export interface Reply {
  readonly code: number
  /** The text without the code; an enhanced status code (RFC 3463) stands in front. */
  readonly lines: readonly string[]
}

/** `text` begins with an enhanced status code, except where RFC 2034 §3 wants none (greeting, EHLO, 3xx). */
export function reply(code: number, text: string): Reply {
  return { code, lines: [text] }
}

export function isSuccess(answer: Reply): boolean {
  return answer.code >= 200 && answer.code < 300
}

export function isPermanent(answer: Reply): boolean {
  return answer.code >= 500
}

/** RFC 5321 §4.2.1: every line but the last has a hyphen after the code. */
export function formatReply(answer: Reply): string {
  const last = answer.lines.length - 1
  return answer.lines
    .map((line, index) => `${answer.code}${index < last ? '-' : ' '}${line}\r\n`)
    .join('')
}

const enhancedCode = /^([245])\.\d{1,3}\.\d{1,3}(?: |$)/

/**
 * The next hop's answer as this gateway gives it on. Its code and text stay, with these exceptions:
 * an enhanced status code is added where it is missing (RFC 2034 §4); 421 becomes 451, since the
 * client's own connection goes on; what is no answer to a mail (1xx, 3xx) becomes 451.
 */
export function mirrorReply(answer: Reply): Reply {
  if (answer.code < 200 || (answer.code >= 300 && answer.code < 400)) return unexpectedAnswer
  const code = answer.code === 421 ? 451 : answer.code
  const kind = String(Math.floor(code / 100))
  return { code, lines: answer.lines.map(line => withEnhancedCode(visibleAscii(line), kind)) }
}

function withEnhancedCode(line: string, kind: string): string {
  return enhancedCode.exec(line)?.[1] === kind ? line : `${kind}.0.0 ${line}`
}

/** Attack: control characters in a reply that is passed on. */
function visibleAscii(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '?')
}

const unexpectedAnswer = reply(451, '4.3.0 The next mail server gave an unexpected answer')

/** Answers of our own. The words tell an administrator what to do; the codes are those of contract.md. */
export const replies = {
  ok: reply(250, '2.0.0 OK'),
  recipientOk: reply(250, '2.1.5 OK'),
  senderOk: reply(250, '2.1.0 OK'),
  goodbye: reply(221, '2.0.0 Goodbye'),
  startData: reply(354, 'End data with <CR><LF>.<CR><LF>'),
  startTls: reply(220, '2.0.0 Ready to start TLS'),
  cannotVerify: reply(252, '2.0.0 Send a message and see'),
  help: reply(214, '2.0.0 RFC 5321'),
  signedIn: reply(235, '2.7.0 Signed in'),
  userName: reply(334, 'VXNlcm5hbWU6'),
  password: reply(334, 'UGFzc3dvcmQ6'),
  emptyChallenge: reply(334, ''),

  closing: reply(421, '4.3.2 Closing down, try again'),
  tooSlow: reply(421, '4.4.2 Too slow'),
  tooManyConnections: reply(421, '4.7.0 Too many connections, try again'),
  noWebServer: reply(421, '4.7.0 This is a mail server'),
  tooManyBadCommands: reply(421, '4.7.0 Too many bad commands'),
  tooManyAuthFailures: reply(421, '4.7.0 Too many failed sign-ins'),
  failed: reply(451, '4.3.0 The gateway could not do it now, try again'),
  halfDelivered: reply(451, '4.3.0 Delivered to some recipients, try again for the others'),
  nextHopAway: reply(451, '4.4.1 The next mail server does not answer, try again'),
  nextHopLost: reply(451, '4.4.2 The next mail server broke off, try again'),
  nextHopTls: reply(451, '4.7.5 No safe connection to the next mail server, try again'),
  nextHopChanged: reply(451, '4.3.0 The next mail server does not take this kind of mail now'),
  tooManyReports: reply(451, '4.7.1 Too many reports for this address, try again later'),
  tooManyRecipients: reply(452, '4.5.3 Too many recipients'),
  tlsUnavailable: reply(454, '4.7.0 TLS is not available'),
  authUnavailable: reply(454, '4.7.0 Sign-in is not possible now, try again'),

  badLineEnd: reply(500, '5.5.2 A line ends in CR LF'),
  lineTooLong: reply(500, '5.5.2 Line too long'),
  unknownCommand: reply(500, '5.5.1 Unknown command'),
  badSyntax: reply(501, '5.5.4 Syntax error in parameters'),
  authCancelled: reply(501, '5.7.0 Sign-in cancelled'),
  notOffered: reply(502, '5.5.1 Not offered'),
  badSequence: reply(503, '5.5.1 Not now'),
  noRecipients: reply(503, '5.5.1 No recipient was accepted'),
  unknownMechanism: reply(504, '5.5.4 Unknown mechanism'),
  signInFirst: reply(530, '5.7.0 Sign in first'),
  tlsFirst: reply(538, '5.7.11 Use TLS first'),
  wrongPassword: reply(535, '5.7.8 Wrong name or password'),
  unknownAlias: reply(550, '5.1.1 No such address'),
  reportsOnly: reply(
    550,
    '5.7.1 Only delivery reports to addresses of a reply domain are taken here',
  ),
  notAllowed: reply(550, '5.7.1 This network may not send through here'),
  tooLarge: reply(552, '5.3.4 Message too large'),
  badAddress: reply(553, '5.1.3 Not an address'),
  badSender: reply(553, '5.1.7 Not an address'),
  needsUtf8: reply(553, '5.6.7 Non-ASCII addresses need SMTPUTF8'),
  loop: reply(554, '5.4.6 This mail was sealed here before: a loop'),
  endOfDataLookalike: reply(554, '5.6.0 A line with a single dot must end in CR LF on both sides'),
  headerTooLarge: reply(554, '5.6.0 Too many header fields'),
  unknownParameter: reply(555, '5.5.4 Unknown parameter'),
} as const satisfies Record<string, Reply>

export function refusedByRule(why: string): Reply {
  return reply(550, `5.7.1 ${why}`)
}
