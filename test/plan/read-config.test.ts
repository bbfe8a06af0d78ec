import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseConfig } from '../../src/plan/config-file.ts'
import { overridesFrom } from '../../src/plan/overrides.ts'
import { readConfig } from '../../src/plan/read-config.ts'
import { refusalOf } from './refusal.ts'

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readFile = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : null)
const missing = { path: join(folder, 'none.yml'), fileName: 'none.yml', readFile }
const sizes = '{ prompt-tokens: 4, output-tokens: 2, concurrency: 1 }'

const refusedWith = (overrides: Parameters<typeof overridesFrom>[0]) =>
  refusalOf(() => readConfig({ ...missing, overrides: overridesFrom(overrides, (name) => name) }))

test('a file is read and its text kept', () => {
  const path = join(folder, 'llm-perf.yml')
  const text = `version: 1\nserver: { command: 'x {{port}}' }\nscenarios: [${sizes}]\n`
  writeFileSync(path, text)
  const loaded = readConfig({ path, fileName: 'llm-perf.yml', overrides: [], readFile })
  expect(loaded).toEqual({ config: parseConfig(text, 'llm-perf.yml'), text })
})

test('a missing file is refused with where it was looked for, and an example that works', () => {
  const error = refusedWith({})
  expect(error).toMatchObject({ code: 'usage', message: expect.stringContaining(missing.path) })
  const example = /for example:\n([\s\S]*)\nOr set/.exec(error.hint)?.[1] ?? ''
  expect(parseConfig(example, 'example').load.scenarios).toHaveLength(1)
})

test('a command alone, or scenarios alone, do not replace the file', () => {
  expect(refusedWith({ 'server-command': 'x {{port}}' }).message).toContain('no such file')
  expect(refusedWith({ scenarios: `[${sizes}]` }).message).toContain('no such file')
})

test('both together replace the file', () => {
  const overrides = overridesFrom({ 'server-command': 'x {{port}}', matrix: sizes }, (name) => name)
  const { config, text } = readConfig({ ...missing, overrides })
  expect(text).toBeNull()
  expect(config.load.scenarios.map((scenario) => scenario.name)).toEqual(['p4-o2-c1'])
})
