import { defaultScenarioName } from '../../model/scenario.ts'
import type { KeyPath, Problem, Source } from '../problems.ts'
import { expandScenarios, idleExclusions } from '../scenarios.ts'
import { configSchema, type MatrixFile } from '../schema.ts'
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

export function scenarioProblems(view: ConfigView, source: Source): readonly Problem[] {
  const { scenarios, matrix } = view
  if (scenarios === undefined && matrix === undefined) {
    const allowed = 'a list of at least one scenario, or a matrix'
    return [source.problemAt(['scenarios'], allowed, 'nothing to measure: neither scenarios nor matrix is given')]
  }
  const valid = configSchema.shape.matrix.safeParse(matrix).data
  const cells = [...(scenarios ?? []).map(listCell), ...(valid ? matrixCells(valid) : [])]
  const isEmpty = Array.isArray((source.value as { scenarios?: unknown }).scenarios) && scenarios?.length === 0
  return [
    ...(isEmpty && matrix === undefined ? [source.problemAt(['scenarios'], 'a list of at least one scenario')] : []),
    ...(scenarios ?? []).flatMap((scenario, index) => requestProblems(scenario, ['scenarios', index], source)),
    ...(valid ? matrixProblems(valid, source) : []),
    ...duplicateProblems(cells, source),
    ...(cells.length > maxScenarios ? [tooMany(cells.length, source)] : []),
  ]
}

/** With fewer requests than streams, some streams never send anything: the load is not what its name says. */
function requestProblems(
  { requests, concurrency }: Pick<ScenarioView, 'requests' | 'concurrency'>,
  path: KeyPath,
  source: Source,
): readonly Problem[] {
  if (requests === undefined || concurrency === undefined || requests >= concurrency) return []
  const message = `fewer requests than the concurrency of ${concurrency}`
  return [source.problemAt([...path, 'requests'], `a whole number from ${concurrency}`, message)]
}

function matrixProblems(matrix: MatrixFile, source: Source): readonly Problem[] {
  const expanded = expandScenarios([], matrix)
  const largest = Math.max(0, ...expanded.map((scenario) => scenario.concurrency))
  const idle = idleExclusions(matrix).map((index) =>
    source.problemAt(['matrix', 'exclude', index], 'sizes that the matrix has', 'matches no combination'),
  )
  const requests =
    matrix.requests === undefined
      ? []
      : requestProblems({ requests: matrix.requests, concurrency: largest }, ['matrix'], source)
  if (expanded.length > 0) return [...idle, ...requests]
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

function listCell(scenario: ScenarioView, index: number): Cell {
  const { 'prompt-tokens': promptTokens, 'output-tokens': outputTokens, concurrency, requests, streaming } = scenario
  const path = ['scenarios', index]
  if (promptTokens === undefined || outputTokens === undefined || concurrency === undefined) {
    return { name: scenario.name ?? null, work: null, path }
  }
  const sizes = { promptTokens, outputTokens, concurrency, streaming, requests: requests ?? 0 }
  const name = scenario.name ?? defaultScenarioName(sizes)
  return { name, work: `${defaultScenarioName(sizes)} ${requests ?? 'default'}`, path }
}

function matrixCells(matrix: MatrixFile): readonly Cell[] {
  return expandScenarios([], matrix).map((scenario) => ({
    name: scenario.name,
    work: `${defaultScenarioName(scenario)} ${matrix.requests ?? 'default'}`,
    path: ['matrix'],
  }))
}
