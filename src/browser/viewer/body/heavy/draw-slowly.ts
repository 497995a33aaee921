import { childNodes } from './child-nodes.ts'
import { Cleaner } from './cleaner.ts'
import { lengthOf } from './length-of.ts'
import { noteRemote } from './note-remote.ts'
import { Pace } from './pace.ts'
import { parseInert } from './parse-inert.ts'
import type { ParsedLetter } from './parse-inert.ts'
import { Pouring, maxPoured } from './pouring.ts'
import { tameTree } from './tame-tree.ts'
import { weighTree } from './weigh-tree.ts'
import type { Extras } from '../extras.tsx'
import type { FittedFrame } from '../fit-frame.ts'
import type { FrameDocument, FrameLook, frameStyle, framed } from '../frame-document.ts'
import type { BodySection } from '../../mail/body-section.ts'
import type { plainTextPieces } from '../plain-text.ts'
import type { Bounds, Sanitiser } from '../sanitise.ts'

export interface HeavyLetter {
  readonly sections: readonly BodySection[]
  /** Addresses (`blob:`) of the message's own pictures by Content-ID. */
  readonly inline: ReadonlyMap<string, string>
  readonly look: FrameLook
  readonly extras: Extras | null
}

/** How short letters are drawn; handed over because what two parts of the page import is loaded apart from both. */
export interface DrawingTools {
  readonly bounds: Bounds
  readonly Sanitiser: typeof Sanitiser
  readonly framed: typeof framed
  readonly frameStyle: typeof frameStyle
  readonly plainTextPieces: typeof plainTextPieces
}

export interface SlowDrawing {
  readonly tools: DrawingTools
  /** Puts a frame with this document on the page. */
  readonly show: (drawn: FrameDocument) => FittedFrame
  /** What has become known of the letter since it is shown. */
  readonly onDrawn: (drawn: FrameDocument) => void
  readonly stopped: AbortSignal
}

/**
 * Draws a letter in slices between which the page lives.
 * @param room how many elements are shown, about
 * @returns the share of the letter that is shown: 1 but for letters that no page could hold
 * @throws what it was stopped with
 */
export async function drawSlowly(
  letter: HeavyLetter,
  drawing: SlowDrawing,
  room = maxPoured,
): Promise<number> {
  const { inline, look, sections } = letter
  const { stopped, onDrawn, tools } = drawing
  const pace = new Pace(stopped)
  const plain = !look.ownColours
  const { canBeDrawn } = letter.extras ?? {}
  const wishes = { inline, plain, prepare: null, canBeDrawn, inParts: true }
  const sanitiser = new tools.Sanitiser(wishes)
  const cleaner = new Cleaner(sanitiser)
  const { roots, weights, weight, share } = await readTrees(letter, drawing, pace, room)
  for (const one of roots) await noteRemote(one, sanitiser.remote, pace)
  const [root] = roots
  const isWhole = root !== undefined && sections.length === 1
  const shell = isWhole ? cleaner.cleanShell(root) : ''
  let drawn = tools.framed({ html: shell, ...sanitiser.found }, look)
  const { frame, refit } = drawing.show(drawn)
  const page = await loaded(frame, stopped)
  const layOut = (): void => {
    const { coloured } = sanitiser.found
    if (coloured !== drawn.coloured) {
      drawn = { ...drawn, coloured }
      // A letter with colours of its own turns out to be one when some of it is shown; our style is the first.
      const style = page.head.querySelector('style')
      if (style !== null) style.textContent = tools.frameStyle(look, look.ownColours)
      onDrawn(drawn)
    }
    refit()
  }
  const pouring = new Pouring(cleaner, weights, pace, { page, layOut, room })
  for (const [place, one] of roots.entries()) {
    if (place > 0) await pouring.put(page.body, document.createElement('hr'))
    for (const part of childNodes(one))
      if (!isWhole || part !== one.firstElementChild) await pouring.pour(part, page.body)
  }
  await pouring.look()
  const { body } = page
  const blank = body.querySelector('img') === null && (body.textContent ?? '').trim() === ''
  onDrawn({ ...drawn, ...sanitiser.found, blank })
  return pouring.isFull ? Math.min(1, pouring.poured / weight) * share : share
}

/** @returns as much of the letter as a page can hold, and which share of its characters that is */
async function readTrees(letter: HeavyLetter, drawing: SlowDrawing, pace: Pace, room: number) {
  const { sections } = letter
  const roots: Element[] = []
  const weights = new Map<Node, number>()
  let [parsed, weight] = [0, 0]
  for (const section of sections) {
    if (weight > room) break
    const { root, share } = await treeOf(section, letter, drawing, pace, room)
    await weighTree(root, weights, pace)
    roots.push(root)
    parsed += share * lengthOf([section])
    weight += weights.get(root) ?? 0
  }
  return { roots, weights, weight, share: parsed / lengthOf(sections) }
}

async function treeOf(
  { html, text }: BodySection,
  { extras, look }: HeavyLetter,
  { tools }: SlowDrawing,
  pace: Pace,
  room: number,
): Promise<ParsedLetter> {
  const label = look.foldLabel
  const fold = extras && { label, startOfQuote: extras.startOfQuote }
  const pieces = html === null ? tools.plainTextPieces(text ?? '', fold) : [html]
  const { root: wild, share } = await parseInert(pieces, pace, room)
  const root = await tameTree(wild, tools.bounds, pace)
  if (html !== null) extras?.foldQuote(root, label)
  return { root, share }
}

/** The frame's own document, instead of the empty one that each frame begins with. */
async function loaded(frame: HTMLIFrameElement, stopped: AbortSignal): Promise<Document> {
  await new Promise<unknown>(resolve => {
    frame.addEventListener('load', resolve, { once: true })
    stopped.addEventListener('abort', resolve, { once: true })
  })
  stopped.throwIfAborted()
  const { contentDocument } = frame
  if (contentDocument === null) throw new Error('the frame has no document')
  return contentDocument
}
