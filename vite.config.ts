import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import type { Rolldown } from 'vite'
import { compileMessages } from './scripts/compile-messages.ts'
import { leanPreload } from './scripts/lean-preload.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const sharedModules =
  /node_modules\/(?:preact|@messageformat)\/|src\/browser\/(?:ui\/(?!lazy|rich-text|icons)|opener\/(?:tab-store|envelope-table|taken-message|open-message)|viewer\/(?:portal-request|device-clock|letter\/read-letter|mail\/limits|steps\/trouble-notice))|src\/core\/(?:envelope\/(?:base64|bytes|share|errors|escape-html)|api\/(?:answers|limits|problem-codes|shape))/
const isShared = (id: string): boolean => sharedModules.test(id)

/** What the reader's page imports at once, its entry aside: one file compresses better, and the opener asks for it ahead. */
function ofReader(id: string, context: Rolldown.ChunkingContext): string | null {
  reader ??= importedBy(at('src/browser/viewer/main.tsx'), context)
  // A style in it would be named by everything that is loaded later.
  return !id.endsWith('.css') && (reader.has(id) || isShared(id)) ? 'shared' : null
}
let reader: ReadonlySet<string> | undefined

/** What shows a letter, in one file too: what writes an answer shares much of it, and comes later. */
function ofLetter(id: string, context: Rolldown.ChunkingContext): string | null {
  const page = at('src/browser/viewer/letter/message-page.tsx')
  letter ??= new Set([page, ...importedBy(page, context)])
  return letter.has(id) ? 'message-page' : null
}
let letter: ReadonlySet<string> | undefined

function importedBy(
  entry: string,
  context: Rolldown.ChunkingContext,
  seen = new Set<string>(),
): ReadonlySet<string> {
  for (const id of context.getModuleInfo(entry)?.importedIds ?? []) {
    if (seen.has(id)) continue
    seen.add(id)
    importedBy(id, context, seen)
  }
  return seen
}

/** What reads every mail; the folders in it and what only some files need are loaded when a mail has such a thing. */
const isMail = (id: string): boolean =>
  /src\/core\/address|src\/browser\/viewer\/mail\/(?!parse-mail\.|crypto-kind|signed-content|uuencode\.|read-parts|read-part-content|content-lines)[\w-]+\.ts$/.test(
    id,
  )

/** The pages of src/browser → dist/browser; the portal reads `.vite/manifest.json` and serves the rest under /assets/. */
export default defineConfig({
  base: '/assets/',
  publicDir: false,
  plugins: [compileMessages(), leanPreload()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    // What every mail needs in one file beside those that only some mails need.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'mail', test: isMail }] } } },
  },
  build: {
    outDir: 'dist/browser',
    emptyOutDir: true,
    assetsDir: '',
    manifest: true,
    // Fonts and pictures inlined as data: would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    target: ['chrome120', 'edge120', 'firefox121', 'safari17.2'],
    modulePreload: {
      polyfill: false,
      // A part is asked for with what only it needs; every page has the shared files already.
      resolveDependencies: (file, needed) =>
        needed.filter(one => one !== file && !one.startsWith('shared-')),
    },
    reportCompressedSize: false,
    rolldownOptions: {
      // How long plugins take is no news to who only starts the program.
      checks: { bundlerTimings: false },
      output: {
        // What both the opener and the reader need, in one file: fewer requests, better compressed.
        codeSplitting: {
          groups: [
            { name: ofReader, priority: 2 },
            { name: ofLetter, priority: 1 },
            // Only for a browser that lacks a curve: must not come along with what refers to it.
            { name: 'curves', test: /node_modules\/@noble\//, priority: 3 },
          ],
        },
      },
      input: {
        opener: at('src/browser/opener/main.ts'),
        viewer: at('src/browser/viewer/main.tsx'),
        leave: at('src/browser/leave/main.tsx'),
        associations: at('src/browser/associations/main.tsx'),
      },
    },
  },
})
