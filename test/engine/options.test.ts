import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultOptions, parseOptions, resolveOptions } from '../../examples/engine/options.ts'

const folder = mkdtempSync(join(tmpdir(), 'engine-options-'))
const configPath = join(folder, 'engine.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function withConfig(content: string, ...args: string[]) {
  writeFileSync(configPath, content)
  return parseOptions(['--config', configPath, ...args])
}

describe('the engine options', () => {
  it('are the defaults when nothing is given', () => {
    expect(parseOptions([])).toEqual(defaultOptions)
    expect(resolveOptions({})).toEqual(defaultOptions)
  })

  it('read every flag', () => {
    const args = '--port 9 --host ::1 --preset small --sequences 2 --batch-size 64 --prefill-chunk 8 --context-size 256'
    const rest =
      '--flash-attention off --barrier off --guard-passes 2 --guard-tokens 24 --probabilities on --cache-dir models --seed 5'
    expect(parseOptions(`${args} ${rest}`.split(' '))).toEqual({
      port: 9,
      host: '::1',
      preset: 'small',
      sequences: 2,
      batchSize: 64,
      prefillChunk: 8,
      contextSize: 256,
      flashAttention: false,
      barrier: false,
      guardPasses: 2,
      guardTokens: 24,
      probabilities: true,
      cacheDir: 'models',
      seed: 5,
    })
  })

  it('take a JSON file, and let flags win over it', () => {
    const options = withConfig('{"batchSize": 32, "flashAttention": false}', '--batch-size', '16')
    expect(options).toEqual({ ...defaultOptions, batchSize: 16, flashAttention: false })
  })

  it('name all problems at once, each with key, value and what is allowed', () => {
    const wrong = '{"port": 70000, "preset": "huge", "barrier": "on", "batchsize": 1, "seed": 1.5, "cacheDir": ""}'
    expect(() => withConfig(wrong)).toThrow(
      [
        'port: expected a whole number from 0 to 65535, got 70000',
        'preset: expected nano, tiny, small, got "huge"',
        'barrier: expected a boolean, got "on"',
        `batchsize: unknown option (${Object.keys(defaultOptions).join(', ')})`,
        'seed: expected a whole number from 0 to 4294967295, got 1.5',
        'cacheDir: expected a string, got ""',
      ].join('\n'),
    )
  })

  it.each([
    ['an unknown flag', ['--bogus', '1'], /--bogus/],
    ['a flag that is no number', ['--port', '80x'], /port: .* got "80x"/],
    ['a flag that is neither on nor off', ['--barrier', 'maybe'], /barrier: .* got "maybe"/],
    ['an empty number', ['--port', ''], /port: .* got ""/],
    ['a config file that is missing', ['--config', join(folder, 'none.json')], /none\.json cannot be read/],
  ])('refuse %s', (_, args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })

  it.each(['[]', 'null', '3', '{"port": 1'])('refuse a config file that holds %s', (content) => {
    expect(() => withConfig(content)).toThrow(/--config/)
  })
})
