import { type Document, isAlias, isMap, isScalar, isSeq, type Node, visit } from 'yaml'
import type { KeyPath } from './problems.ts'

export interface SyntaxFault {
  readonly offset: number
  readonly allowed: string
  readonly message: string
}

/** Everything that makes the text no YAML, or YAML that cannot become JSON. */
export function syntaxFaults(document: Document): readonly SyntaxFault[] {
  const allowed = 'plain YAML, one document'
  const faults = [...document.errors, ...document.warnings].map((error) => {
    const offset = error.pos[0]
    if (error.code !== 'DUPLICATE_KEY') return { offset, allowed, message: `not YAML: ${error.message}` }
    return { offset, allowed: 'each key once in a mapping', message: 'this key is given twice' }
  })
  visit(document, {
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document)
      if (target && !ancestors.includes(target)) return
      const why = target ? `&${alias.source} contains itself` : `no anchor &${alias.source} before *${alias.source}`
      faults.push({ offset: alias.range?.[0] ?? 0, allowed, message: `not YAML: ${why}` })
    },
  })
  return faults
}

/** Where the key at `path` starts; of a key that is not there, where its parent starts. */
export function offsetOf(document: Document, path: KeyPath): number {
  let node = resolved(document, document.contents)
  let offset = 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = resolved(document, pair.value as Node | null)
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined
      offset = item?.range?.[0] ?? offset
      node = resolved(document, item ?? null)
    } else break
  }
  return offset
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node
}
