import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseAction, renderInputsTable, renderOutputsTable, replaceSection } from '../../scripts/action-tables.ts'
import { outdatedFiles } from '../../scripts/generate-docs.ts'
import { parseConfig } from '../../src/plan/config-file.ts'
import { ownInputs } from '../../src/plan/inputs.ts'
import { configJsonSchema } from '../../src/plan/json-schema.ts'
import { overridable } from '../../src/plan/overrides.ts'
import { promptReader } from '../../src/plan/prompts/prompt-reader.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const action = parseAction(read('action.yml'))
const examples = readdirSync(new URL('examples/configs/', root)).filter((name) => name.endsWith('.yml'))

describe('action.yml', () => {
  test('has exactly the inputs that the code reads', () => {
    expect(Object.keys(action.inputs).sort()).toEqual([...ownInputs, ...Object.keys(overridable)].sort())
  })

  test('gives no default to an input that stands for a key of the file: it would always hide the key', () => {
    const withDefault = Object.keys(overridable).filter((name) => action.inputs[name]?.default !== undefined)
    expect(withDefault).toEqual([])
  })

  test('runs one bundle before and after, on node24', () => {
    expect(action.runs).toEqual({
      using: 'node24',
      main: 'dist/index.js',
      post: 'dist/post/index.js',
      'post-if': 'always()',
    })
  })

  test('describes every input and output', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description.length).toBeGreaterThan(20)
    }
  })
})

describe('examples', () => {
  test('cover the servers of the documentation, own prompts and names for loads', () => {
    const servers = ['fastapi-transformers', 'llama-cpp', 'ollama', 'sglang', 'tgi', 'vllm']
    expect(examples.sort()).toEqual([...servers, 'own-prompts', 'presets'].map((name) => `${name}.yml`).sort())
  })

  test.each(examples)('%s is a valid configuration', (name) => {
    const readPrompts = promptReader(fileURLToPath(new URL('examples/configs/', root)))
    const { load } = parseConfig(read(`examples/configs/${name}`), name, [], readPrompts)
    expect(load.scenarios.length).toBeGreaterThan(0)
  })
})

describe('the published JSON Schema', () => {
  const schema = z.fromJSONSchema(JSON.parse(read('llm-perf.schema.json')))

  test.each(examples)('accepts %s', (name) => {
    expect(schema.safeParse(parse(read(`examples/configs/${name}`))).error).toBeUndefined()
  })

  test.each([
    ['an unknown key', { version: 1, servers: {} }],
    ['a missing server', { version: 1 }],
    ['another version', { version: 2, server: { command: 'x' } }],
    ['a port out of range', { version: 1, server: { command: 'x', port: 70_000 } }],
    ['a margin in words', { version: 1, server: { command: 'x' }, gate: { margins: { latency: 'ten' } } }],
  ])('refuses %s', (_what, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})

describe('what an editor is told of a scenario', () => {
  interface Keys {
    readonly allOf: readonly { readonly anyOf: readonly { readonly required: readonly string[] }[] }[]
  }
  const { properties } = configJsonSchema() as unknown as { properties: { scenarios: { items: Keys }; matrix: Keys } }
  const missesNothing = ({ allOf }: Keys, given: object): boolean =>
    allOf.every(({ anyOf }) => anyOf.some(({ required }) => required.every((key) => key in given)))

  test.each([
    ['its lengths and its load', { 'prompt-tokens': 1, 'output-tokens': 1, concurrency: 1 }, true],
    ['a profile and a rate', { profile: 'tiny-SS', rate: 1 }, true],
    ['prompts of its own', { prompts: 'p.jsonl', 'output-tokens': 1, concurrency: 1 }, true],
    ['a preset', { preset: 'quick-check' }, true],
    ['nothing but a name', { name: 'a' }, false],
    ['a profile without load', { profile: 'tiny-SS' }, false],
    ['no length of the answer', { 'prompt-tokens': 1, concurrency: 1 }, false],
  ])('%s: enough is %s', (_what, given, isEnough) => {
    expect(missesNothing(properties.scenarios.items, given)).toBe(isEnough)
  })

  test('a matrix takes profiles in place of lengths', () => {
    expect(missesNothing(properties.matrix, { profiles: [], concurrency: 1 })).toBe(true)
    expect(missesNothing(properties.matrix, { profiles: [] })).toBe(false)
    expect(missesNothing(properties.matrix, { 'prompt-tokens': 1, rate: 1 })).toBe(false)
  })
})

describe('derived documents', () => {
  test('are up to date (else: node scripts/generate-docs.ts)', () => {
    expect(outdatedFiles(root).map(({ file }) => file)).toEqual([])
  })

  test('the tables have one row for each input and output, pipes escaped', () => {
    const rows = renderInputsTable(action).split('\n').slice(2)
    expect(rows.map((row) => /^\| `([^`]+)`/.exec(row)?.[1])).toEqual(Object.keys(action.inputs))
    expect(renderOutputsTable(action).split('\n')).toHaveLength(Object.keys(action.outputs).length + 2)
    const odd = { ...action, inputs: { a: { description: 'one|two\nthree', default: 'x' } } }
    expect(renderInputsTable(odd)).toContain('| `a` | `x` | one\\|two three |')
  })

  test('a section is replaced between its markers, and a document without them is refused', () => {
    const text = 'a\n<!-- inputs:start -->\nold\n<!-- inputs:end -->\nb'
    expect(replaceSection(text, 'inputs', 'new $& row')).toBe(
      'a\n<!-- inputs:start -->\nnew $& row\n<!-- inputs:end -->\nb',
    )
    expect(() => replaceSection('a', 'inputs', 'new')).toThrow('inputs:start')
    expect(() => replaceSection('<!-- inputs:end --><!-- inputs:start -->', 'inputs', 'new')).toThrow('each once')
    expect(() => replaceSection(text + text, 'inputs', 'new')).toThrow('each once')
  })
})
