import { defaultScenarioName, type Scenario } from '../model/scenario.ts'
import type { MatrixFile, ScenarioFile } from './schema.ts'

/** Few requests are cheap for many streams in flight only; 60 support a P95, 10 per stream a steady state. */
export function defaultRequests(concurrency: number): number {
  return Math.max(60, 10 * concurrency)
}

/** Scenarios of the list, then those of the matrix: prompts vary slowest, streaming fastest. */
export function expandScenarios(list: readonly ScenarioFile[], matrix: MatrixFile | undefined): readonly Scenario[] {
  return [...list.map(toScenario), ...(matrix ? combinations(matrix).filter(isKept(matrix)).map(toScenario) : [])]
}

/** Entries of `exclude` that match no combination, by index: most likely a mistyped size. */
export function idleExclusions(matrix: MatrixFile): readonly number[] {
  const all = combinations(matrix)
  return matrix.exclude.flatMap((entry, index) => (all.some((one) => matches(one, entry)) ? [] : [index]))
}

function combinations(matrix: MatrixFile): readonly ScenarioFile[] {
  const requests = matrix.requests === undefined ? {} : { requests: matrix.requests }
  return listOf(matrix['prompt-tokens']).flatMap((promptTokens) =>
    listOf(matrix['output-tokens']).flatMap((outputTokens) =>
      listOf(matrix.concurrency).flatMap((concurrency) =>
        listOf(matrix.streaming).map((streaming) => ({
          'prompt-tokens': promptTokens,
          'output-tokens': outputTokens,
          concurrency,
          streaming,
          ...requests,
        })),
      ),
    ),
  )
}

function toScenario(file: ScenarioFile): Scenario {
  const sizes = {
    promptTokens: file['prompt-tokens'],
    outputTokens: file['output-tokens'],
    concurrency: file.concurrency,
    requests: file.requests ?? defaultRequests(file.concurrency),
    streaming: file.streaming,
  }
  return { name: file.name ?? defaultScenarioName(sizes), ...sizes }
}

function isKept(matrix: MatrixFile): (one: ScenarioFile) => boolean {
  return (one) => !matrix.exclude.some((entry) => matches(one, entry))
}

function matches(one: ScenarioFile, entry: MatrixFile['exclude'][number]): boolean {
  const keys = Object.keys(entry) as (keyof typeof entry)[]
  return keys.every((key) => entry[key] === one[key])
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
