import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pythonProgram } from './python-environment.ts'
import { doOnce, isDone, runProgram, type Step } from './steps.ts'

const script = join(import.meta.dirname, 'python', 'random_qwen.py')

/** Folder of a model that servers of Python load: a configuration and a tokenizer, without weights. */
export function modelFolder(folder: string): string {
  return join(folder, 'model')
}

export function isModelWritten(folder: string): boolean {
  return isDone(folder, modelStep())
}

export async function writeModel(folder: string): Promise<void> {
  await doOnce(folder, modelStep(), () =>
    runProgram(folder, [pythonProgram(folder, 'python'), script, modelFolder(folder)]),
  )
}

function modelStep(): Step {
  return { name: 'random model', recipe: { script: readFileSync(script, 'utf8') } }
}
