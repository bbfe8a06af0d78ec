import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { toolVersion } from '../src/version.ts'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')

interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: number
}

const filesBelow = (folder: string): SourceFile[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      return { path: relative(root, join(folder, name)), text, lines: text.trimEnd().split('\n').length }
    })

const sources = filesBelow(source)
const importsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export) [^']*'([^']+)'/gm)].map((match) => match[1] ?? '')

describe('files can be held in the head', () => {
  test('entry at most 10 lines, main at most 120', () => {
    const linesOf = (path: string) => sources.find((file) => file.path === path)?.lines
    expect(linesOf('src/index.ts')).toBeLessThanOrEqual(10)
    expect(linesOf('src/cli.ts')).toBeLessThanOrEqual(10)
    expect(linesOf('src/main.ts')).toBeLessThanOrEqual(120)
  })

  test('no file past 300 lines, half of them under 90', () => {
    expect(sources.filter(({ lines }) => lines > 300).map(({ path }) => path)).toEqual([])
    const sorted = sources.map(({ lines }) => lines).toSorted((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(90)
  })

  test('no folder or file is named for nothing in particular', () => {
    expect(sources.filter(({ path }) => /(^|[/-])(utils?|helpers?|common|misc)([./-]|$)/.test(path))).toEqual([])
  })
})

describe('pure folders stay pure', () => {
  const pure = ['stats', 'judge', 'metrics', 'baseline', 'model', 'report']
  const allowed = new Set(['src/report/templates.ts'])
  test.each(pure)('%s imports no network, file system or GitHub', (folder) => {
    const impure = sources
      .filter(({ path }) => path.startsWith(`src/${folder}/`) && !allowed.has(path))
      .flatMap(({ path, text }) =>
        importsOf(text)
          .filter((name) => /^@actions\/|^undici|^node:(fs|net|http|https|child_process|os)/.test(name))
          .map((name) => `${path} imports ${name}`),
      )
    expect(impure).toEqual([])
  })

  test('pure folders import only pure folders', () => {
    const reach = new RegExp(`^src/(${pure.join('|')})/`)
    const outside = sources
      .filter(({ path }) => reach.test(path))
      .flatMap(({ path, text }) =>
        importsOf(text)
          .filter((name) => name.startsWith('..'))
          .map((name) => relative(root, join(root, path, '..', name)))
          .filter((target) => !reach.test(target) && target !== 'src/errors.ts')
          .map((target) => `${path} imports ${target}`),
      )
    expect(outside).toEqual([])
  })

  test('only src/github talks to GitHub', () => {
    const others = sources.filter(
      ({ path, text }) => !path.startsWith('src/github/') && /@actions\/github|@octokit/.test(text),
    )
    expect(others.map(({ path }) => path)).toEqual([])
  })
})

test('inputs are read in one file', () => {
  const readers = sources.filter(({ text }) => /\bget(Boolean|Multiline)?Input\(/.test(text))
  expect(readers.map(({ path }) => path)).toEqual(['src/plan/inputs.ts'])
})

test('nothing ends the process midway', () => {
  expect(sources.filter(({ text }) => /process\.exit\(/.test(text)).map(({ path }) => path)).toEqual([])
})

test('every validity rule, metric and API stands in its registry', () => {
  for (const [folder, registry] of [
    ['src/telemetry/validity', 'index.ts'],
    ['src/metrics', 'index.ts'],
    ['src/load/api', 'index.ts'],
  ] as const) {
    const text = readFileSync(join(root, folder, registry), 'utf8')
    expect(importsOf(text).length, folder).toBeGreaterThan(2)
  }
})

test('the tool reports the version of package.json', () => {
  expect(toolVersion).toBe(packageJson.version)
})

test('dependencies are pinned exactly, and undici is one without the slow keep-alive', () => {
  const versions = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies })
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  const [major = 0, minor = 0, patch = 0] = packageJson.dependencies.undici.split('.').map(Number)
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(8_010_001)
})
