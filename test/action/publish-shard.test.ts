import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { publishReport } from '../../src/action/publish.ts'
import type { Log } from '../../src/log.ts'
import { useFakeGitHub } from '../github/use-fake-github.ts'
import { context, report, slowReport } from '../report/sample.ts'
import { runJob } from '../runner/run-action.ts'
import { type Job, World } from '../runner/world.ts'

const fake = useFakeGitHub()
const folder = mkdtempSync(join(tmpdir(), 'llm-perf-publish-shard-'))
const log: Log = { info: () => {}, warning: () => {}, group: async (_, body) => await body(), progress: () => {} }
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what a shard found', () => {
  const shard = { index: 2, count: 4 }
  const [summary, output] = [join(folder, 'summary'), join(folder, 'output')]

  async function published(of: typeof slowReport): Promise<string> {
    for (const path of [summary, output]) writeFileSync(path, '')
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary)
    vi.stubEnv('GITHUB_OUTPUT', output)
    let stdout = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text)
      return true
    })
    const view = { ...context, shard, reproduce: 'llm-perf compare --base aaaa --shard 2/4' }
    expect(await publishReport({ report: of(), view, out: folder, recordings: folder, log }, null)).toBe(
      of().conclusion,
    )
    return stdout
  }

  it('is told by annotation, summary, outputs and report, each as that of the shard', async () => {
    const stdout = await published(slowReport)
    const [annotation] = stdout.split('\n').filter((line) => line.startsWith('::error'))
    expect(annotation).toContain('title=llm-perf%3A regressed')
    expect(annotation).toContain('::Shard 2/4: ❌ Slower: P90 latency of p384-o8-c1')
    expect(annotation).toContain('The job with mode merge gives the verdict on the whole.')
    expect(annotation).toContain('--shard 2/4')
    expect(readFileSync(summary, 'utf8')).toMatch(/^## Shard 2\/4: ❌ Slower/)
    expect(readFileSync(output, 'utf8')).toMatch(/verdict<<.*\nregressed\n/)
    const written = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { context: { shard: unknown } }
    expect(written.context.shard).toEqual(shard)
  })

  it('needs no annotation where it is fine', async () => {
    expect(await published(report)).not.toContain('::error')
  })
})

describe('a job that fails before it measures', () => {
  let world: World
  const broken = "version: 1\nserver: { command: 'serve' }\nscenarios: []\n"
  let pull: Job | undefined
  beforeAll(() => {
    world = new World(join(folder, 'world'), fake)
  })

  async function run(inputs: Readonly<Record<string, string>>) {
    if (!pull) {
      await world.pushToMain({ 'llm-perf.yml': broken }, 'base')
      pull = await world.openPull('change', { 'x.txt': 'x' }, 'Change')
    }
    const before = (await fake.journal()).length
    const { main } = await runJob({
      ...pull,
      bundle: resolve(import.meta.dirname, '../../src/index.ts'),
      temp: join(folder, 'temp'),
      inputs: { token: fake.tokens.job, ...inputs },
    })
    const writes = (await fake.journal()).slice(before).filter(({ method }) => method !== 'GET')
    return { main, writes }
  }

  it('comments on the pull request where it is the whole', async () => {
    const { main, writes } = await run({})
    expect(main.exitCode, main.stderr).toBe(1)
    expect(main.summary).toMatch(/^### ⚠️ INVALID/)
    expect(writes.map(({ path }) => path).join()).toContain('/comments')
  })

  it('leaves comment and check to the merge where it is a shard, and is as red', async () => {
    const { main, writes } = await run({ shard: '1/2' })
    expect(main.exitCode, main.stderr).toBe(1)
    expect(main.stdout).toContain('::error')
    expect(main.outputs).toMatchObject({ verdict: 'invalid', 'comment-url': '' })
    expect(main.summary).toMatch(/^### Shard 1\/2: ⚠️ INVALID/)
    expect(main.summary).toContain('The job with mode merge gives the verdict on the whole.')
    expect(writes).toEqual([])
  })
})
