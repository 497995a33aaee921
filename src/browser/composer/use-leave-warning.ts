import { useEffect } from 'preact/hooks'
import type { Composer } from './composer.ts'

/** The browser asks before the page goes, where something would be lost: never because of a draft that is kept. */
export function useLeaveWarning(composer: Composer | null): void {
  useEffect(() => {
    if (composer === null) return undefined
    const warn = (event: BeforeUnloadEvent): void => {
      if (wouldLose(composer)) event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [composer])
}

/** While it is sent, nobody knows yet whether it arrives. */
export function wouldLose({ draft, keeping, sending }: Composer): boolean {
  const isOnItsWay = ['sealing', 'uploading', 'delivering'].includes(sending.value.kind)
  const isKept = keeping.value === 'kept'
  const { written, files } = draft.value
  return isOnItsWay || (!isKept && (written.trim() !== '' || files.length > 0))
}
