import type { KeyPath, Problem, Source } from '../problems.ts'

const lengthKeys = ['prompts', 'prompt-tokens', 'output-tokens'] as const

/**
 * Which keys say how long prompts and answers are: each length once, and none missing. Wrong values are told elsewhere,
 * so only what is there counts.
 *
 * @param raw the scenario or the matrix as it stands in the file
 * @param profileKey what a profile is called there
 */
export function sizeProblems(
  raw: Readonly<Record<string, unknown>>,
  profileKey: 'profile' | 'profiles',
  path: KeyPath,
  source: Source,
): readonly Problem[] {
  const has = (key: string): boolean => raw[key] !== undefined
  const problem = (key: string, allowed: string, message: string) => source.problemAt([...path, key], allowed, message)
  if (has(profileKey)) {
    return lengthKeys
      .filter(has)
      .map((key) => problem(key, `a ${profileKey} alone, or the lengths`, `${profileKey} says both lengths already`))
  }
  const twice =
    has('prompts') && has('prompt-tokens')
      ? [problem('prompt-tokens', 'prompts alone', 'the prompts of a file have lengths of their own')]
      : []
  if (has('preset')) return twice
  return [
    ...twice,
    ...(has('prompt-tokens') || has('prompts')
      ? []
      : [problem('prompt-tokens', `a whole number from 1 to 1000000; or ${others(profileKey)} or prompts`, '')]),
    ...(has('output-tokens')
      ? []
      : [problem('output-tokens', `a whole number from 1 to 100000; or ${others(profileKey)}`, '')]),
  ]
}

const others = (profileKey: string): string => (profileKey === 'profile' ? 'preset, profile' : profileKey)
