import { parseBaselineAt, windowFor } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { RunnerClass } from '../model/runner-class.ts'

/**
 * The window of this runner in a baseline file; null while there is no file at all.
 *
 * @throws ActionError `invalid` for a damaged file, and for one that knows only other machines: their numbers must not
 *   be compared with this one's, and a gate that quietly forgets its baseline is no gate.
 */
export function windowOfThisRunner(text: string | null, path: string, runnerClass: RunnerClass): BaselineWindow | null {
  const file = parseBaselineAt(path, text)
  if (file === null) return null
  const window = windowFor(file, runnerClass)
  if (window !== null) return window
  const known = Object.keys(file.windows)
  throw new ActionError(
    'invalid',
    `The baseline ${path} was measured on ${known.join(', ')}; this runner is ${runnerClass.id}.`,
    'Run the job on the machine that made the baseline (labels under runs-on), or calibrate this one: start the workflow ' +
      'by hand on the default branch with mode `calibrate`, or merge; both add a window for this machine.',
  )
}
