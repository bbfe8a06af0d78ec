import { describe, expect, it } from 'vitest'
import { noChange } from '../../bench/gate/cases.ts'
import { type Environment, environments } from '../../bench/gate/environments.ts'
import { Simulation } from '../../bench/gate/simulation.ts'
import type { Conclusion } from '../../src/model/verdict.ts'

/**
 * The gate's promises, by simulated pull requests through the real judge. The runs are too few to measure a rate of one
 * per cent: the bounds are where a gate that keeps its promise would fail this test once in some thousand seeds.
 */
function simulate(environment: Environment, runs: number, change = noChange) {
  const counts: Record<Conclusion, number> = { pass: 0, regressed: 0, inconclusive: 0, invalid: 0 }
  let passes = 0
  for (let run = 0; run < runs; run++) {
    const result = new Simulation(environment, 1000 + run).pullRequest(change)
    counts[result.report.conclusion] += 1
    passes += result.passes
  }
  return { counts, meanPasses: passes / runs }
}

/** Eight scenarios; a no-op costs about 3 passes where the screen works and 10 to 13 where pairs must do it. */
const mostPasses: Readonly<Record<string, number>> = { quiet: 4, noisy: 13, drifting: 15, steady: 13 }

describe.each(environments)('on a machine that is $name', (environment) => {
  it('calls a change without effect slower once in a hundred times', () => {
    const { counts, meanPasses } = simulate(environment, 80)
    expect(counts.regressed).toBeLessThanOrEqual(5)
    expect(counts.inconclusive).toBeLessThanOrEqual(6)
    expect(counts.invalid).toBe(0)
    expect(meanPasses).toBeLessThan(mostPasses[environment.name] ?? 0)
  })

  it('catches one scenario that is 20 % slower 95 times in a hundred', () => {
    const { counts } = simulate(environment, 30, { tail: 1.2, rate: 1, scenarios: 1 })
    expect(counts.regressed).toBeGreaterThanOrEqual(24)
  })

  it('catches one scenario that takes twice as long', () => {
    const { counts } = simulate(environment, 15, { tail: 2, rate: 0.5, scenarios: 1 })
    expect(counts.regressed).toBeGreaterThanOrEqual(14)
    expect(counts.pass).toBe(0)
  })
})
