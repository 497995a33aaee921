/** For the mailbox's own pages: own scripts and styles, nothing from elsewhere. */
export const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const

/** For everything. */
export const commonHeaders = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const

/** For what a stranger wrote and a browser must not run: a download. */
export const downloadHeaders = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
} as const

/**
 * For the HTML of a mail, shown in a frame of the mailbox: no script, no form, no request.
 * Its origin stays the mailbox's, so that the page can measure its height.
 */
export const frameHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
} as const

/**
 * For an HTML attachment that is opened in its own tab, as a file from a disk would be: an origin of its own that
 * nobody else has, no script, no request, but its form and its links work.
 */
export const openedFileHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action http: https:; frame-ancestors 'none'; sandbox allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
} as const
