/** The first table of a markdown text after a heading line (or of the whole text), as GitHub reads it: cells by row. */
export function tableOf(markdown: string, heading = ''): string[][] {
  const lines = markdown.slice(heading === '' ? 0 : markdown.indexOf(heading)).split('\n')
  const start = lines.findIndex((line) => line.startsWith('|'))
  if (start < 0) return []
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'))
  const rows = lines.slice(start, length < 0 ? undefined : start + length).map(cellsOf)
  const width = rows[0]?.length
  if (!rows.every((row) => row.length === width)) throw new Error(`rows of different width: ${JSON.stringify(rows)}`)
  if (!rows[1]?.every((cell) => /^:?-+:?$/.test(cell))) throw new Error('no delimiter row')
  return [rows[0] ?? [], ...rows.slice(2)]
}

/** A pipe divides cells unless a backslash stands before it; code spans do not protect it. */
function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
}
