import { reasonOf } from './commands/input-file.ts'
import { processTerminal } from './commands/terminal.ts'
import { runProgram } from './commands/run-program.ts'

// A reader that went away (`zegel journal | head -1`) is no error.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`zegel: cannot write the output: ${reasonOf(error)}; it is not whole\n`)
  process.exit(1)
})

process.exitCode = await runProgram(process.argv.slice(2), processTerminal())
