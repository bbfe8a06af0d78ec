import type { Scenario } from '../../model/scenario.ts'
import { isMapping } from '../overrides.ts'
import { spellOut } from '../presets.ts'
import type { KeyPath, Problem, Source } from '../problems.ts'
import type { PromptSets } from '../prompts/prompt-sets.ts'
import { expandScenarios, idleExclusions, toScenario } from '../scenarios.ts'
import { configSchema, type MatrixFile } from '../schema.ts'
import { isSized } from '../sizes.ts'
import { loadProblems } from './load-shape.ts'
import { sizeProblems } from './sizes.ts'
import type { ConfigView, ScenarioView } from './view.ts'

/** More cells than this make no benchmark of a pull request. */
const maxScenarios = 256

/** One scenario as far as it is known, and where it stands. */
interface Cell {
  readonly name: string | null
  /** Spells out everything but the name; null while a size is wrong or missing. */
  readonly work: string | null
  readonly path: KeyPath
}

export function scenarioProblems(view: ConfigView, source: Source, prompts: PromptSets): readonly Problem[] {
  const { scenarios, matrix } = view
  if (scenarios === undefined && matrix === undefined) {
    const allowed = 'a list of at least one scenario, or a matrix'
    return [source.problemAt(['scenarios'], allowed, 'nothing to measure: neither scenarios nor matrix is given')]
  }
  const valid = configSchema.shape.matrix.safeParse(matrix).data
  const cells = [
    ...(scenarios ?? []).map((scenario, index) => listCell(scenario, index, prompts)),
    ...(valid ? matrixCells(valid, prompts) : []),
  ]
  const isEmpty = Array.isArray((source.value as { scenarios?: unknown }).scenarios) && scenarios?.length === 0
  return [
    ...(isEmpty && matrix === undefined ? [source.problemAt(['scenarios'], 'a list of at least one scenario')] : []),
    ...(scenarios ?? []).flatMap((scenario, index) => listProblems(scenario, index, source)),
    ...(isMapping(matrix) ? sizeProblems(matrix, 'profiles', ['matrix'], source) : []),
    ...(valid ? matrixProblems(valid, source, prompts) : []),
    ...duplicateProblems(cells, source),
    ...(cells.length > maxScenarios ? [tooMany(cells.length, source)] : []),
  ]
}

function listProblems(scenario: ScenarioView, index: number, source: Source): readonly Problem[] {
  const path = ['scenarios', index]
  const raw = (source.value as { scenarios: readonly unknown[] }).scenarios[index]
  if (!isMapping(raw)) return []
  const load = spellOut(scenario)
  return [
    ...sizeProblems(raw, 'profile', path, source),
    ...loadProblems(load, (key) => raw[key] !== undefined || load[key] !== undefined, path, source),
  ]
}

function matrixProblems(matrix: MatrixFile, source: Source, prompts: PromptSets): readonly Problem[] {
  const expanded = expandScenarios([], matrix, prompts)
  const largest = (values: readonly (number | null | undefined)[]) => Math.max(0, ...values.map((value) => value ?? 0))
  const concurrency = largest(expanded.map((scenario) => scenario.concurrency))
  const rate = largest(expanded.map((scenario) => scenario.arrivals?.requestsPerSecond))
  const idle = idleExclusions(matrix).map((index) =>
    source.problemAt(['matrix', 'exclude', index], 'sizes that the matrix has', 'matches no combination'),
  )
  const load = { ...matrix, concurrency: concurrency || undefined, rate: rate || undefined }
  const shape = loadProblems(load, (key) => matrix[key] !== undefined, ['matrix'], source)
  if (expanded.length > 0) return [...idle, ...shape]
  return [
    ...idle,
    source.problemAt(['matrix', 'exclude'], 'at least one combination left', 'nothing is left to measure'),
  ]
}

function duplicateProblems(cells: readonly Cell[], source: Source): readonly Problem[] {
  return cells.flatMap((cell, index) => {
    const earlier = cells.slice(0, index)
    const sameName = earlier.find((other) => other.name !== null && other.name === cell.name)
    const namePath = cell.path[0] === 'scenarios' ? [...cell.path, 'name'] : cell.path
    if (sameName) return [source.problemAt(namePath, 'a name of its own', 'a second scenario has this name', cell.name)]
    const sameWork = earlier.find((other) => other.work !== null && other.work === cell.work)
    if (!sameWork) return []
    const message = `the same work as scenario ${sameWork.name}`
    return [source.problemAt(cell.path, 'scenarios that differ in more than the name', message, cell.name)]
  })
}

function tooMany(count: number, source: Source): Problem {
  const path = (source.value as { matrix?: unknown }).matrix === undefined ? ['scenarios'] : ['matrix']
  return source.problemAt(path, `at most ${maxScenarios} scenarios`, 'too many scenarios', count)
}

function listCell(view: ScenarioView, index: number, prompts: PromptSets): Cell {
  const path = ['scenarios', index]
  const keys = spellOut(view)
  const scenario = toScenario(keys, prompts)
  const isKnown = isSized(scenario) && (keys.concurrency ?? keys.rate) !== undefined
  return isKnown ? cellOf(scenario, path) : { name: keys.name ?? null, work: null, path }
}

function matrixCells(matrix: MatrixFile, prompts: PromptSets): readonly Cell[] {
  return expandScenarios([], matrix, prompts).map((scenario) => cellOf(scenario, ['matrix']))
}

function cellOf({ name, ...work }: Scenario, path: KeyPath): Cell {
  return { name, work: JSON.stringify(work), path }
}
