import { createHash } from 'node:crypto'
import { createAsset } from './asset.ts'
import type { Asset } from './asset.ts'

/**
 * Wide enough, the original has its room beside the sentence before it is shown, so that nothing moves and nothing
 * is covered (WCAG 1.4.13). Narrow, it opens below: by the button, or when the button has the pointer or the focus.
 */
const STYLE = `
.statement section { margin-block-start: 2rem }
.statement section > p { margin-block: 0 .6rem }
.statement h1, .statement h2 { margin-block-end: .6rem }
.statement .views { margin-block-end: 0 }
.statement .views a, .contacts a { display: inline-flex; align-items: center; min-block-size: 2.75rem }
.contacts { margin-block-end: 1.25rem }
.contacts p { margin-block-end: .25rem }
.contacts dd { margin-block-end: .5rem }
.unit { display: grid; grid-template-columns: minmax(0, 1fr) 2.75rem; column-gap: .5rem }
.unit > .line { margin: 0; padding-block: .55rem }
.unit .line :is(h1, h2, p) { margin: 0 }
.unit summary { position: relative; display: grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; border-radius: .6rem; color: var(--soft); font-size: .75rem; letter-spacing: .04em; cursor: pointer; list-style: none }
.unit summary::-webkit-details-marker { display: none }
.unit summary:hover { background: color-mix(in oklab, var(--ink) 5%, var(--sheet)) }
.unit [open] > summary { background: var(--accent); color: var(--on-accent) }
.unit > .original { grid-column: 1 / -1; display: none; margin: 0 0 .75rem; padding-inline-start: .8rem; border-inline-start: 2px solid var(--line); color: var(--soft); font-size: .9375em }
.unit > details:is([open], :hover, :focus-within) ~ .original, .beside .unit > .original { display: block }
.beside .unit { grid-template-columns: minmax(0, 1fr) }
ul.proofs { margin-block: 0 1.5rem; padding-inline-start: 1.25rem; color: var(--soft); font-size: .9375em }
.proofs li { margin-block: .25rem; overflow-wrap: anywhere }
.proofs strong { color: var(--ink) }
.proofs strong:not(.passed) { text-decoration: underline }
@media (min-width: 44rem) {
  .frame:has(.bilingual) :is(.top, .foot, main) { max-inline-size: 64rem }
  .unit { grid-template-columns: minmax(0, 1fr) 2.75rem minmax(0, 1fr) }
  .beside .unit { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 2rem }
  .unit > .original { grid-column: auto; display: block; visibility: hidden; margin: 0; padding-block: .55rem }
  .unit:hover > .original, .unit:focus-within > .original, .unit > [open] ~ .original, .beside .unit > .original { visibility: visible }
}
@media print {
  .top nav, .foot nav, .skip, .views, .unit details { display: none }
  .sheet { border: 0; box-shadow: none; padding: 0 }
  main { max-inline-size: none }
  h1, h2 { break-after: avoid }
  .unit, section > p, .contacts { break-inside: avoid }
  .statement:not(.beside) .unit { display: block }
  .statement:not(.beside) .unit > .original { display: none }
}
`

/** Of the pages with a statement alone: the others need not carry it. */
export function statementStyle(): Asset {
  const bytes = new Uint8Array(Buffer.from(STYLE))
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 8)
  const asset = createAsset(`/assets/statement-${hash}.css`, bytes)
  if (asset === null) throw new RangeError('a style is a type that is served')
  return asset
}
