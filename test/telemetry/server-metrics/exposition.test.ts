import { expect, test } from 'vitest'
import { parseExposition } from '../../../src/telemetry/server-metrics/exposition.ts'

const parsed = (text: string) => Object.fromEntries(parseExposition(text) ?? [['refused', 1]])

test('values are summed over label sets; comments and blank lines say nothing', () => {
  const text = `# HELP a_total Something.
# TYPE a_total counter
a_total{engine="0",reason="stop"} 40.0
a_total{engine="1",reason="length"} 2

b 1.5e+06 1700000000000
c{le="+Inf"} +Inf
`
  expect(parsed(text)).toEqual({ a_total: 42, b: 1_500_000, c: Number.POSITIVE_INFINITY })
})

test.each([
  ['braces, spaces and quotes in a label', 'a{x="} 7 {",y="say \\"hi\\" \\\\"} 3\n', { a: 3 }],
  ['no labels in braces', 'a{} 3\n', { a: 3 }],
  ['a colon in the name', 'vllm:a_total 3\n', { 'vllm:a_total': 3 }],
  ['Windows line ends', 'a 1\r\nb 2\r\n', { a: 1, b: 2 }],
  ['tabs', 'a\t1\n', { a: 1 }],
  ['nothing at all', '', {}],
  ['only comments', '# EOF\n', {}],
  ['negative and short numbers', 'a -1\nb .5\nc 3.\n', { a: -1, b: 0.5, c: 3 }],
])('%s', (_name, text, values) => {
  expect(parsed(text)).toEqual(values)
})

test('NaN stays NaN, also in a sum', () => {
  expect(parsed('a{x="1"} NaN\na{x="2"} 5\n').a).toBeNaN()
})

test.each([
  ['a page', '<html><body>404</body></html>\n'],
  ['JSON', '{"a": 1}\n'],
  ['the whole text as a quoted string', '"# HELP a\\na 1\\n"'],
  ['a line that was cut', 'a_total 12'],
  ['a value that was cut away', 'a_total 12\nb_total\n'],
  ['a label that never ends', 'a{x="1 3\n'],
  ['words for a value', 'a many\n'],
  ['hexadecimal', 'a 0x10\n'],
  ['the name of something that every object has', 'a constructor\n'],
  ['a name that begins with a digit', '1a 3\n'],
  ['the same series twice', 'a{x="1"} 3\na{x="1"} 4\n'],
  ['more behind the timestamp', 'a 1 2 3\n'],
])('a text is refused as a whole for %s', (_name, text) => {
  expect(parseExposition(text)).toBeNull()
  expect(parseExposition(`good 1\n${text}`)).toBeNull()
})

test('a long broken line is refused in no time', () => {
  const started = performance.now()
  expect(parseExposition(`a{${'x="",'.repeat(50_000)}\n`)).toBeNull()
  expect(parseExposition(`a{x="${'\\'.repeat(100_001)}\n`)).toBeNull()
  expect(performance.now() - started).toBeLessThan(10_000)
})
