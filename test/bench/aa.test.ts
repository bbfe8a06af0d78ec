// Verifies what bench:aa makes of real jobs: counting, going on after an interruption, and the noisy neighbour.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { teams } from '../../bench/aa/engines.ts'
import type { JobResult } from '../../bench/aa/job.ts'
import { Journal } from '../../bench/aa/journal.ts'
import { Neighbour } from '../../bench/aa/neighbour.ts'
import { tallyJobs } from '../../bench/aa/tally.ts'
import { noOverrides, parseConfig } from '../../src/plan/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-aa-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const passed: JobResult = {
  job: 1,
  case: 'a/a',
  neighbour: false,
  conclusion: 'pass',
  exitCode: 0,
  pairs: 4,
  passes: 8,
  seconds: 20,
  regressed: [],
  scenarioNamed: null,
  phaseNamed: null,
  partNamed: null,
  change: null,
  findings: [],
}
const failed: JobResult = {
  ...passed,
  conclusion: 'regressed',
  exitCode: 1,
  scenarioNamed: true,
  phaseNamed: true,
  partNamed: true,
}

describe('tallyJobs', () => {
  it('counts every end once', () => {
    const jobs: JobResult[] = [
      passed,
      { ...passed, neighbour: true, passes: 12, seconds: 40 },
      failed,
      { ...passed, conclusion: 'inconclusive' },
      { ...passed, conclusion: 'invalid', exitCode: 1 },
      { ...passed, conclusion: 'none', exitCode: null },
    ]
    expect(tallyJobs('embedded', 'a/a', jobs)).toMatchObject({
      jobs: 6,
      neighbours: 1,
      fail: 1,
      inconclusive: 1,
      pass: 2,
      invalid: 2,
      passesMean: 52 / 6,
      secondsMean: 140 / 6,
    })
  })

  it('a pass with another exit code than 0 is no pass', () => {
    expect(tallyJobs('embedded', 'a/a', [{ ...passed, exitCode: 70 }])).toMatchObject({ pass: 0 })
  })

  it('a phase, and a part of the matrix, count only where the scenario was named too', () => {
    const jobs = [
      failed,
      { ...failed, scenarioNamed: false },
      { ...failed, phaseNamed: false },
      { ...failed, phaseNamed: false, partNamed: false },
    ]
    const named = { scenarioNamed: 3, phaseNamed: 1, partNamed: 2 }
    expect(tallyJobs('embedded', 'guard', jobs)).toMatchObject({ fail: 4, ...named })
  })
})

describe('Journal', () => {
  it('gives back what was done for the same bundle and team', () => {
    const place = join(folder, 'same')
    new Journal(place, 'one').add(passed)
    new Journal(place, 'one').add(failed)
    expect(new Journal(place, 'one').done).toEqual([passed, failed])
  })

  it('starts again for another bundle, and leaves nothing of the earlier one', () => {
    const place = join(folder, 'other')
    new Journal(place, 'one').add(passed)
    writeFileSync(join(place, 'recording'), '')
    expect(new Journal(place, 'two').done).toEqual([])
    expect(readdirSync(place)).toEqual(['identity'])
  })
})

/** CPU seconds of a process so far, user and system. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

describe('Neighbour', () => {
  it.runIf(process.platform === 'linux')(
    'burns CPU until it is stopped',
    async () => {
      const neighbour = new Neighbour(1)
      const { pid } = neighbour
      try {
        await expect.poll(() => cpuSeconds(pid), { timeout: 20_000 }).toBeGreaterThan(1)
      } finally {
        await neighbour.stop()
      }
      expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    },
    30_000,
  )
})

describe('the team with the embedded engine', () => {
  const { files, knobs } = teams.embedded()
  const { load, gate } = parseConfig(files['llm-perf.yml'] ?? '', 'llm-perf.yml', noOverrides, () => null)

  it('has a configuration whose margin is half of what its slower changes cost', () => {
    expect(gate.margins.latencyTail).toBe(0.1)
  })

  it('changes files that it has, and names scenarios that it measures', () => {
    const names = load.scenarios.map(({ name }) => name)
    for (const knob of Object.values(knobs)) {
      expect(names).toContain(knob.scenario)
      for (const [path, text] of Object.entries(knob.files)) {
        expect(Object.keys(files)).toContain(path)
        expect(text).not.toBe(files[path])
      }
    }
  })
})
