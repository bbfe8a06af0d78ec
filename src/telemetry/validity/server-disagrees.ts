import { plural } from '../../model/words.ts'
import { percent, succeeded, type ValidityRule } from './rule.ts'

const tolerance = 0.02
/**
 * Finding the units of a prompt may ask for a few tokens more before the warm-up, and llama.cpp prints its counters with
 * six significant digits.
 */
const toleratedTokens = 20

/**
 * The server has made more or fewer tokens than were asked of it: somebody else uses it, or one of the two counts is
 * wrong. A failed request may have made any number of its tokens, so that only the range between is held against it.
 */
export const serverDisagrees: ValidityRule = ({ scenario, records, window, telemetry }) => {
  const counted = telemetry?.serverMetrics[scenario.name]?.outputTokens ?? null
  // What a failed warm-up made is not known, and is a finding of its own.
  if (counted === null || window.warmupFailures.length > 0) return null
  const ok = succeeded(records)
  const { outputTokens: asked, outputLength } = scenario
  const warmup = window.warmupRequests * asked
  const measured = ok.reduce((sum, { outputTokens }) => sum + (outputTokens ?? Number.NaN), 0)
  // Of the warm-up it is not kept how long its answers were.
  const ours = measured + (outputLength === 'exact' ? warmup : 0)
  const most = measured + warmup + (records.length - ok.length) * asked
  const allowed = Math.max(tolerance * ours, toleratedTokens)
  if (counted >= ours - allowed && counted <= most + allowed) return null
  const who = counted > most ? 'More was asked of it than we asked' : 'It made less than its answers say'
  return {
    code: 'server-disagrees',
    scenario: scenario.name,
    message: `The server's own counter grew by ${plural(counted, 'output token')} while our requests, warm-up included, come to ${ours} (allowed: ${percent(tolerance)}, or ${toleratedTokens} tokens). ${who}.`,
    hint: 'See who else sends requests to this server (health checks that generate, a proxy that repeats requests). Several servers behind one port each count for themselves: measure one of them.',
  }
}
