import { isMapping } from '../overrides.ts'
import type { KeyPath, Problem, Source } from '../problems.ts'
import type { ConfigView } from './view.ts'

/** Answers of a length that nobody knows beforehand must be counted by somebody. */
export function outputLengthProblems({ api, scenarios = [], matrix }: ConfigView, source: Source): readonly Problem[] {
  if (api.type !== 'generate' || api.generate?.['output-tokens'] !== 'requested') return []
  const places: readonly (readonly [KeyPath, unknown])[] = [
    ...scenarios.map((scenario, index) => [['scenarios', index], scenario['output-length']] as const),
    [['matrix'], isMapping(matrix) ? matrix['output-length'] : undefined],
  ]
  return places.flatMap(([path, value]) =>
    value === 'at-most'
      ? [
          source.problemAt(
            [...path, 'output-length'],
            'exact; or an endpoint that counts its tokens (api.generate.output-tokens)',
            'nobody counts the tokens of a shorter answer: output-tokens is requested',
          ),
        ]
      : [],
  )
}
