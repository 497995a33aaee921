import { expect, it } from 'vitest'
import { onChange, signal } from '../../../src/browser/ui/signal.ts'

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

it('tells of all changes of one turn once, and of the same value not at all', async () => {
  const [a, b] = [signal(1), signal('x')]
  const seen: string[] = []
  const end = onChange(() => void seen.push(`${a.value}${b.value}`))
  a.value = 2
  b.value = 'y'
  expect(seen).toEqual([])
  await turn()
  a.value = 2
  await turn()
  expect(seen).toEqual(['2y'])
  end()
  a.value = 3
  await turn()
  expect(seen).toEqual(['2y'])
})

it('tells again of a change that a listener makes', async () => {
  const count = signal(0)
  const seen: number[] = []
  const end = onChange(() => {
    seen.push(count.value)
    if (count.value < 3) count.value += 1
  })
  count.value = 1
  await turn()
  expect(seen).toEqual([1, 2, 3])
  end()
})
