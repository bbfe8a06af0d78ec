/** How many tokens the server counts for a prompt of so many units; each call may use another prompt. */
export type CountTokens = (units: number) => Promise<number>

/** Tokens as a line over units: a template or begin mark adds the same to every prompt, a word costs the same. */
export interface LengthLine {
  readonly tokensPerUnit: number
  readonly overhead: number
}

const probes = [8, 40] as const
const mostAttempts = 6

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

/**
 * Number of units whose prompt comes closest to `tokens`. Starts on the line and corrects by what the server counts,
 * since words differ in their cost; stops when exact, or when no better number is in reach.
 */
export async function solveUnits(tokens: number, line: LengthLine, countTokens: CountTokens): Promise<number> {
  const tried = new Map<number, number>()
  let units = atLeastOne(Math.round((tokens - line.overhead) / line.tokensPerUnit))
  while (!tried.has(units) && tried.size < mostAttempts) {
    const off = tokens - (await countTokens(units))
    tried.set(units, Math.abs(off))
    if (off === 0) return units
    const step = Math.round(off / line.tokensPerUnit) || Math.sign(off)
    units = atLeastOne(units + step)
  }
  return [...tried].reduce((best, next) => (next[1] < best[1] ? next : best))[0]
}

function atLeastOne(units: number): number {
  return Math.max(1, units)
}
