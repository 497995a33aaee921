import { describe, expect, it } from 'vitest'
import { threadIds } from '../../../src/browser/composer/addressing/thread-ids.ts'

const of = (...lines: readonly string[]) =>
  threadIds(new Blob([[...lines, 'Subject: x', '', 'References: <body@x>'].join('\r\n')]))

describe('how an answer hangs on what it answers', () => {
  it('is by the answered id after its references', async () => {
    expect(await of('Message-ID: <c@x>', 'References: <a@x>', ' <b@x>')).toEqual({
      inReplyTo: '<c@x>',
      references: ['<a@x>', '<b@x>', '<c@x>'],
    })
  })

  it('is by In-Reply-To where there are no references', async () => {
    expect((await of('Message-ID: <b@x>', 'In-Reply-To: <a@x>')).references).toEqual([
      '<a@x>',
      '<b@x>',
    ])
  })

  it('is by nothing for a mail without ids', async () => {
    expect(await of('From: a@b')).toEqual({ inReplyTo: null, references: [] })
  })

  it('takes no id that could be more than one', async () => {
    const { inReplyTo, references } = await of(
      'Message-ID: <a b@x>',
      'References: <ok@x> <é@x> <two@x',
    )
    expect(inReplyTo).toBeNull()
    expect(references).toEqual(['<ok@x>'])
  })

  it('keeps the first and the last hundred of an endless chain, each once', async () => {
    const chain = Array.from({ length: 300 }, (_, i) => `<${i}@x>`)
    const { references } = await of(
      'Message-ID: <own@x>',
      `References: ${chain.join('\r\n ')} <own@x> <own@x>`,
    )
    expect(references).toHaveLength(100)
    expect(references[0]).toBe('<0@x>')
    expect(references.at(-1)).toBe('<own@x>')
  })
})
