export const apis = ['openai-completions', 'openai-chat'] as const
export type FailureApi = (typeof apis)[number]

/** What one tool made of one fault over one API. */
export interface Outcome {
  /** Requests that the tool counted as successes; null when it gave no count. */
  readonly successes: number | null
  readonly failures: number | null
}

/** How a tool ended when every answer was faulty. */
export interface Ending {
  /** Null: it had not ended when its time was up. */
  readonly exitCode: number | null
  /** The last that it said. */
  readonly said: string
}

/** What one tool made of one fault. */
export interface ToolResult {
  /** By API, every second answer faulty. An API that the tool was not run with is missing. */
  readonly counted: Readonly<Partial<Record<FailureApi, Outcome>>>
  /** Every answer faulty, completions. */
  readonly ending: Ending
}

/** One row of the matrix. */
export interface Row {
  readonly fault: string
  readonly title: string
  /** How many of the requests were answered soundly; a range where a fault stops the server. */
  readonly sound: { readonly least: number; readonly most: number }
  /** By name of the tool. */
  readonly tools: Readonly<Record<string, ToolResult>>
}

export interface FailureMatrix {
  readonly schema: 'llm-perf-bench-failures/1'
  readonly requests: number
  /** Names with versions by which they are shown; ours first. */
  readonly tools: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
}

export const ours = 'llm-perf'

/** True when a tool counted as successes what was sound, and nothing else. */
export function isStrict(row: Row, { successes }: Outcome): boolean {
  return successes !== null && successes >= row.sound.least && successes <= row.sound.most
}

/** Where our own tool missed a fault, a sentence each; none is the goal. */
export function findMissed({ rows, requests }: FailureMatrix): string[] {
  return rows.flatMap((row) => {
    const result = row.tools[ours]
    if (!result) return [`${row.title}: not run.`]
    return [...miscounted(row, result, requests), ...wrongEnding(row, result)]
  })
}

function miscounted(row: Row, { counted }: ToolResult, requests: number): string[] {
  return apis.flatMap((api) => {
    const outcome = counted[api]
    const told = `${outcome?.successes ?? 'no'} successes and ${outcome?.failures ?? 'no'} failures`
    const { least, most } = row.sound
    if (!outcome || !isStrict(row, outcome)) return [`${row.title}, ${api}: ${told}; ${least} to ${most} were sound.`]
    const sum = (outcome.successes ?? 0) + (outcome.failures ?? 0)
    return sum === requests ? [] : [`${row.title}, ${api}: ${told} do not add up to ${requests}.`]
  })
}

function wrongEnding(row: Row, { ending }: ToolResult): string[] {
  const mustPass = row.fault === 'none'
  if (mustPass ? ending.exitCode === 0 : ending.exitCode !== null && ending.exitCode !== 0) return []
  return [`${row.title}: exit code ${ending.exitCode ?? 'none: it never ended'} when every answer had it.`]
}
