import { execFile } from 'node:child_process'
import { ActionError } from '../errors.ts'
import { quoteLog } from '../server/log-tail.ts'

export const defaultNvidiaSmi = 'nvidia-smi'
/** A driver without persistence mode needs seconds to wake; one that needs longer hangs. */
export const answerTimeoutMs = 5000
export const csvFormat = '--format=csv,noheader,nounits'

/** What the tool printed; null where the tool does not exist, or where it works and sees no GPU. */
export async function askNvidiaSmi(executable: string, args: readonly string[]): Promise<string | null> {
  return await new Promise((resolve, reject) => {
    execFile(
      executable,
      args,
      { timeout: answerTimeoutMs, killSignal: 'SIGKILL', windowsHide: true, maxBuffer: 8 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else if (isMissingTool(error)) resolve(null)
        else if (error.killed) reject(hangingTool(executable))
        else if (saysNoDevices(stdout + stderr)) resolve(null)
        else reject(brokenTool(executable, stdout + stderr))
      },
    )
  })
}

export function isMissingTool(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES'
}

/** The driver works, and there is nothing for it to drive: a machine without a GPU. */
export function saysNoDevices(output: string): boolean {
  return /no devices were found/i.test(output)
}

export function hangingTool(executable: string): ActionError {
  return new ActionError(
    'invalid',
    `${executable} gave no answer within ${answerTimeoutMs / 1000} s.`,
    'The GPU driver of this machine hangs, or a GPU has fallen off the bus. Run nvidia-smi by hand, see the kernel log, restart the machine.',
  )
}

/**
 * A tool that is there and fails means a GPU that cannot be watched, and often a server that quietly runs on the CPU:
 * that is no machine without a GPU.
 */
export function brokenTool(executable: string, output: string): ActionError {
  const said = output.trim() === '' ? 'It printed nothing.' : `It said:\n${quoteLog(output.trim())}`
  const isMismatch = /driver\/library version mismatch/i.test(output)
  return new ActionError(
    'invalid',
    isMismatch
      ? 'The NVIDIA driver was updated while the old one is still loaded (driver/library version mismatch).'
      : `${executable} failed, so the GPU can neither be named nor watched.`,
    `${isMismatch ? 'Restart the machine, or reload the kernel modules.' : 'Repair the driver; on a machine without a GPU, take the tool off the PATH.'} ${said}`,
  )
}

/** A number of a CSV cell; null for `[N/A]`, `[Not Supported]`, `[Unknown Error]` and the like. */
export function readNumber(cell: string | undefined): number | null {
  const text = cell?.trim() ?? ''
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
