/** name{labels} value [timestamp]; a label value may hold braces, spaces and escaped quotes. */
const sampleLine =
  /^([A-Za-z_:][A-Za-z0-9_:]*)[ \t]*(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]+([^ \t]+)(?:[ \t]+-?\d+)?[ \t]*$/
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const notFinite: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

/**
 * Prometheus' text format: each metric's value, summed over its label sets (engines, finish reasons, ranks).
 *
 * Strict: a single line that is none, or the same series twice, and the whole text is refused as null. A page of HTML, a
 * quoted string and a body that was cut in the middle of a line must not become numbers.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseExposition(text: string): ReadonlyMap<string, number> | null {
  if (text !== '' && !text.endsWith('\n')) return null
  const sums = new Map<string, number>()
  const seen = new Set<string>()
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, name, labels = '', cell = ''] = sampleLine.exec(line) ?? []
    const value = readValue(cell)
    const series = `${name}${labels}`
    if (name === undefined || value === null || seen.has(series)) return null
    seen.add(series)
    sums.set(name, (sums.get(name) ?? 0) + value)
  }
  return sums
}

function readValue(cell: string): number | null {
  return decimal.test(cell) ? Number(cell) : (notFinite.get(cell.toLowerCase()) ?? null)
}
