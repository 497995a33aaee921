import type { HeaderProfile } from './route.ts'

/**
 * Names of the Trusted Types policies of src/browser: worker scripts, the message frame, documents without a window that
 * the sanitiser reads from, previews, the sanitiser.
 */
export const TRUSTED_TYPES_POLICIES = [
  'zegel-worker',
  'zegel-message',
  'zegel-inert',
  'zegel-preview',
  'dompurify',
] as const

/** Features that no page of ours uses, and that nothing in a message may use. */
const NO_FEATURES = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]

const COMMON: Readonly<Record<string, string>> = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-DNS-Prefetch-Control': 'off',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': NO_FEATURES.map(name => `${name}=()`).join(', '),
}

/** Half a year more than a browser keeps pages. RFC 6797 */
const HSTS = 'max-age=31536000'

/**
 * The header fields of every answer of a profile. protocol.md §7
 * @param styleHash of the page's one inline style, `sha256-…`, or empty
 */
export function securityHeaders(
  profile: HeaderProfile,
  options: { readonly tls: boolean; readonly styleHash?: string },
): Record<string, string> {
  return {
    ...COMMON,
    ...(options.tls ? { 'Strict-Transport-Security': HSTS } : {}),
    ...(profile === 'asset' ? {} : { 'Cache-Control': 'no-store' }),
    'Content-Security-Policy': contentPolicy(profile, options.styleHash ?? ''),
  }
}

function contentPolicy(profile: HeaderProfile, styleHash: string): string {
  const closed = ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
  if (profile === 'api') return join([...closed, "form-action 'none'", 'sandbox'])
  // Scripts of workers take this policy for their own.
  const scripts = [
    "script-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES_POLICIES.join(' ')}`,
  ]
  const page = [...closed, "form-action 'none'", ...scripts]
  if (profile === 'asset') return join(page)
  const style = styleHash === '' ? '' : ` '${styleHash}'`
  if (profile === 'page') return join([...page, `style-src 'self'${style}`, "img-src 'self'"])
  // A srcdoc frame inherits these: a message may carry its own styles and inline pictures, a preview its own sound or
  // film, nothing from elsewhere.
  return join([
    ...page,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    'media-src data:',
    "worker-src 'self'",
  ])
}

function join(directives: readonly string[]): string {
  return directives.join('; ')
}
