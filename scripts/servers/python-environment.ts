import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { doOnce, isDone, runProgram, type Step } from './steps.ts'

const defaultPython = '3.11'

/** What a program of Python packages consists of, with exact versions. */
export interface PythonPackages {
  /** As uv takes it; left out: 3.11. */
  readonly pythonVersion?: string
  readonly packages: readonly string[]
  /** Versions in place of what a package asks for. */
  readonly overrides: readonly string[]
}

/** A program of the virtual environment in the folder. */
export function pythonProgram(folder: string, program: string): string {
  return programOf(join(folder, 'venv'), program)
}

export function arePackagesInstalled(folder: string, wanted: PythonPackages): boolean {
  return isDone(folder, packagesStep(wanted))
}

/**
 * A virtual environment with the packages in `<folder>/venv`. uv makes it: it takes seconds where pip takes minutes, and
 * knows overrides. uv itself comes by pip into an environment of its own, so that Python is all that must be there.
 *
 * @param python where to find the wanted version, where uv would not: a path or anything else that it takes
 */
export async function installPackages(
  folder: string,
  wanted: PythonPackages,
  python = wanted.pythonVersion ?? defaultPython,
): Promise<void> {
  const tools = join(folder, 'uv')
  const uv = programOf(tools, 'uv')
  await doOnce(folder, { name: 'uv', recipe: {} }, async () => {
    await runProgram(folder, [process.platform === 'win32' ? 'python' : 'python3', '-m', 'venv', '--clear', tools])
    await runProgram(folder, [programOf(tools, 'python'), '-m', 'pip', 'install', 'uv'])
  })
  await doOnce(folder, packagesStep(wanted), async () => {
    const overrides = join(folder, 'overrides.txt')
    writeFileSync(overrides, wanted.overrides.map((line) => `${line}\n`).join(''))
    const environment = join(folder, 'venv')
    await runProgram(folder, [uv, 'venv', '--clear', '--python', python, environment])
    const inside = programOf(environment, 'python')
    await runProgram(folder, [
      uv,
      ...['pip', 'install', '--python', inside, '--override', overrides, ...wanted.packages],
    ])
  })
}

function packagesStep(wanted: PythonPackages): Step {
  return { name: 'Python packages', recipe: { pythonVersion: defaultPython, ...wanted } }
}

function programOf(environment: string, program: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', `${program}.exe`)
    : join(environment, 'bin', program)
}
