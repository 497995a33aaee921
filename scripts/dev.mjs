// Watch mode: Vite rebuilds the browser's part, Node restarts the demo when that or the server's part changes.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = name => `${root}node_modules/.bin/${name}`
const children = [
  spawn(bin('vite'), ['build', '--watch', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' }),
  spawn(
    bin('node'),
    [
      '--watch-path=src/server',
      '--watch-path=src/core',
      '--watch-path=src/locales',
      '--watch-path=dist/browser',
      'src/server/main.ts',
      'demo',
    ],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
]
const stop = () => children.forEach(child => child.kill('SIGTERM'))
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
