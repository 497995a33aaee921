/** Elements and texts right below a node. Not by `childNodes`: a form's fields can take its place. */
export function childNodes(parent: Node): readonly Node[] {
  const walker = document.createTreeWalker(parent, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  const found: Node[] = []
  for (let node = walker.firstChild(); node !== null; node = walker.nextSibling()) found.push(node)
  return found
}
