import { ActionError } from '../errors.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import { parseBaselineAt } from './parse.ts'
import { windowFor } from './window.ts'
import type { WindowOwner } from './window-key.ts'

/**
 * The window of a runner, or of one shard there, in the text of a baseline file. Null while there is no baseline yet: no
 * file at all (`text` null), or one that knows this machine, but not yet as this shard (or not yet as a whole).
 *
 * @param hint what the reader can do when the file knows only other machines
 * @throws ActionError `invalid` for a damaged file, and for one that knows only other machines: their numbers must not
 *   be compared with this one's, and a gate that quietly forgets its baseline is no gate.
 */
export function windowOfRunner(
  text: string | null,
  path: string,
  owner: WindowOwner,
  hint: string,
): BaselineWindow | null {
  const file = parseBaselineAt(path, text)
  if (file === null) return null
  const window = windowFor(file, owner)
  if (window !== null) return window
  const known = new Set(Object.values(file.windows).map(({ runnerClass }) => runnerClass.id))
  if (known.has(owner.runnerClass.id)) return null
  throw new ActionError(
    'invalid',
    `The baseline ${path} was measured on ${[...known].join(', ')}; this runner is ${owner.runnerClass.id}.`,
    hint,
  )
}
