import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseAction } from '../../scripts/action-tables.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, string>>
}
interface Workflow {
  readonly jobs: Readonly<
    Record<'shard' | 'merge', { strategy?: { matrix: { shard: number[] } }; needs?: string; steps: readonly Step[] }>
  >
}

const page = read('docs/shards.md')
const workflows: readonly [string, Workflow][] = [
  ['the example', parse(read('examples/workflows/shards.yml')) as Workflow],
  ['the page', parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as Workflow],
]
const stepOf = (steps: readonly Step[], action: string) => steps.find(({ uses }) => uses?.includes(action))?.with ?? {}

test.each(workflows)('the workflow of %s uploads every shard and downloads what it uploads', (_name, { jobs }) => {
  const { shard, merge } = jobs
  const shards = shard.strategy?.matrix.shard ?? []
  expect(shards).toEqual(shards.map((_, place) => place + 1))
  const measure = stepOf(shard.steps, 'llm-perf-action')
  expect(measure.shard).toBe(`\${{ matrix.shard }}/${shards.length}`)
  expect(merge.needs).toBe('shard')

  const [upload, download] = [stepOf(shard.steps, 'upload-artifact'), stepOf(merge.steps, 'download-artifact')]
  const pattern = new RegExp(`^${download.pattern?.replace('*', '.+')}$`)
  for (const index of shards) expect(upload.name?.replace(/\$\{\{ matrix\.shard \}\}/, String(index))).toMatch(pattern)
  expect(upload).toMatchObject({ overwrite: true, path: expect.stringContaining('outputs.recording-path') })
  const joined = stepOf(merge.steps, 'llm-perf-action')
  expect(joined).toEqual({ mode: 'merge', recordings: download.path })

  const known = Object.keys(parseAction(read('action.yml')).inputs)
  for (const input of [...Object.keys(measure), ...Object.keys(joined)]) expect(known).toContain(input)
})

test('the page names every problem that the merge finds, and no other', () => {
  const sources = readdirSync(new URL('src/merge/', root)).map((name) => read(`src/merge/${name}`))
  const found = sources.flatMap((text) =>
    [...text.matchAll(/(?:code: |mergeFinding\(\s*)'([a-z-]+)'/g)].map(([, code]) => code),
  )
  const table = page.slice(page.indexOf('| what is wrong'), page.indexOf('A slowdown that one shard'))
  const told = [...table.matchAll(/`([a-z]+-[a-z-]+)`/g)].map(([, code]) => code)
  expect(told.toSorted()).toEqual([...new Set(found)].toSorted())
})
