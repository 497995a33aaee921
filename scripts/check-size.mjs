// Measures the browser build: brotli bytes of script that the reader of a posted message loads before the sign-in
// choice, and all of them before the message is shown, in the language that takes most. `node scripts/check-size.mjs [FOLDER/] [--files]`
import { readFileSync, readdirSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'

const given = process.argv.slice(2).find(option => !option.startsWith('--'))
const folder = given ?? fileURLToPath(new URL('../dist/browser/', import.meta.url))
const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, 'utf8'))
const limits = { beforeChoice: 25_000, beforeMessage: 60_000 }

/** A chunk and what it imports at once; by its source, or by its name where it has several. */
const filesOf = (name, seen = new Set()) => {
  const chunk = manifest[name] ?? Object.values(manifest).find(one => one.name === name)
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
const sizes = new Map()
const sizeOf = file => {
  if (!sizes.has(file)) sizes.set(file, brotliCompressSync(readFileSync(`${folder}${file}`)).length)
  return sizes.get(file)
}
const sum = files => [...files].reduce((total, file) => total + sizeOf(file), 0)

/** A language: the names of its chunks, and those that everyone loads. */
const tags = Object.keys(manifest).flatMap(name =>
  /^virtual:zegel-locale\/([^/]+)\/read$/.test(name) ? [name.split('/')[1]] : [],
)
const words = (tag, ...chunks) => {
  const names = chunks.map(chunk => `virtual:zegel-locale/${tag}/${chunk}`)
  return [`virtual:zegel-locale/${tag}`, ...names].flatMap(name =>
    name in manifest ? [...filesOf(name)] : [],
  )
}
const wordsBeforeMessage = tag => words(tag, 'read', 'proof', 'letter')

const beforeChoice = tag =>
  new Set([...filesOf('src/browser/viewer/main.tsx'), ...words(tag, 'read')])
const beforeMessage = tag =>
  new Set([
    ...beforeChoice(tag),
    ...wordsBeforeMessage(tag),
    ...filesOf('src/browser/viewer/steps/proof-step.tsx'),
    ...filesOf('src/browser/viewer/show-message.ts'),
    ...filesOf('message-page'),
    ...worker('open-letter-worker'),
    ...worker('letter-worker'),
  ])
/** Nobody loads more than one language. */
const largest = files => tags.toSorted((a, b) => sum(files(b)) - sum(files(a)))[0]

/** Where Web Crypto lacks ChaCha20-Poly1305, the worker loads it. */
const fallback = worker('chacha')

/** Who picks the file, loads the page that asks for it as well. */
const picked = tag => [
  ...filesOf('src/browser/opener/main.ts'),
  ...words(tag, 'open'),
  ...worker('take-file-worker'),
]

const measured = { beforeChoice, beforeMessage }
let isTooLarge = false
for (const [name, files] of Object.entries(measured)) {
  const tag = largest(files)
  const bytes = sum(files(tag))
  isTooLarge ||= bytes > limits[name]
  console.log(`size: ${name} ${bytes} bytes brotli of ${limits[name]} (${tag})`)
}
const tag = largest(beforeMessage)
const known = beforeMessage(tag)
console.log(`size: ${sum(fallback)} bytes more where the browser lacks the cipher`)
console.log(
  `size: ${sum(new Set(picked(tag).filter(file => !known.has(file))))} bytes more where the file is picked`,
)
if (process.argv.includes('--files'))
  for (const file of [...known, ...fallback])
    console.log(
      `  ${sizeOf(file)} ${file}${beforeChoice(tag).has(file) ? '' : ' (after the choice)'}`,
    )
if (isTooLarge) process.exit(1)
