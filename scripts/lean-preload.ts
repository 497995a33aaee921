import type { Plugin } from 'vite'

const helper = '\0vite/preload-helper.js'

/**
 * Puts a small part of Vite's preload helper in its place: what a chunk imports, and its style, is
 * asked for together with it. Ours are all under /assets/, and need neither a nonce nor events;
 * that saves most of a kilobyte before the first page is drawn.
 */
export function leanPreload(): Plugin {
  return {
    name: 'zegel-lean-preload',
    apply: 'build',
    transform: {
      order: 'post',
      filter: { id: new RegExp(`^${helper}$`) },
      handler: () => ({ code, map: null }),
    },
  }
}

/** A style that fails to load keeps no words from being shown. */
const code = `const preload = file => {
  const href = '/assets/' + file
  if (document.querySelector('link[href="' + href + '"]')) return
  const link = document.createElement('link')
  link.rel = href.endsWith('.css') ? 'stylesheet' : 'modulepreload'
  link.href = href
  document.head.append(link)
  if (link.rel[0] === 's') return new Promise(done => { link.onload = link.onerror = done })
}
export const __vitePreload = (load, files = []) => Promise.all(files.map(preload)).then(load)
`
