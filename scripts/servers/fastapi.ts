import { join } from 'node:path'
import { arePackagesInstalled, installPackages, pythonProgram } from './python-environment.ts'
import { isModelWritten, modelFolder, writeModel } from './random-model.ts'
import type { ServerRecipe } from './recipe.ts'

const wanted = {
  packages: ['fastapi==0.165.0', 'uvicorn==0.54.0', 'transformers==5.23.0', 'torch==2.13.0'],
  overrides: [],
}

/** A home-made service of FastAPI and Transformers that serves one request at a time. */
export const fastapi: ServerRecipe = {
  name: 'fastapi',
  cost: '1 to 5 minutes, 4.7 GB of Python packages (torch comes with its GPU libraries); needs Python 3.11',
  async install(folder) {
    await installPackages(folder, wanted)
    await writeModel(folder)
  },
  isInstalled: (folder) => arePackagesInstalled(folder, wanted) && isModelWritten(folder),
  start: (folder) => ({
    command: [
      ...[pythonProgram(folder, 'uvicorn'), 'service:app', '--app-dir', join(import.meta.dirname, 'python')],
      ...['--host', '127.0.0.1', '--port', '{{port}}'],
    ],
    env: { MODEL: modelFolder(folder), OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' },
    readyPath: '/health',
    readyTimeoutSeconds: 300,
    stopGraceSeconds: 10,
  }),
}
