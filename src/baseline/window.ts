import { ActionError } from '../errors.ts'
import type { BaselineFile, BaselineWindow } from '../model/baseline.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import { plural } from '../model/words.ts'
import { type WindowOwner, windowKey } from './window-key.ts'

/**
 * The window of a runner class, or of one shard there; null when the file has none.
 *
 * @throws ActionError `invalid` when the window carries this id but another hardware: the id is a hash of the other
 * fields, so the file was edited, and numbers of another machine must not be compared.
 */
export function windowFor(file: BaselineFile, owner: WindowOwner): BaselineWindow | null {
  const key = windowKey(owner)
  const window = Object.hasOwn(file.windows, key) ? file.windows[key] : undefined
  if (!window) return null
  const recorded = describeHardware(window.runnerClass)
  const present = describeHardware(owner.runnerClass)
  if (recorded === present) return window
  throw new ActionError(
    'invalid',
    `The baseline window "${key}" was recorded on ${recorded}, but this runner is ${present}.`,
    'Do not edit the baseline file by hand. Run the action with `mode: calibrate` on the default branch.',
  )
}

function describeHardware({ os, arch, cpu, cores, memoryGiB, gpu }: RunnerClass): string {
  const host = `${os} ${arch}, ${cpu}, ${plural(cores, 'core')}, ${memoryGiB} GiB`
  return gpu ? `${host}, ${gpu.count} x ${gpu.name}, ${gpu.memoryMiB} MiB, driver ${gpu.driver}` : `${host}, no GPU`
}
