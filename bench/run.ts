// npm run bench [NAME…]: each measure side by side with its rivals. docs/performance.md
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describeMachine, findProgram } from './support/machine.ts'

/** Each in a process of its own; `oneCore`: pinned to one core, when the system can. */
const benches = [
  { name: 'p1', file: 'p1-seal.ts', oneCore: true },
  { name: 'p2', file: 'p2-gateway.ts', oneCore: false },
  { name: 'p4', file: 'p4-posted-open.ts', oneCore: false },
  { name: 'p5', file: 'p5-reader.ts', oneCore: false },
  { name: 'p6', file: 'p6-growth.ts', oneCore: false },
  { name: 'p7', file: 'p7-wire-size.ts', oneCore: false },
]

const wanted = process.argv.slice(2).map(name => name.toLowerCase())
const unknown = wanted.find(name => benches.every(bench => bench.name !== name))
if (unknown !== undefined) {
  console.error(`bench: no measure ${unknown}; there are ${benches.map(b => b.name).join(', ')}`)
  process.exit(2)
}

const machine = describeMachine()
console.log(
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}\n`,
)
const taskset = findProgram('taskset')
for (const bench of benches) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue
  const file = fileURLToPath(new URL(bench.file, import.meta.url))
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', file]
  const [command = '', ...args] =
    bench.oneCore && taskset !== undefined ? [taskset, '-c', '0', ...node] : node
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
