import { useEffect, useState } from 'preact/hooks'
import type { ComponentType, JSX } from 'preact'
import { text } from './text.ts'
import { Working } from './working.tsx'

export interface LazyPart<Props> {
  readonly Part: (props: Props) => JSX.Element
  /** Loads it before it is needed; a failure is tried again when it is. */
  readonly preload: () => void
}

/** A part of a page that is loaded when it is first drawn. */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LazyPart<Props> {
  let loaded: ComponentType<Props> | null = null
  const fetchPart = async (): Promise<void> => {
    loaded ??= await load()
  }
  return { Part, preload: () => void fetchPart().catch(() => undefined) }

  function Part(props: Props): JSX.Element {
    const [state, setState] = useState<'loading' | 'ready' | 'failed'>(
      loaded === null ? 'loading' : 'ready',
    )
    const start = (again = false): void => {
      setState('loading')
      fetchPart().then(
        () => setState('ready'),
        () => {
          setState('failed')
          if (again) void reloadWhenNewer()
        },
      )
    }
    useEffect(() => {
      if (loaded === null) start()
    }, [])
    if (state === 'failed') return <Failed onRetry={() => start(true)} />
    const Loaded = loaded
    return Loaded === null ? <Working what={text('frame.loading')} /> : <Loaded {...props} />
  }
}

/** The portal answers, and yet has not this part: it is newer than this page, which finds its message again. */
async function reloadWhenNewer(): Promise<void> {
  const answer = await fetch(location.pathname).catch(() => null)
  if (answer?.ok === true) location.reload()
}

/** Goes on by itself when the connection is back. */
function Failed({ onRetry }: { readonly onRetry: () => void }): JSX.Element {
  useEffect(() => {
    addEventListener('online', onRetry)
    return () => removeEventListener('online', onRetry)
  }, [])
  const what = navigator.onLine ? 'offline' : 'disconnected'
  return (
    <div class="sheet narrow stack" role="alert">
      <h1>{text(`errors.${what}`)}</h1>
      <p>{text(`errors.${what}-next`)}</p>
      <button type="button" class="primary" onClick={onRetry}>
        {text('errors.retry')}
      </button>
    </div>
  )
}
