import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startFakeGitHub } from '../test/github/fake-github/index.ts'
import { type Job, World } from '../test/runner/world.ts'
import { type Expectation, expectations } from './expectations.ts'
import { type Played, play } from './play.ts'
import { printComment } from './print.ts'
import { changes, initialFiles } from './team.ts'

/**
 * `npm run demo`: a team's week on the embedded engine. The action is the committed bundle in a process of its own,
 * GitHub's API a fake in another; nothing of src/ is used here.
 *
 *     --bundle FILE   another bundle than dist/index.js
 */
const root = resolve(import.meta.dirname, '..')
const { values } = parseArgs({ options: { bundle: { type: 'string' } } })
const bundle = resolve(values.bundle ?? join(root, 'dist', 'index.js'))
const out = join(root, 'out', 'demo')
const place = mkdtempSync(join(tmpdir(), 'llm-perf-demo-'))

interface Line {
  readonly name: string
  readonly expected: string
  readonly actual: string
  readonly exitCode: number | null
  readonly verdicts: Played['verdicts']
  readonly minutes: number
  readonly passes: number
  readonly overheadSeconds: number
  readonly problems: readonly string[]
}

async function playWeek(): Promise<Line[]> {
  const github = await startFakeGitHub()
  const lines: Line[] = []
  try {
    const world = new World(place, github)
    const one = async (expectation: Expectation, job: Job) => {
      console.log(`\n━━ ${lines.length + 1}. ${expectation.title}`)
      const folder = join(out, `${lines.length + 1}-${expectation.name}`)
      const played = await play(job, { world, github, bundle, folder })
      if (played.comment !== null) printComment(played.comment)
      lines.push(judgeLine(expectation, played))
    }
    const files = initialFiles(join(root, 'examples', 'engine'), join(root, 'out', 'engine-cache'))
    await one(expectations.firstPush, await world.pushToMain(files, 'Our model server'))
    await one(expectations.harmless, await world.openPull('say-hello', changes.harmless, 'Say what it is for'))
    await one(
      expectations.slower,
      await world.openPull('input-guard', changes.slower, 'Check every prompt before it is answered'),
    )
    await one(expectations.dying, await world.openPull('request-log', changes.dying, 'Keep a log of requests'))
    await one(expectations.merge, await world.merge('say-hello'))
  } finally {
    await github.stop()
  }
  return lines
}

function judgeLine(expectation: Expectation, played: Played): Line {
  const { name, expected } = expectation
  const actual = conclusionOf(played)
  const { exitCode } = played.main
  const problems = [
    ...(actual === expected ? [] : [`ended as ${actual}, expected ${expected}`]),
    ...(exitCode === expectation.exitCode ? [] : [`exit code ${exitCode}, expected ${expectation.exitCode}`]),
    ...expectation.check(played),
  ]
  const { verdicts, minutes, passes, overheadSeconds } = played
  const wrong = problems.length === 0 ? 'as expected' : `NOT as expected: ${problems.join('; ')}`
  console.log(
    `  → ${actual}, ${(minutes * 60).toFixed(0)} s, of which ${overheadSeconds.toFixed(2)} s overhead: ${wrong}`,
  )
  return { name, expected, actual, exitCode, verdicts, minutes, passes, overheadSeconds, problems }
}

/** What the event came to, from the action's outputs and exit code; a job without a pull request makes a baseline. */
function conclusionOf({ main, comment }: Played): string {
  const verdict = main.outputs.verdict ?? 'none'
  return comment === null && verdict === 'pass' && main.exitCode === 0 ? 'baseline' : verdict
}

const startedMs = performance.now()
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
try {
  const events = await playWeek()
  const overheadSeconds = Math.max(...events.map((line) => line.overheadSeconds))
  writeFileSync(join(out, 'summary.json'), `${JSON.stringify({ overheadSeconds, events }, null, 2)}\n`)
  const wrong = events.filter((line) => line.problems.length > 0)
  console.log(
    `\n${events.length - wrong.length} of ${events.length} events ended as expected, in ${((performance.now() - startedMs) / 60_000).toFixed(1)} minutes.`,
  )
  console.log(
    `Overhead of the action itself: at most ${overheadSeconds.toFixed(2)} s a job. Everything is in out/demo/.`,
  )
  if (wrong.length > 0 || events.length !== Object.keys(expectations).length) process.exitCode = 1
} finally {
  rmSync(place, { recursive: true, force: true })
}
