// Verifies on the committed bundle that a slowdown is accepted by a trailer or label that is right, and by nothing else.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Job } from '../runner/world.ts'
import { bundle, configuration, Stage, teamFiles } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.world.pushToMain(files, 'start')
})
afterEach(async () => {
  await stage.close()
})

const margins = 'margins: { latency: 50%, tokens-per-second: 30%, all-latency: 50%, all-tokens-per-second: 30% }'
const files = teamFiles(configuration({ gate: `${margins}\n  max-pairs: 8` }))
/** Every request first keeps the server busy for several times the time that it takes. */
const busy = 'onRequest: () => { const end = Date.now() + 150; while (Date.now() < end); }'
const slower = { 'server.mjs': (files['server.mjs'] ?? '').replace('...settings,', `...settings, ${busy},`) }

/** A conviction needs eight pairs, however busy this machine is. */
const patience = { 'budget-minutes': '30' }

function labelled(pull: Job, ...names: string[]): Job {
  const event = structuredClone(pull.event) as { pull_request: { labels?: unknown } }
  event.pull_request.labels = names.map((name) => ({ name }))
  return { ...pull, event }
}

/** As slow, and with 300 MiB of the host's memory that nobody needs. */
const larger = {
  'server.mjs': `globalThis.kept = Buffer.alloc(300 * 2 ** 20, 1)\n${slower['server.mjs']}`,
}

test('an override trailer and an override label that are misspelt accept nothing: red, with what was meant', async () => {
  const message =
    'Check the grammar\n\nLLM-Perf-Acept: short latency: on purpose\nLLM-Perf-Accept: shrt latency: on purpose'
  const pull = labelled(await stage.world.openPull('misspelt', larger, message), 'llm-perf: acept')
  const { main } = await stage.run(pull, patience)
  expect(main.exitCode, main.stdout).toBe(1)
  expect(main.outputs.verdict).toBe('regressed')
  const comment = (await stage.comment(pull.pull)) ?? ''
  for (const text of [comment, main.summary, main.stdout]) {
    expect(text).toMatch(/LLM-Perf-Acept" is not "LLM-Perf-Accept"/)
    expect(text).toMatch(/no scenario "shrt"; did you mean "short"\?/)
    expect(text).toMatch(/label "llm-perf: acept" accepts nothing/)
    expect(text).toMatch(/The server needs more memory of the host: \d+ to \d+ MiB, \+\d+ %/)
  }
}, 300_000)

test('a trailer and a label accept: green, told in the headline, judged the same again, handed to the baseline', async () => {
  const message = 'Check the grammar\n\nLLM-Perf-Accept: short latency: grammar checking is on now'
  const opened = await stage.world.openPull('accepted', slower, message)
  const pull = labelled(opened, 'llm-perf: accept short tokens/s')
  const { main } = await stage.run(pull, patience)
  expect(main.exitCode, main.stdout).toBe(0)
  expect(main.outputs.verdict).toBe('pass')
  const comment = (await stage.comment(pull.pull)) ?? ''
  expect(comment).toMatch(/^### ✅ Slower, and accepted: .* of `short` .*\(and 1 more row\)/m)
  expect(comment).toMatch(/By commit [0-9a-f]{12} by Dana Dev: grammar checking is on now\./)
  expect(comment).toContain('By label "llm-perf: accept short tokens/s"')
  expect(comment).toContain('☑️ accepted')

  const out = main.outputs['recording-path'] ?? ''
  const cli = join(bundle, '..', 'cli', 'index.js')
  const sides = ['--base', join(out, 'base'), '--head', join(out, 'head')]
  const again = execFileSync(process.execPath, [cli, 'judge', ...sides, '--json'], { encoding: 'utf8' })
  const reported = JSON.parse(readFileSync(main.outputs['report-path'] ?? '', 'utf8')) as { cells: unknown }
  expect(JSON.parse(again)).toMatchObject({ conclusion: 'pass', overall: 'accepted', cells: reported.cells })

  const merged = await stage.run(await stage.world.merge('accepted'))
  expect(merged.main.exitCode, merged.main.stdout).toBe(0)
  // The push sees commits alone: the label ended with the pull request.
  expect(merged.main.summary).toContain('Accepted with this push: short latency')
  expect(merged.main.summary).not.toMatch(/tokens\/s\W+(by )?label/)
  const baseline = JSON.parse((await stage.world.fileOnMain('.github/llm-perf-baseline.json')) ?? '') as {
    windows: Record<string, { jobs: { accepted: unknown }[] }>
  }
  const accepted = Object.values(baseline.windows).flatMap(({ jobs }) => jobs.map((job) => job.accepted))
  expect(accepted).toMatchObject([[{ scenario: 'short', metric: 'latencyTail', reason: 'grammar checking is on now' }]])
}, 300_000)
