import type { CellVerdict, JudgeReport } from '../../src/model/verdict.ts'
import type { ReportContext } from '../../src/report/index.ts'
import { runnerClass } from '../baseline/sample.ts'

export const context: ReportContext = {
  gate: 'default',
  kind: 'pull-request',
  baseCommit: 'a'.repeat(40),
  headCommit: 'b'.repeat(40),
  runnerClass,
  minutes: 12.34,
  passes: 9.5,
  startup: { baseMs: 2100, headMs: 2200 },
  reproduce: 'llm-perf compare --base aaaa --head bbbb',
  runUrl: 'https://github.com/acme/llm-server/actions/runs/7',
  errorRatesUrl: 'https://github.com/org/llm-perf-action/blob/v1/docs/error-rates.md',
  toolVersion: '0.1.0',
  plan: 'screen with 2 head trials, then pairs',
  clientNote: null,
  lengths: [],
  machine: [],
}

/** An unchanged P90 latency cell: 100 ms to 101 ms. */
export function cell(change: Partial<CellVerdict> = {}): CellVerdict {
  return {
    scenario: 'p128-o64-c4',
    metric: 'latencyTail',
    percentile: 90,
    verdict: 'unchanged',
    base: 100,
    head: 101,
    change: { estimate: 0.01, low: -0.02, high: 0.04 },
    decidedBy: 'pairs',
    pairs: 8,
    pValue: 0.31,
    margin: 0.1,
    mde: 0.08,
    reason: 'the upper bound of 4 % rules out 20 %',
    wouldDecide: null,
    ...change,
  }
}

/** The latency and the tokens/s cell of a scenario (null: all scenarios together). */
export function unchangedScenario(scenario: string | null): CellVerdict[] {
  const rate = { base: 118, head: 117, change: { estimate: -0.008, low: -0.02, high: 0.004 }, margin: 0.05, mde: 0.03 }
  return [cell({ scenario }), cell({ scenario, metric: 'tokensPerSecond', ...rate })]
}

export function report(change: Partial<JudgeReport> = {}): JudgeReport {
  return {
    overall: 'unchanged',
    conclusion: 'pass',
    cells: [...unchangedScenario('p128-o64-c4'), ...unchangedScenario(null)],
    shown: [],
    diagnoses: [],
    part: null,
    findings: [],
    pairs: 8,
    trials: 18,
    nullControl: null,
    outputs: null,
    accepted: [],
    notes: [],
    ...change,
  }
}

/** One scenario 82 % slower in prefill, another unchanged. */
export function slowReport(): JudgeReport {
  const slow = {
    scenario: 'p384-o8-c1',
    verdict: 'regressed',
    base: 12.34,
    head: 22.46,
    change: { estimate: 0.82, low: 0.7, high: 0.95 },
    pValue: 0.0039,
    reason: 'Slower in all 8 pairs.',
  } as const
  return report({
    overall: 'regressed',
    conclusion: 'regressed',
    cells: [
      cell(slow),
      ...unchangedScenario('p384-o8-c1').slice(1),
      ...unchangedScenario('p128-o64-c4'),
      ...unchangedScenario(null),
    ],
    shown: [
      {
        scenario: 'p384-o8-c1',
        metric: 'ttftMedian',
        percentile: 50,
        base: 5,
        head: 15,
        change: { estimate: 2, low: 1.9, high: 2.1 },
      },
    ],
    diagnoses: [{ scenario: 'p384-o8-c1', phase: 'prefill', text: 'TTFT carries 9.9 ms of 10.1 ms.' }],
  })
}
