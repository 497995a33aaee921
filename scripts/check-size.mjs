// Measures the browser build: brotli bytes of script that a reader loads before the sign-in choice, and
// before the message is shown. `node scripts/check-size.mjs [FOLDER/] [--files]`
import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'

const given = process.argv.slice(2).find(option => !option.startsWith('--'))
const folder = given ?? fileURLToPath(new URL('../dist/browser/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, 'utf8'))
const limits = { beforeChoice: 25_000, beforeMessage: 60_000 }

/** A chunk and what it imports at once. */
const filesOf = (name, seen = new Set()) => {
  const chunk = manifest[name]
  if (chunk === undefined) throw new Error(`the build has no ${name}`)
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const imported of chunk.imports ?? []) filesOf(imported, seen)
  return seen
}
/** A worker is no part of the manifest: what it imports at once stands in its own text. */
const worker = name =>
  readdirSync(folder).flatMap(file =>
    file.startsWith(`${name}-`) ? [file, ...importsOf(file)] : [],
  )
const importsOf = file =>
  [
    ...readFileSync(`${folder}${file}`, 'utf8').matchAll(/\bfrom\s*["'`]\.\/([^"'`]+)["'`]/g),
  ].flatMap(([, imported]) => [imported, ...importsOf(imported)])
const sizeOf = file => brotliCompressSync(readFileSync(`${folder}${file}`)).length
const sum = files => [...files].reduce((total, file) => total + sizeOf(file), 0)

/** The largest language: nobody loads more than one. */
const languages = Object.keys(manifest).filter(name =>
  /^virtual:zegel-locale\/.*\/read$/.test(name),
)
const ownSize = name => sizeOf(manifest[name].file)
const language = languages.toSorted((a, b) => ownSize(b) - ownSize(a))[0]

const beforeChoice = new Set([
  ...filesOf('src/browser/opener/main.ts'),
  ...filesOf('src/browser/viewer/main.tsx'),
  ...filesOf(language),
])
const beforeMessage = new Set([
  ...beforeChoice,
  ...filesOf(language.replace(/read$/, 'proof')),
  ...filesOf(language.replace(/read$/, 'letter')),
  ...filesOf('src/browser/viewer/steps/proof-step.tsx'),
  ...filesOf('src/browser/viewer/show-message.ts'),
  ...filesOf('src/browser/viewer/letter/message-page.tsx'),
  ...worker('open-letter-worker'),
  ...worker('letter-worker'),
])

/** Where Web Crypto lacks ChaCha20-Poly1305, the worker loads it. */
const fallback = worker('chacha')

const measured = { beforeChoice: sum(beforeChoice), beforeMessage: sum(beforeMessage) }
for (const [name, bytes] of Object.entries(measured))
  console.log(`size: ${name} ${bytes} bytes brotli of ${limits[name]}`)
console.log(`size: ${sum(fallback)} bytes more where the browser lacks the cipher`)
if (process.argv.includes('--files'))
  for (const file of [...beforeMessage, ...fallback])
    console.log(`  ${sizeOf(file)} ${file}${beforeChoice.has(file) ? '' : ' (after the choice)'}`)
if (measured.beforeChoice > limits.beforeChoice || measured.beforeMessage > limits.beforeMessage)
  process.exit(1)
