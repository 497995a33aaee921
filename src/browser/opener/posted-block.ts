/**
 * A message that comes with a page stands in it as an inert block, put there by the portal or by the
 * service worker, which may be older or newer than the page: the forms of these blocks never change;
 * another form is another id.
 */

/** `<script type="application/octet-stream" id="envelope" data-signature="…">BASE64</script>` */
export const ENVELOPE_BLOCK = 'envelope'
/** `<script type="application/json" id="handed">{"handed": ID, "share": "#…"}</script>`, or a refusal's code as ID. */
export const HANDED_BLOCK = 'handed'

/** So often nothing more of a page has come, looked at once a second, before its line counts as broken. */
const STALLED_LOOKS = 20

/**
 * Takes the block out of the page, which need not hold it twice. Null when there is none, or when the
 * line broke before its end: something always stands behind it.
 */
export async function takeBlock(page: Document, id: string): Promise<HTMLElement | null> {
  await endOf(page, id)
  const block = page.getElementById(id)
  if (block === null || block.nextElementSibling === null) return null
  block.remove()
  return block
}

/**
 * Resolves when nothing more of the page comes. Scripts of ours begin while it is still coming in. Who stops
 * it, and Firefox where the line breaks, say so; Chromium 156 leaves a page whose line broke loading for ever.
 */
function endOf(page: Document, id: string): Promise<void> {
  return new Promise(resolve => {
    let [last, quiet] = [-1, 0]
    const look = (): void => {
      const length = lengthOf(page.getElementById(id))
      quiet = length === last ? quiet + 1 : 0
      last = length
      if (page.readyState !== 'loading' || quiet === STALLED_LOOKS) end()
    }
    const timer = setInterval(look, 1000)
    const end = (): void => {
      clearInterval(timer)
      page.removeEventListener('readystatechange', look)
      resolve()
    }
    page.addEventListener('readystatechange', look)
    look()
  })
}

/** Without copying up to 8 MiB of text: a parser adds to the last piece, or another one. */
function lengthOf(block: HTMLElement | null): number {
  return [...(block?.childNodes ?? [])].reduce((sum, piece) => sum + (piece as Text).length, 0)
}
