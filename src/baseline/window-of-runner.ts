import { ActionError } from '../errors.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import { parseBaselineAt } from './parse.ts'
import { windowFor } from './window.ts'

/**
 * The window of a runner in the text of a baseline file; null while there is no file at all (`text` null).
 *
 * @param hint what the reader can do when the file knows only other machines
 * @throws ActionError `invalid` for a damaged file, and for one that knows only other machines: their numbers must not
 *   be compared with this one's, and a gate that quietly forgets its baseline is no gate.
 */
export function windowOfRunner(
  text: string | null,
  path: string,
  runnerClass: RunnerClass,
  hint: string,
): BaselineWindow | null {
  const file = parseBaselineAt(path, text)
  if (file === null) return null
  const window = windowFor(file, runnerClass)
  if (window !== null) return window
  const known = Object.keys(file.windows)
  throw new ActionError(
    'invalid',
    `The baseline ${path} was measured on ${known.join(', ')}; this runner is ${runnerClass.id}.`,
    hint,
  )
}
