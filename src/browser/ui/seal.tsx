import type { JSX } from 'preact'
import { text } from './text.ts'

const wax =
  'M32 3c4 0 5 3.3 8.5 4.3s6.6-.8 9.3 1.7 1.3 5.7 3.3 8.7 5.1 4.2 5.7 7.8-2.2 5.4-2.2 9 2.4 5.9 1.2 9.3-4.6 3.6-6.9 6.4-1.8 6.1-4.9 8-5.9.1-9.4 1.2S35.5 63 32 62.5s-4.7-3.3-8.1-4.2-6.6.5-9.3-1.7-1.2-5.7-3.3-8.5-5.3-3.9-6-7.4 2.1-5.5 2-9.1-2.6-6.1-1.4-9.5 4.7-3.5 6.9-6.3 1.6-6.2 4.7-8 6-.1 9.4-1.2S28 3 32 3Z'
/** Where the seal breaks when the letter is opened. */
const crack = 'M35.5 -4 L32 11 L35 21 L30 32 L34.5 43 L30.5 53 L32.5 70'

/** The one ornament: whole while the letter is closed, broken in two when it is open. */
export function Seal({ opened = false }: { readonly opened?: boolean }): JSX.Element {
  return (
    <svg
      class="seal"
      viewBox={opened ? '-4 -2 72 68' : '0 0 64 66'}
      role="img"
      aria-label={text(opened ? 'frame.sealOpen' : 'frame.sealClosed')}
    >
      {opened ? <Halves /> : <Wax />}
    </svg>
  )
}

function Halves(): JSX.Element {
  return (
    <>
      <clipPath id="seal-left">
        <path d={`${crack} L-10 70 L-10 -4 Z`} />
      </clipPath>
      <clipPath id="seal-right">
        <path d={`${crack} L74 70 L74 -4 Z`} />
      </clipPath>
      <g transform="translate(-1.1 .4) rotate(-3.5 20 60)">
        <g clip-path="url(#seal-left)">
          <Wax />
        </g>
      </g>
      <g transform="translate(1.1 0) rotate(3.5 44 60)">
        <g clip-path="url(#seal-right)">
          <Wax />
        </g>
      </g>
    </>
  )
}

function Wax(): JSX.Element {
  return (
    <>
      <path fill="currentColor" d={wax} />
      <g class="mark" fill="none" stroke-linecap="round" stroke-linejoin="round">
        <circle cx="32" cy="32.5" r="19" stroke-opacity=".55" stroke-width="1.6" />
        <path d="M24 25h16L24 40h16" stroke-width="3.6" />
      </g>
    </>
  )
}
