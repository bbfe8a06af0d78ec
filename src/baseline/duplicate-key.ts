/**
 * The first key that stands twice in one object of a valid JSON text, or null. JSON.parse keeps the last of two equal
 * keys without a word; after a bad merge that would drop one side's numbers.
 */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = []
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/g
  for (let match = tokens.exec(json); match; match = tokens.exec(json)) {
    const token = match[0]
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else {
      const keys = open.at(-1)
      if (!keys || !isFollowedByColon(json, tokens.lastIndex)) continue
      const key = String(JSON.parse(token))
      if (keys.has(key)) return key
      keys.add(key)
    }
  }
  return null
}

/** Inside an object, a string followed by a colon is a key; any other string is a value. */
function isFollowedByColon(json: string, from: number): boolean {
  const next = /\s*(.)/y
  next.lastIndex = from
  return next.exec(json)?.[1] === ':'
}
