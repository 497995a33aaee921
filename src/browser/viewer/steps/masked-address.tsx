import type { JSX } from 'preact'
import { text } from '../../ui/text.ts'

/** `b•••@example.org`, read out in words: dots say nothing to who listens. */
export function MaskedAddress({ masked }: { readonly masked: string }): JSX.Element {
  return (
    <>
      <bdi class="masked" aria-hidden="true">
        {masked}
      </bdi>
      <span class="spoken">{spokenAddress(masked)}</span>
    </>
  )
}

export function spokenAddress(masked: string): string {
  const [start = '', domain = ''] = masked.split(/•+@/)
  return domain === '' ? masked : text('reader.maskedSpoken', { start, domain })
}
