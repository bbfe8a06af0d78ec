import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Cell } from './cells.ts'
import type { CellResult, Floor } from './result.ts'

const timeoutMs = 300_000

/** Measures a cell in a fresh process, so that none carries the memory or the warmth of another. */
export async function runCell(cell: Cell): Promise<CellResult> {
  return (await runProgram('cell-process.ts', cell)) as CellResult
}

/** The same cell under a bare client. */
export async function runFloor(cell: Cell): Promise<Floor> {
  return (await runProgram('floor-process.ts', cell)) as Floor
}

async function runProgram(program: string, cell: Cell): Promise<unknown> {
  const args = [resolve(import.meta.dirname, program), JSON.stringify(cell)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: timeoutMs })
  return JSON.parse(stdout)
}
