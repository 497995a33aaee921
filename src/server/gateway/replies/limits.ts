/** Bounds of the listener for hand-overs. Times are milliseconds, sizes are bytes. Tests hand in smaller ones. */
export interface ReplyLimits {
  /** Connections at once. Attack: heads of hand-overs that fill memory. */
  readonly connections: number
  /** The fields of a request. Attack: slowloris. */
  readonly headerMs: number
  readonly headerBytes: number
  readonly headerFields: number
  /** Waiting for bytes: so long in all, and longer by what comes at this rate. Attack: slowloris in a body. */
  readonly bodyGraceMs: number
  readonly bodyBytesPerSecond: number
  /** Hand-overs that are worked on at once, of one writer too; others wait. Attack: one writer takes every place. */
  readonly places: number
  readonly placesOfWriter: number
  /**
   * While others wait for a place, what comes more slowly than this after the same grace may lose its own, the latest
   * one first; so often it is looked. Attack: a few slow writers take every place.
   */
  readonly awaitedBytesPerSecond: number
  readonly lookMs: number
  /** Hand-overs that wait, and how long, before they are told to come again. */
  readonly waiting: number
  readonly waitingMs: number
  /** What is said to come again: after so many seconds. */
  readonly retryAfterSeconds: number
  /** Besides the message itself: head, age header and the marks of its chunks. */
  readonly fileOverheadBytes: number
  /** The header of an age file with one post-quantum recipient has some 1700 bytes. */
  readonly ageHeaderBytes: number
  /** A connection that has been answered is kept so long for the next hand-over. */
  readonly keepAliveMs: number
  /** After an answer a body is read on so long, so that the other side sees the answer. */
  readonly lingerMs: number
  /** A submission is claimed for so long at a time, and again while its process lives: the claim of one that died ends. */
  readonly claimMs: number
  /** The same submission, handed over a second time meanwhile, waits so long for the first, and looks so often. */
  readonly sameMs: number
  readonly sameEveryMs: number
}

const second = 1000

export const replyLimits: ReplyLimits = {
  connections: 1000,
  headerMs: 20 * second,
  headerBytes: 8 * 1024,
  headerFields: 50,
  bodyGraceMs: 20 * second,
  bodyBytesPerSecond: 16 * 1024,
  places: 24,
  placesOfWriter: 4,
  awaitedBytesPerSecond: 256 * 1024,
  lookMs: second,
  waiting: 400,
  waitingMs: 90 * second,
  retryAfterSeconds: 10,
  fileOverheadBytes: 1024 * 1024,
  ageHeaderBytes: 16 * 1024,
  keepAliveMs: 5 * second,
  lingerMs: 3 * second,
  claimMs: 60 * second,
  sameMs: 30 * second,
  sameEveryMs: 500,
}
