interface HtmlPolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML: (html: string) => unknown }
}

const policy = (globalThis as { trustedTypes?: HtmlPolicyFactory }).trustedTypes?.createPolicy(
  'zegel-message',
  { createHTML: html => html },
)

/**
 * For `srcdoc` of a frame without scripts; TrustedHTML where the browser knows the type, which the types of the DOM
 * still call a string. Only for the documents of frame-document.ts, whose message part has been sanitised, and of
 * preview-document.ts, which has no part of a file but as text or as the address of a picture, sound or film.
 */
export function trustFrameHtml(html: string): string {
  return policy === undefined ? html : (policy.createHTML(html) as string)
}
