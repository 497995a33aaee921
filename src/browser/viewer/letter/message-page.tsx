import { useEffect, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import { announce } from '../../ui/announce.tsx'
import { lazyPart } from '../../ui/lazy.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Seal } from '../../ui/seal.tsx'
import { addText, text } from '../../ui/text.ts'
import { useHeadingFocus } from '../../ui/use-heading-focus.ts'
import { MessageFrame } from '../body/message-frame.tsx'
import { useFrameLook } from '../body/use-frame-look.ts'
import { Attachments } from './attachments.tsx'
import { download } from './download.ts'
import { SenderLine } from './sender-line.tsx'
import { SessionNotice } from './session-notice.tsx'
import { Toolbar } from './toolbar.tsx'
import type { Reader } from '../reader.ts'
import type { ShownLetter } from '../show-message.ts'
import type { WarningCode } from '../mail/parse-mail.ts'

/** Readings of a mail that differ between programs: said, so that nobody is deceived by one of them. */
const ambiguities: ReadonlySet<WarningCode> = new Set([
  'repeated-field',
  'malformed-header',
  'too-many-fields',
  'too-deep',
  'too-many-parts',
  'bad-boundary',
  'damaged-part',
  'hidden-text',
])

const offer = lazyPart(async () => {
  const [{ PasskeyOffer }] = await Promise.all([
    import('../../passkeys/passkey-offer.tsx'),
    addText('ways'),
  ])
  return PasskeyOffer
})

/** The letter. */
export function MessagePage(props: {
  readonly reader: Reader
  readonly shown: ShownLetter
}): JSX.Element {
  const { reader, shown } = props
  const { release, letter } = shown
  const subject = titleOf(shown)
  const heading = useHeadingFocus()
  useEffect(() => {
    document.title = subject
    announce(text('message.shown'))
  }, [subject])
  useEffect(() => void keepServiceWorker(), [])
  return (
    <>
      <Toolbar
        permissions={release.permissions}
        onSignOut={() => void reader.close('signed-out')}
      />
      <SessionNotice reader={reader} />
      <article class="sheet letter">
        <div class="headline">
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{subject}</bdi>
          </h1>
          <Seal opened />
        </div>
        <SenderLine release={release} letter={letter} />
        <Content shown={shown} subject={subject} />
      </article>
      <aside class="after" aria-label={text('message.associations')}>
        <offer.Part
          address={release.recipient}
          organisation={reader.description.value?.organisation.name ?? ''}
        />
        <a class="small" href="/associations">
          {text('message.associations')}
        </a>
      </aside>
    </>
  )
}

function titleOf({ letter }: ShownLetter): string {
  if (letter === null) return text('message.cannotDisplay')
  return letter.subject === '' ? text('message.noSubject') : letter.subject
}

function Content({ shown, subject }: { shown: ShownLetter; subject: string }): JSX.Element {
  const { letter, mail, why } = shown
  const [remoteCount, setRemoteCount] = useState(0)
  const look = useFrameLook()
  if (letter === null)
    return (
      <>
        <p>
          {text(why === 'time-limit' ? 'message.cannotDisplayTime' : 'message.cannotDisplayNext')}
        </p>
        <Original mail={mail} name="message.eml" primary />
      </>
    )
  const name = fileNameOf(subject)
  return (
    <>
      {letter.warnings.some(code => ambiguities.has(code)) && (
        <Notice>
          <p>{text('message.odd')}</p>
        </Notice>
      )}
      {letter.encryption !== 'none' && (
        <Notice>
          <p>{text('message.encrypted', { kind: cryptoName(letter.encryption) })}</p>
        </Notice>
      )}
      {letter.sections.length === 0 ? (
        <p class="soft">{text('message.empty')}</p>
      ) : (
        <MessageFrame letter={letter} look={look} onRemote={setRemoteCount} />
      )}
      {remoteCount > 0 && (
        <Notice>
          <p>{text('message.remote', { count: remoteCount })}</p>
        </Notice>
      )}
      <Attachments attachments={letter.attachments} zipName={`${name}.zip`} />
      <footer class="end">
        {letter.signature !== 'none' && (
          <p class="soft small">{text('message.signed', { kind: cryptoName(letter.signature) })}</p>
        )}
        <Original mail={mail} name={`${name}.eml`} />
      </footer>
    </>
  )
}

function Original(props: {
  readonly mail: Blob
  readonly name: string
  readonly primary?: boolean
}): JSX.Element {
  const { mail, name } = props
  return (
    <button
      type="button"
      class={props.primary === true ? 'primary' : 'quiet small original'}
      onClick={() => {
        download(mail, name)
        announce(text('message.downloaded', { name }))
      }}
    >
      {text('message.downloadOriginal')}
    </button>
  )
}

function cryptoName(kind: 'smime' | 'openpgp' | 'none'): string {
  return kind === 'smime' ? 'S/MIME' : 'OpenPGP'
}

/** Of the subject, what every file system takes. */
function fileNameOf(subject: string): string {
  const name = subject
    .replaceAll(/[\p{C}\\/:*?"<>|]+/gu, ' ')
    .trim()
    .replace(/^\.+/, '')
  return name.slice(0, 80).toWellFormed().trim() || 'message'
}

/** For the next message: now there is time. */
async function keepServiceWorker(): Promise<void> {
  const load = import('../../service-worker/register.ts')
  await load.then(({ registerServiceWorker }) => registerServiceWorker()).catch(() => undefined)
}
