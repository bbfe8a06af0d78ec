import { plainLoad, type Scenario } from '../model/scenario.ts'
import { loadShapeKeys, loadShapeOf } from './load-shape.ts'
import { spellOut } from './presets.ts'
import type { PromptSets } from './prompts/prompt-sets.ts'
import type { MatrixFile, ScenarioFile } from './schema.ts'
import { nameOf, sizeOf } from './sizes.ts'

/** Scenarios of the list, then those of the matrix: prompts vary slowest, streaming fastest. */
export function expandScenarios(
  list: readonly ScenarioFile[],
  matrix: MatrixFile | undefined,
  prompts: PromptSets,
): readonly Scenario[] {
  const fromMatrix = matrix ? combinations(matrix).filter(isKept(matrix)) : []
  return [...list, ...fromMatrix].map((file) => toScenario(file, prompts))
}

/** Entries of `exclude` that match no combination, by index: most likely a mistyped size. */
export function idleExclusions(matrix: MatrixFile): readonly number[] {
  const all = combinations(matrix)
  return matrix.exclude.flatMap((entry, index) => (all.some((one) => matches(one, entry)) ? [] : [index]))
}

function combinations(matrix: MatrixFile): readonly ScenarioFile[] {
  const shared = Object.fromEntries((['requests', ...loadShapeKeys] as const).map((key) => [key, matrix[key]]))
  return sizesOf(matrix).flatMap((size) =>
    listOf(matrix.rate).flatMap((rate) =>
      listOf(matrix.concurrency).flatMap((concurrency) =>
        listOf(matrix.streaming).map((streaming) => spellOut({ ...size, rate, concurrency, streaming, ...shared })),
      ),
    ),
  )
}

function sizesOf(matrix: MatrixFile): readonly Partial<ScenarioFile>[] {
  if (matrix.profiles !== undefined) return matrix.profiles.map((profile) => ({ profile }))
  const prompts =
    matrix.prompts === undefined
      ? listOf(matrix['prompt-tokens']).map((promptTokens) => ({ 'prompt-tokens': promptTokens }))
      : listOf(matrix.prompts).map((file) => ({ prompts: file }))
  return prompts.flatMap((prompt) =>
    listOf(matrix['output-tokens']).map((outputTokens) => ({ ...prompt, 'output-tokens': outputTokens })),
  )
}

/** One scenario of the file in the words of the engine; a length that the file does not say is 0. */
export function toScenario(file: ScenarioFile, prompts: PromptSets): Scenario {
  const keys = spellOut(file)
  const work = { ...plainLoad, ...sizeOf(keys, prompts), ...loadShapeOf(keys), streaming: keys.streaming }
  return { name: nameOf(keys, work), ...work }
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
