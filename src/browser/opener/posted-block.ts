import type { PostedEnvelope } from './taken-message.ts'

/**
 * The envelope that the portal handed back to its own page in an inert block:
 * `<script type="application/octet-stream" id="envelope" data-signature="…">BASE64</script>`.
 * Null when nothing was posted.
 */
export function readPostedBlock(page: Document): PostedEnvelope | null {
  const block = page.getElementById('envelope')
  if (block === null) return null
  const envelope = block.textContent.trim()
  return { envelope, signature: block.dataset['signature'] ?? '' }
}
