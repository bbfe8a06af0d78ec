import type { Metric } from '../metrics/index.ts'
import { mayEndEarly, type Scenario } from '../model/scenario.ts'
import type { CellVerdict, Diagnosis, Phase } from '../model/verdict.ts'
import { compareMetric, type RunEvidence } from './evidence.ts'
import { figure, percent } from './wording.ts'

/** From this part of the change on, a phase is named alone. */
const dominant = 0.7
/** Prompts of lengths within this ratio cost the same prefill, near enough. */
const similarLength = 1.5
/** Growth below this part of the other scenario's counts as none. */
const hardlyGrown = 0.3

/** The change of one scenario's mean latency, taken apart. Milliseconds; factors are head / base. */
interface Parts {
  readonly latency: { readonly base: number; readonly head: number }
  readonly ttftMs: number
  readonly ttftFactor: number
  /** Tokens of an answer after the first; a mean, where the model may end early. */
  readonly laterTokens: number
  /** Change of the time per token, times the tokens after the first. */
  readonly decodeMs: number
  readonly tpotMs: number
}

/**
 * Says which phase moved in each scenario whose verdict is a change: latency is the time to the first token plus the time
 * per token for the rest. Without streaming there is no first token to see, hence no phase.
 */
export function diagnose(scenarios: readonly Scenario[], cells: readonly CellVerdict[], run: RunEvidence): Diagnosis[] {
  const moved = cells.filter(({ verdict }) => ['regressed', 'accepted', 'improved'].includes(verdict))
  const named = scenarios.filter(({ name }) => moved.some((cell) => cell.scenario === name))
  const concerned = named.length > 0 || moved.length === 0 ? named : scenarios
  return concerned.flatMap((scenario) => {
    const parts = takeApart(scenario, run)
    const phase = parts && phaseOf(scenario, parts, scenarios, run)
    return parts && phase ? [{ scenario: scenario.name, phase, text: describe(parts) }] : []
  })
}

function takeApart(scenario: Scenario, run: RunEvidence): Parts | null {
  const { name, outputTokens, streaming } = scenario
  const compare = (metric: Metric) => compareMetric(run, metric, [name])
  const latency = compare('latencyMean')
  const ttft = compare('ttftMedian')
  const tpot = compare('tpotMean')
  if (!streaming || !latency || !ttft) return null
  const [tokens, requests] = [compare('tokensPerSecond'), compare('requestRate')]
  const isShorter = mayEndEarly(scenario) && tokens !== null && requests !== null
  const answerTokens = isShorter ? tokens.base / requests.base : outputTokens
  const tpotMs = tpot ? tpot.head - tpot.base : 0
  return {
    latency,
    ttftMs: ttft.head - ttft.base,
    ttftFactor: ttft.head / ttft.base,
    laterTokens: answerTokens - 1,
    decodeMs: tpotMs * (answerTokens - 1),
    tpotMs,
  }
}

function phaseOf(scenario: Scenario, parts: Parts, scenarios: readonly Scenario[], run: RunEvidence): Phase | null {
  const share = ttftShare(parts)
  if (share === null) return null
  if (share <= 1 - dominant) return 'decode'
  if (share < dominant) return 'prefill and decode'
  return isQueue(scenario, parts, scenarios, run) ? 'queue' : 'prefill'
}

/** The first token's part of what moved in the direction of the whole; null when nothing did. */
function ttftShare({ latency, ttftMs, decodeMs }: Parts): number | null {
  const direction = Math.sign(latency.head - latency.base)
  const ttft = Math.max(0, direction * ttftMs)
  const decode = Math.max(0, direction * decodeMs)
  return ttft + decode > 0 ? ttft / (ttft + decode) : null
}

/** The first token of a request alone in the server did not move: so the wait for the server did. */
function isQueue(scenario: Scenario, { ttftFactor }: Parts, scenarios: readonly Scenario[], run: RunEvidence): boolean {
  if (isAlone(scenario)) return false
  const alone = scenarios.find(
    (other) =>
      isAlone(other) &&
      Math.max(other.promptTokens, scenario.promptTokens) <=
        similarLength * Math.min(other.promptTokens, scenario.promptTokens),
  )
  const ttft = alone && compareMetric(run, 'ttftMedian', [alone.name])
  if (!ttft) return false
  return Math.log(ttft.head / ttft.base) / Math.log(ttftFactor) < hardlyGrown
}

/** One request at a time, so that none waits for another. */
function isAlone({ concurrency, arrivals }: Scenario): boolean {
  return concurrency === 1 && arrivals === null
}

function describe(parts: Parts): string {
  const { base, head } = parts.latency
  const whole = `Mean latency ${figure(base)} to ${figure(head)} ms (${percent(head / base - 1)})`
  const first = `time to the first token ${signedMs(parts.ttftMs)} ms (${percent(parts.ttftFactor - 1)})`
  return `${whole}: ${first}${describeRest(parts)}.`
}

function describeRest({ laterTokens, decodeMs, tpotMs }: Parts): string {
  const tokens = Math.round(laterTokens)
  if (tokens < 1) return ''
  if (tokens === 1) return `, the other token ${signedMs(decodeMs)} ms`
  return `, the other ${tokens} tokens ${signedMs(decodeMs)} ms (${signedMs(tpotMs)} ms each)`
}

function signedMs(value: number): string {
  return `${value < 0 ? '-' : '+'}${figure(Math.abs(value))}`
}
