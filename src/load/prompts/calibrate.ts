/** How many tokens the server counts for a prompt of so many units; each call may use another prompt. */
export type CountTokens = (units: number) => Promise<number>

/** Tokens as a line over units: a template or begin mark adds the same to every prompt, a word costs the same. */
export interface LengthLine {
  readonly tokensPerUnit: number
  readonly overhead: number
}

const probes = [8, 40] as const
const mostAttempts = 9

/** Measures the line by two short prompts. */
export async function fitLine(countTokens: CountTokens): Promise<LengthLine> {
  const [short, long] = probes
  const shortTokens = await countTokens(short)
  const longTokens = await countTokens(long)
  const slope = (longTokens - shortTokens) / (long - short)
  // A count that does not grow with the prompt is no count; one token a unit is the best guess left.
  const tokensPerUnit = slope > 0 ? slope : 1
  return { tokensPerUnit, overhead: shortTokens - tokensPerUnit * short }
}

/** A number of units and what the server counted for it. */
interface Tried {
  readonly units: number
  readonly tokens: number
}

/**
 * Number of units whose prompt comes closest to `tokens`. Starts on the line and corrects by what the server counts:
 * words differ in their cost, and a server may count in steps or along a curve. Stops when exact, or when no better
 * number is in reach.
 */
export async function solveUnits(tokens: number, line: LengthLine, countTokens: CountTokens): Promise<number> {
  let best: Tried | undefined
  let below: Tried = { units: 0, tokens: Math.min(line.overhead, tokens - 1) }
  let above: Tried | undefined
  let units = atLeastOne(Math.round((tokens - line.overhead) / line.tokensPerUnit))
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const tried = { units, tokens: await countTokens(units) }
    if (tried.tokens === tokens) return units
    if (!best || Math.abs(tried.tokens - tokens) < Math.abs(best.tokens - tokens)) best = tried
    const last = below
    if (tried.tokens < tokens) below = tried
    else above = tried
    if (above && above.units - below.units <= 1) break
    units = above ? between(below, above, tokens, attempt) : beyond(last, below, tokens, line)
  }
  return best?.units ?? units
}

/** With nothing above yet: on by what the last step has brought, at least one unit. */
function beyond(last: Tried, below: Tried, tokens: number, line: LengthLine): number {
  const gain = (below.tokens - last.tokens) / (below.units - last.units)
  const tokensPerUnit = gain > 0 ? gain : line.tokensPerUnit
  return below.units + atLeastOne(Math.round((tokens - below.tokens) / tokensPerUnit))
}

/** Where the straight line between both meets; every third time half-way, so that a curve cannot make the steps tiny. */
function between(below: Tried, above: Tried, tokens: number, attempt: number): number {
  const distance = above.units - below.units
  const share = attempt % 3 === 2 ? 0.5 : (tokens - below.tokens) / (above.tokens - below.tokens)
  return below.units + Math.min(distance - 1, atLeastOne(Math.round(distance * share)))
}

function atLeastOne(units: number): number {
  return Math.max(1, units)
}
