/**
 * A message that comes with a page stands in it as an inert block, put there by the portal or by the
 * service worker, which may be older or newer than the page: the forms of these blocks never change;
 * another form is another id.
 */

/** `<script type="application/octet-stream" id="envelope" data-signature="…">BASE64</script>` */
export const ENVELOPE_BLOCK = 'envelope'
/** `<script type="application/json" id="handed">{"handed": ID, "share": "#…"}</script>`, or a refusal's code as ID. */
export const HANDED_BLOCK = 'handed'

/**
 * Takes the block out of the page, which need not hold it twice. Null when there is none, or when the
 * line broke before its end: something always stands behind it.
 */
export async function takeBlock(page: Document, id: string): Promise<HTMLElement | null> {
  await wholeOf(page)
  const block = page.getElementById(id)
  if (block === null || block.nextElementSibling === null) return null
  block.remove()
  return block
}

/** Scripts of ours begin while their page is still coming in. */
async function wholeOf(page: Document): Promise<void> {
  if (page.readyState !== 'loading') return
  await new Promise(resolve => page.addEventListener('DOMContentLoaded', resolve, { once: true }))
}
