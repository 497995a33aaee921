import type { RemoteItems } from '../remote-items.ts'
import type { Pace } from './pace.ts'

/** Notes what a whole letter wanted to fetch; and empties templates, of which the sanitiser leaves nothing. */
export async function noteRemote(root: ParentNode, remote: RemoteItems, pace: Pace): Promise<void> {
  remote.noteBase(root)
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT)
  for (let node: Node | null = root; node !== null; node = walker.nextNode()) {
    if (node instanceof Element) remote.noteElement(node)
    if (node instanceof HTMLTemplateElement) {
      await noteRemote(node.content, remote, pace)
      node.content.replaceChildren()
    }
    await pace.step()
  }
}
