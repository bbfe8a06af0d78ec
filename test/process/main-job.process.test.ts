// Verifies the main job on the committed bundle: first baseline, a judged pull request, the update on merge.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JudgeReport } from '../../src/model/verdict.ts'
import { runEntry } from '../export/llm-perf.ts'
import { type StepResult, startMain } from '../runner/run-action.ts'
import type { Job } from '../runner/world.ts'
import { bundle, leftovers, Stage, teamFiles } from './stage.ts'

const baselinePath = '.github/llm-perf-baseline.json'
let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(async () => {
  await stage.close()
})

async function jobsInBaseline(): Promise<{ kind: string; trials: unknown[] }[]> {
  const text = await stage.world.fileOnMain(baselinePath)
  const file = JSON.parse(text ?? 'null') as {
    windows: Record<string, { jobs: { kind: string; trials: unknown[] }[] }>
  }
  return Object.values(file.windows).flatMap((window) => window.jobs)
}

/** The recording alone, by the terminal command, comes to the verdict that the job came to. */
async function expectSameVerdict({ outputs }: StepResult): Promise<void> {
  const recording = outputs['recording-path'] ?? ''
  const cli = join(bundle, '..', 'cli', 'index.js')
  const judged = await runEntry(cli, recording, ['judge', '--recording', recording, '--json'])
  const report = JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8')) as JudgeReport
  const { cells, conclusion, overall, pairs } = JSON.parse(judged.stdout) as JudgeReport
  expect({ cells, conclusion, overall, pairs }, judged.stderr).toEqual({
    cells: report.cells,
    conclusion: report.conclusion,
    overall: report.overall,
    pairs: report.pairs,
  })
}

test('a first push calibrates, a pull request is judged against it, and its merge appends to the window', async () => {
  const push = await stage.world.pushToMain(teamFiles(), 'start')
  const first = await stage.run(push)
  expect(first.main.stdout).not.toContain('::error')
  expect(first.main.exitCode).toBe(0)
  expect(first.main.outputs.verdict).toBe('pass')
  expect(first.main.summary).toContain('The calibration entered')
  expect(await jobsInBaseline()).toMatchObject([{ kind: 'calibration', trials: [{}, {}] }])

  const pull: Job = await stage.world.openPull('say-hello', { 'README.md': '# Hello\n' }, 'Say hello')
  const planned = await stage.run(pull, { mode: 'plan' })
  expect(planned.main.exitCode, planned.main.stdout).toBe(0)
  expect(planned.main.outputs.verdict).toBe('planned')
  expect(planned.main.summary).toContain('caught 95 times in 100')
  expect(await stage.comment(pull.pull)).toBeNull()

  const started = startMain(stage.step(pull))
  const judged = await started.done
  expect(judged.stdout).not.toContain('::error')
  expect(judged.exitCode).toBe(0)
  expect(judged.outputs.verdict).toBe('pass')
  expect(judged.outputs['comment-url']).toMatch(/#issuecomment-\d+$/)
  const comment = await stage.comment(pull.pull)
  expect(comment).toMatch(/^<!-- llm-perf-action:default -->/)
  expect(await stage.checks(pull)).toMatchObject([
    {
      name: 'llm-perf: default',
      conclusion: 'success',
      output: { summary: comment?.replace('<!-- llm-perf-action:default -->\n', '') },
    },
  ])
  expect(judged.summary).toContain('short')
  await expectSameVerdict(judged)
  expect(leftovers(pull, started.trackingId)).toEqual([])

  const merged = await stage.run(await stage.world.merge('say-hello'))
  expect(merged.main.exitCode).toBe(0)
  expect((await jobsInBaseline()).map((job) => job.kind)).toEqual(['calibration', 'push'])
}, 180_000)

test('the token and the runner’s command files never reach the server, nor any log', async () => {
  const spy = `import { writeFileSync } from 'node:fs'
writeFileSync('environment.txt', JSON.stringify(process.env))
process.exit(3)
`
  const pull = await stage.world.openPull('spy', { 'server.mjs': spy }, 'Look around')
  const { main } = await stage.run(pull)
  expect(main.exitCode).toBe(1)
  const { readFileSync } = await import('node:fs')
  const seen = JSON.parse(readFileSync(`${pull.workspace}/environment.txt`, 'utf8')) as Record<string, string>
  expect(Object.keys(seen)).toContain('PORT')
  expect(
    Object.keys(seen).filter((name) =>
      /^(INPUT_|STATE_|ACTIONS_|GITHUB_(TOKEN|OUTPUT|STATE|ENV|PATH|STEP_SUMMARY))/.test(name),
    ),
  ).toEqual([])
  expect(JSON.stringify(seen)).not.toContain(stage.github.tokens.job)
  const masks = main.stdout.split('\n').filter((line) => line.startsWith('::add-mask::'))
  expect(main.stdout.split('\n').filter((line) => line.includes(stage.github.tokens.job))).toEqual(masks)
}, 60_000)
