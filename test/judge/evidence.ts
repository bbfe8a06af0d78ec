import type { DecisionInput } from '../../src/judge/index.ts'
import type { ScenarioMetrics } from '../../src/metrics/index.ts'
import type { BaselineJob, BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'
import type { Finding, Side, TrialEvidence } from '../../src/model/trial.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'

/** Evidence made by hand: what the tests of the judge feed it with. */

export const scenario = (name: string, given: Partial<Scenario> = {}): Scenario => ({
  name,
  ...plainLoad,
  promptTokens: 128,
  outputTokens: 11,
  concurrency: 1,
  requests: 30,
  streaming: true,
  ...given,
})

/** Mean latency is TTFT plus ten times TPOT, as of eleven tokens; the tail is twice the mean. */
export function measured(
  ttftMs: number,
  tpotMs: number,
  given: Partial<ScenarioMetrics['values']> = {},
): ScenarioMetrics {
  const mean = ttftMs + 10 * tpotMs
  return {
    values: {
      latencyTail: 2 * mean,
      tokensPerSecond: 11_000 / mean,
      latencyMedian: mean,
      latencyMean: mean,
      ttftTail: 2 * ttftMs,
      ttftMedian: ttftMs,
      tpotMean: tpotMs,
      requestRate: 1000 / mean,
      latencySentTail: null,
      ttftSentTail: null,
      queueDelayTail: null,
      queueDelayMedian: null,
      sendRate: null,
      goodput: null,
      ...given,
    },
    percentile: 90,
    requests: 30,
    successRate: 1,
  }
}

export function trial(
  side: Side,
  pair: number | null,
  scenarios: Readonly<Record<string, ScenarioMetrics>>,
  findings: readonly Finding[] = [],
): TrialEvidence {
  const order = pair === null ? 0 : 2 * pair + (side === 'base' ? 0 : 1)
  const stage = pair === null ? 'screen' : 'pairs'
  return {
    id: `${side[0]}${pair ?? 's'}`,
    side,
    stage,
    pair,
    order,
    startedAt: '2026-01-01T00:00:00Z',
    startupMs: 500,
    scenarios,
    findings,
    lengths: [],
    telemetry: null,
  }
}

export type Measure = (side: Side, random: Random) => Readonly<Record<string, ScenarioMetrics>>

/** Complete pairs, numbered from `from`. */
export function pairs(count: number, measure: Measure, from = 0): TrialEvidence[] {
  const random = seededRandom(count + 100 * from)
  return Array.from({ length: count }, (_, index) => index + from).flatMap((pair) => [
    trial('base', pair, measure('base', random)),
    trial('head', pair, measure('head', random)),
  ])
}

/** A factor around 1, uniform within plus or minus `width`. */
export const jitter = (random: Random, width: number) => 1 + width * (2 * random() - 1)

/** Nine jobs with three trials each, of a machine whose trials and jobs differ by about one per cent. */
export function quietWindow(scenarios: readonly Scenario[], measure: Measure, jobs = 9, width = 0.015): BaselineWindow {
  const random = seededRandom(77)
  const made: BaselineJob[] = Array.from({ length: jobs }, (_, job) => {
    const drift = jitter(random, width)
    return {
      commit: `c${job}`,
      at: '2026-01-01T00:00:00Z',
      kind: 'push',
      runUrl: null,
      accepted: [],
      shifts: [],
      trials: Array.from({ length: 3 }, (_, n) => ({
        id: `b${n}`,
        startedAt: '2026-01-01T00:00:00Z',
        startupMs: 500,
        scenarios: scaled(measure('base', random), drift),
      })),
    }
  })
  const runnerClass = { id: 'test', os: 'linux', arch: 'x64', cpu: 'test', cores: 2, memoryGiB: 8, gpu: null }
  return { runnerClass, scenarios, jobs: made, best: [] }
}

function scaled(scenarios: Readonly<Record<string, ScenarioMetrics>>, factor: number) {
  return Object.fromEntries(
    Object.entries(scenarios).map(([name, metrics]) => {
      const { latencyTail, tokensPerSecond } = metrics.values
      const values = {
        ...metrics.values,
        latencyTail: latencyTail && latencyTail * factor,
        tokensPerSecond: tokensPerSecond && tokensPerSecond / factor,
      }
      return [name, { ...metrics, values }]
    }),
  )
}

export function input(given: Partial<DecisionInput> & Pick<DecisionInput, 'scenarios'>): DecisionInput {
  return { window: null, trials: [], policy: defaultPolicy, seed: 1, final: false, notes: [], ...given }
}

/** `verdict` by cell: `short latencyTail`, `all tokensPerSecond`. */
export function verdicts(report: {
  readonly cells: readonly { scenario: string | null; metric: string; verdict: string }[]
}) {
  return Object.fromEntries(report.cells.map((cell) => [`${cell.scenario ?? 'all'} ${cell.metric}`, cell.verdict]))
}
