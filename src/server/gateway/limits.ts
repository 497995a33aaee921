/**
 * Every bound of the gateway in one place. Times are milliseconds, sizes are bytes.
 * Tests hand in smaller ones; nothing else changes them.
 */
export interface GatewayLimits {
  /** A command line, CR LF included: RFC 5321 §4.5.3.1.4 asks for 512, parameters and SMTPUTF8 add to it. */
  readonly commandLineBytes: number
  /** One base64 line of AUTH (RFC 4954 §4). Attack: an endless line that fills memory. */
  readonly authLineBytes: number
  /** Failed AUTH of one connection before it is closed. Attack: guessing passwords. */
  readonly authFailures: number
  /** Unknown or misplaced commands of one connection. Attack: HTTP or noise posted to the port. */
  readonly badCommands: number
  /** RCPT in one transaction: RFC 5321 §4.5.3.1.8 asks for at least 100. Attack: one mail, a million rows. */
  readonly recipients: number
  /** The header block, held in memory until the decision. Attack: header floods. */
  readonly headerBytes: number
  readonly headerFields: number
  /** Received fields. Attack: a loop between next hop and gateway. RFC 5321 §6.3 */
  readonly receivedFields: number
  /**
   * Connections of one client that has not shown yet that it may send (of IPv6 one network, /56), and which part of all
   * places such clients may have. Attack: strangers take every place.
   */
  readonly connectionsOfStranger: number
  readonly placesOfStrangers: number
  /** A stranger has this long to sign in, whatever it says meanwhile. Attack: slowloris. */
  readonly strangerMs: number
  /** A whole command line, from the moment it is awaited: RFC 5321 §4.5.3.2.7. Attack: slowloris, a byte a minute. */
  readonly commandMs: number
  /** Between two pieces of DATA: RFC 5321 §4.5.3.2.5. */
  readonly dataPieceMs: number
  /** The whole of DATA. Attack: slowloris inside a mail. */
  readonly dataMs: number
  /** A client that does not read its answers. Attack: a closed window that holds a connection. */
  readonly writeMs: number
  /** A client that has got its last answer has this long to close. */
  readonly lingerMs: number
  /** TLS handshake of either side. */
  readonly handshakeMs: number
  /** How often the certificate's files are looked at. */
  readonly certificateMs: number
  /** Beyond the size limit a refused mail is read no further than this many times it; then the connection ends. */
  readonly drainFactor: number
  /** Running transactions have this long when the gateway closes. */
  readonly closeMs: number
  /** Opening a connection to the next hop. */
  readonly connectMs: number
  /** RFC 5321 §4.5.3.2.1 to §4.5.3.2.6: greeting, MAIL, RCPT, DATA, a piece of data, the final dot. */
  readonly greetingMs: number
  readonly mailMs: number
  readonly rcptMs: number
  readonly dataStartMs: number
  readonly dataWriteMs: number
  readonly finalDotMs: number
  /** After a final dot whose answer took longer, the client may have given up: its next try finds the mail delivered. */
  readonly patienceMs: number
  /** EHLO, STARTTLS, AUTH, RSET towards the next hop. */
  readonly nextHopCommandMs: number
  /** A reply of the next hop. Attack: an endless reply. RFC 5321 §4.5.3.1.5 asks for 512 a line. */
  readonly replyLineBytes: number
  readonly replyLines: number
  /** Connections to the next hop that are kept for the next mail, how long, and for how many mails. */
  readonly idleConnections: number
  readonly idleConnectionMs: number
  readonly mailsOfConnection: number
  /** What the next hop offers is asked again after this time; when it did not answer, after this. */
  readonly keywordsMs: number
  readonly keywordsRetryMs: number
}

const second = 1000
const minute = 60 * second

export const gatewayLimits: GatewayLimits = {
  commandLineBytes: 4096,
  authLineBytes: 12 * 1024,
  authFailures: 3,
  badCommands: 20,
  recipients: 1000,
  headerBytes: 256 * 1024,
  headerFields: 1000,
  receivedFields: 50,
  connectionsOfStranger: 10,
  placesOfStrangers: 0.5,
  strangerMs: 2 * minute,
  commandMs: 5 * minute,
  dataPieceMs: 3 * minute,
  dataMs: 60 * minute,
  writeMs: 2 * minute,
  lingerMs: 2 * second,
  handshakeMs: 30 * second,
  certificateMs: minute,
  drainFactor: 2,
  closeMs: 3 * second,
  connectMs: 30 * second,
  greetingMs: 5 * minute,
  mailMs: 5 * minute,
  rcptMs: 5 * minute,
  dataStartMs: 2 * minute,
  dataWriteMs: 3 * minute,
  finalDotMs: 10 * minute,
  patienceMs: 30 * second,
  nextHopCommandMs: 5 * minute,
  replyLineBytes: 4096,
  replyLines: 100,
  idleConnections: 50,
  idleConnectionMs: 20 * second,
  mailsOfConnection: 100,
  keywordsMs: minute,
  keywordsRetryMs: 2 * second,
}

/** What the wrapper costs: a sealed mail is at most this many times the original plus a fixed part. envelope.md §4 */
export const wrapperFactor = 1.36
export const wrapperBytes = 72 * 1024

/**
 * Recipients of one mail: so much of the 64 KiB of a sealed record (envelope.md §2), the rest is for everything else in
 * it. More are answered 452, on which the client sends them a mail of their own (RFC 5321 §4.5.3.1.10).
 */
export const maxRecipientBytes = 56 * 1024

/** A mail that says it is larger (RFC 1870) is prepared where it came in: that is next to nothing of its work. */
export const preparedHereBytes = 1_000_000
/** A mail up to this size is read and sealed as a whole. Attack: mails that fill memory while they come slowly. */
export const wholeMailBytes = 32 * 1024
/** Threads that prepare sealing, besides the one that takes mail. */
export const maxPreparingThreads = 4
/** Memory of such a thread, in MB. Attack: mails that fill the memory of the process. */
export const preparingThreadLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 }
/** What a thread was told once for many mails. Attack: memory that only grows. */
export const maxTold = 256
/** After a thread ended unexpectedly, before the next one. */
export const preparingThreadRestMs = 10 * second

/** Networks and users that guess passwords, as a process remembers them. Attack: filling memory from many networks. */
export const blockedSignIns = 10_000
/** A network waits so long when its wrong password could not be counted. */
export const uncountedBlockMs = minute

/** A half that was delivered is remembered this long. contract.md, Gateway */
export const deliveredHalfMs = 5 * 24 * 60 * minute
