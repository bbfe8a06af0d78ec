import type { Played } from './play.ts'

/** What one event of the week must end as. These values are written here by hand, by nobody else. */
export interface Expectation {
  readonly name: string
  readonly title: string
  readonly expected: 'baseline' | 'pass' | 'regressed' | 'invalid'
  readonly exitCode: 0 | 1
  /** What a reader of the comment must, and must not, find. Returns what is wrong. */
  readonly check: (played: Played) => readonly string[]
}

const hasComment = (played: Played, ...texts: readonly (string | RegExp)[]): string[] =>
  texts.flatMap((text) => {
    const isThere = typeof text === 'string' ? played.comment?.includes(text) : text.test(played.comment ?? '')
    return isThere ? [] : [`the comment lacks ${text}`]
  })

/** The first line that a person reads. */
const headlineOf = (played: Played): string => /^#+ (.*)$/m.exec(played.comment ?? '')?.[1] ?? ''

const baselineOf = (played: Played, jobs: number): string[] => {
  const windows = Object.values(played.baseline?.windows ?? {})
  return windows.length === 1 && windows[0]?.jobs.length === jobs
    ? []
    : [`the baseline on main must hold one window of ${jobs} jobs`]
}

const regressedCells = (played: Played): string[] =>
  played.verdicts.filter((cell) => cell.verdict === 'regressed').map((cell) => `${cell.scenario} ${cell.metric}`)

export const expectations = {
  firstPush: {
    name: 'push-calibrates',
    title: 'A push to main calibrates, and commits the first baseline',
    expected: 'baseline',
    exitCode: 0,
    check: (played) => baselineOf(played, 1),
  },
  harmless: {
    name: 'pull-request-harmless',
    title: 'A pull request that changes nothing that matters',
    expected: 'pass',
    exitCode: 0,
    check: (played) => [
      ...hasComment(played, /No slowdown|not slower|No scenario/i),
      ...regressedCells(played).map((cell) => `${cell} was called regressed`),
    ],
  },
  slower: {
    name: 'pull-request-slower',
    title: 'A pull request that makes long prompts slower, by a setting of the engine',
    expected: 'regressed',
    exitCode: 1,
    check: (played) => [
      ...hasComment(played, 'long-prompt', 'prefill'),
      ...(/slower/i.test(headlineOf(played)) ? [] : ['the headline must say that it is slower']),
      ...(regressedCells(played).includes('long-prompt latencyTail')
        ? []
        : ['latency of long-prompt must be regressed']),
      ...regressedCells(played)
        .filter((cell) => cell.startsWith('short-prompt'))
        .map((cell) => `${cell} was called regressed`),
    ],
  },
  dying: {
    name: 'pull-request-dies',
    title: 'A pull request whose server dies half-way',
    expected: 'invalid',
    exitCode: 1,
    check: (played) => [
      ...hasComment(played, 'INVALID', 'SIGKILL'),
      ...(/slower|❌/i.test(headlineOf(played)) ? ['the headline must not read as a slowdown'] : []),
      ...regressedCells(played).map((cell) => `${cell} was called regressed`),
    ],
  },
  merge: {
    name: 'merge-updates-baseline',
    title: 'The merge of the harmless pull request updates the baseline',
    expected: 'baseline',
    exitCode: 0,
    check: (played) => baselineOf(played, 2),
  },
} as const satisfies Record<string, Expectation>
