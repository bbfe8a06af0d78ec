import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Cell } from './cells.ts'
import type { CellResult } from './result.ts'

const program = resolve(import.meta.dirname, 'cell-process.ts')
const timeoutMs = 300_000

/** Measures a cell in a fresh process, so that none carries the memory or the warmth of another. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const args = [program, JSON.stringify(cell)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: timeoutMs })
  return JSON.parse(stdout) as CellResult
}
