import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { guardMatrix, parseConfig, promptFilesOf, promptReader } from '../../../src/plan/index.ts'
import { refusalOf } from '../refusal.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'llm-perf-prompts-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const two = '"eight ch"\n"sixteen letters."\n'
const config = (scenarios: string, api = 'openai-completions') => `version: 1
server: { command: 'serve --port {{port}}' }
api: { type: ${api} }
${scenarios}
`
const oneScenario = config('scenarios: [{ prompts: p.jsonl, output-tokens: 8, concurrency: 2 }]')
const parse = (text: string) => parseConfig(text, 'llm-perf.yml', [], promptReader(root))

const messageOf = (text: string) => refusalOf(() => parse(text)).message

describe('a scenario with prompts of its own', () => {
  test('has them read from the checkout, hashed, and a nominal length of four characters a token', () => {
    writeFileSync(join(root, 'p.jsonl'), two)
    const { load } = parse(oneScenario)
    expect(load.prompts).toEqual({ 'p.jsonl': ['eight ch', 'sixteen letters.'] })
    const sha256 = createHash('sha256').update(two).digest('hex')
    // Mean of 8 and 16 characters is 12: 3 tokens.
    expect(load.scenarios).toMatchObject([{ name: 'p-o8-c2', promptTokens: 3, prompts: { file: 'p.jsonl', sha256 } }])
  })

  test('is the same scenario with other line ends or a byte order mark, as git or an editor may leave them', () => {
    writeFileSync(join(root, 'p.jsonl'), two)
    const expected = parse(oneScenario).load.scenarios
    writeFileSync(join(root, 'p.jsonl'), `\uFEFF${two.replaceAll('\n', '\r\n')}`)
    expect(parse(oneScenario).load.scenarios).toEqual(expected)
  })

  test('is other work as soon as the file says something else, whatever its name', () => {
    writeFileSync(join(root, 'p.jsonl'), two)
    const before = parse(oneScenario).load.scenarios
    writeFileSync(join(root, 'p.jsonl'), two.replace('eight ch', 'eight hc'))
    const after = parse(oneScenario).load.scenarios
    expect(after[0]?.name).toBe(before[0]?.name)
    expect(() => guardMatrix(before, after)).toThrow(/"p-o8-c2" is other work: prompts .*p\.jsonl/)
  })

  test('counts the messages of a conversation, for an API that takes them', () => {
    const messages = [
      { role: 'system', content: 'four' },
      { role: 'user', content: 'and eight...' },
    ]
    writeFileSync(join(root, 'p.jsonl'), `${JSON.stringify({ messages })}\n"sixteen letters."\n`)
    const { load } = parse(oneScenario.replace('openai-completions', 'openai-chat'))
    expect(load.scenarios[0]?.promptTokens).toBe(4)
    expect(load.prompts['p.jsonl']?.[0]).toEqual({ messages })
    expect(messageOf(oneScenario)).toContain('prompt 1 is a list of messages, which the API of api.type does not take')
  })

  test('may come from a matrix, with several files, and one file is read once', () => {
    mkdirSync(join(root, 'load'))
    writeFileSync(join(root, 'load/chat prompts.v2.jsonl'), two)
    writeFileSync(join(root, 'p.jsonl'), two)
    const matrix = "matrix: { prompts: ['load/chat prompts.v2.jsonl', p.jsonl], output-tokens: 4, concurrency: [1, 2] }"
    const read: string[] = []
    const { load } = parseConfig(config(matrix), 'llm-perf.yml', [], (file) => {
      read.push(file)
      return promptReader(root)(file)
    })
    expect(load.scenarios.map(({ name }) => name)).toEqual([
      'chat_prompts.v2-o4-c1',
      'chat_prompts.v2-o4-c2',
      'p-o4-c1',
      'p-o4-c2',
    ])
    expect(read).toEqual(['load/chat prompts.v2.jsonl', 'p.jsonl'])
    expect(promptFilesOf(config(matrix), 'llm-perf.yml', [])).toEqual(read)
    expect(promptFilesOf('a: [', 'llm-perf.yml', [])).toEqual([])
  })
})

describe('a prompt file that cannot be used is told before anything starts', () => {
  test('with file and line, together with all that is wrong with the configuration', () => {
    writeFileSync(join(root, 'p.jsonl'), '"one"\n{"prompt": ""}\nnonsense\n')
    const message = messageOf(oneScenario.replace('concurrency: 2', 'concurrency: 0'))
    expect(message).toContain('3 problems')
    expect(message).toContain('- p.jsonl line 2: the prompt is empty; got {"prompt":""}; allowed: a text that says')
    expect(message).toContain('- p.jsonl line 3: not JSON')
    expect(message).toContain('scenarios[0].concurrency: got 0')
  })

  test('once, also when several scenarios name it; and not with thousands of lines', () => {
    writeFileSync(join(root, 'p.jsonl'), '""\n'.repeat(5000))
    const twice = config(
      'scenarios:\n  - { prompts: p.jsonl, output-tokens: 8, concurrency: 2 }\n  - { prompts: p.jsonl, output-tokens: 9, concurrency: 2 }',
    )
    const message = messageOf(twice)
    expect(message.match(/p\.jsonl line/g)).toHaveLength(20)
    expect(message).toContain('4980 more problems in this file')
  })

  test.each<[string, () => void, string]>([
    ['missing', () => {}, 'llm-perf.yml:4 scenarios[0].prompts: there is no such file; got "p.jsonl"'],
    ['a folder', () => mkdirSync(join(root, 'p.jsonl')), 'it is not a file'],
    ['too large', () => writeFileSync(join(root, 'p.jsonl'), Buffer.alloc(33 * 2 ** 20)), 'it has 33 MiB; at most 32'],
    ['one prompt only', () => writeFileSync(join(root, 'p.jsonl'), '"one"'), '1 different prompts'],
  ])('%s', (_what, prepare, expected) => {
    prepare()
    expect(messageOf(oneScenario)).toContain(expected)
  })

  test('a link out of the checkout is not followed, and nothing behind it is quoted', () => {
    const outside = mkdtempSync(join(tmpdir(), 'llm-perf-outside-'))
    try {
      writeFileSync(join(outside, 'secret'), 'hunter2\nhunter3\n')
      symlinkSync(join(outside, 'secret'), join(root, 'p.jsonl'))
      expect(messageOf(oneScenario)).toContain('a link that leads out of the checkout')
      expect(messageOf(oneScenario)).not.toContain('hunter')
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
  })

  test.each(['../p.jsonl', '/p.jsonl', 'a/../../p.jsonl'])('a path out of the checkout: %s', (path) => {
    expect(messageOf(oneScenario.replace('p.jsonl', path))).toContain('a relative path that stays inside the checkout')
  })

  test('without a checkout at hand there is no such file', () => {
    expect(() => parseConfig(oneScenario, 'llm-perf.yml')).toThrow('there is no such file')
  })
})
