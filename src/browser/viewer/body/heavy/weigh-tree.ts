import type { Pace } from './pace.ts'

/** A million comments between a million letters: so many texts at once fit into no call. Elements. */
const everyText = 0.1
/** So much text is as much work as one element. Characters. */
const textPerElement = 2000
/** Between two looks at the clock. */
const nodesAtOnce = 500

/** What a node and all below it cost to sanitise, by node: a number of elements. */
export type Weights = ReadonlyMap<Node, number>

/** Adds every node of a tree to `weights`. */
export async function weighTree(root: Node, weights: Map<Node, number>, pace: Pace): Promise<void> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  /** Of the elements that are not finished, the outermost first. */
  const open: number[] = [1]
  while (open.length > 0) {
    if (weights.size % nodesAtOnce === 0) await pace.step()
    if (walker.firstChild() !== null) {
      open.push(ownWeight(walker.currentNode))
      continue
    }
    finishNodes(walker, open, weights)
  }
}

/** From a node without children up to the next that has a sibling to go on with. */
function finishNodes(walker: TreeWalker, open: number[], weights: Map<Node, number>): void {
  for (;;) {
    const weight = open.pop() ?? 0
    weights.set(walker.currentNode, weight)
    if (open.length === 0) return
    open.push((open.pop() ?? 0) + weight)
    if (walker.nextSibling() !== null) {
      open.push(ownWeight(walker.currentNode))
      return
    }
    walker.parentNode()
  }
}

function ownWeight(node: Node): number {
  return node instanceof Text ? everyText + node.length / textPerElement : 1
}
