import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'

const FILES: Readonly<Record<string, string>> = {
  'opener-AAAA1111.js': 'import"./shared-BBBB2222.js";document.body.dataset.ran="opener"\n',
  'shared-BBBB2222.js': 'export const shared=1\n',
  'viewer-CCCC3333.js': 'import"./shared-BBBB2222.js";document.body.dataset.ran="viewer"\n',
  'associations-FFFF6666.js': 'document.body.dataset.ran="associations"\n',
  'leave-DDDD4444.js': 'document.body.dataset.ran="leave"\n',
  'service-worker.js': 'addEventListener("install",()=>skipWaiting())\n',
  'viewer-CCCC3333.css': '.letter{margin:0}\n',
  'words-JJJJ9999.js': 'export const ui={}\n',
  'words-KKKK0000.js': 'export const ui={}\n',
  'read-GGGG7777.js': 'export const frame={}\n',
  'read-HHHH8888.js': 'export const frame={}\n',
  'zegel-EEEE5555.css': `:root{color:#222}${'a{color:inherit}'.repeat(40)}\n`,
  'notes.txt': 'never served\n',
}

const shared = { file: 'shared-BBBB2222.js', css: ['zegel-EEEE5555.css'] }
const page = (file: string) => ({ file, isEntry: true, imports: ['_shared.js'] })
const MANIFEST = {
  '_shared.js': shared,
  'src/browser/opener/main.ts': page('opener-AAAA1111.js'),
  'src/browser/viewer/main.tsx': { ...page('viewer-CCCC3333.js'), css: ['viewer-CCCC3333.css'] },
  'src/browser/leave/main.tsx': page('leave-DDDD4444.js'),
  'src/browser/associations/main.tsx': page('associations-FFFF6666.js'),
  'virtual:zegel-locale/en': { file: 'words-JJJJ9999.js' },
  'virtual:zegel-locale/nl': { file: 'words-KKKK0000.js' },
  'virtual:zegel-locale/en/read': { file: 'read-GGGG7777.js' },
  'virtual:zegel-locale/nl/read': { file: 'read-HHHH8888.js' },
}

/** A small browser build as Vite writes it, so that tests of the portal need none of the real one. */
export async function browserFolder(): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), 'zegel-browser-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, '.vite'))
  await writeFile(join(folder, '.vite', 'manifest.json'), JSON.stringify(MANIFEST))
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content)
  return pathToFileURL(`${folder}/`)
}
