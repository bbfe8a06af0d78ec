import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { recipes, type ServerName, serverFolder, serverNames } from './index.ts'

/**
 * Tests against real model servers: installs what is named, unless it is there, and runs its tests.
 *
 *     npm run test:servers -- [all | embedded | llama-server | fastapi | vllm ...]
 *
 * Without names: whatever is installed already. With --install-only nothing is tested.
 */
const root = resolve(import.meta.dirname, '../..')

async function main(args: readonly string[]): Promise<number> {
  const names = chosen(args.filter((arg) => !arg.startsWith('--')))
  if (names === null) return 2
  for (const name of names) {
    const folder = serverFolder(name)
    if (!recipes[name].isInstalled(folder)) console.log(`Installing ${name} into ${folder}: ${recipes[name].cost}.`)
    await recipes[name].install(folder)
  }
  if (args.includes('--install-only')) return 0
  console.log(`Testing against ${names.join(', ')}.`)
  return await runVitest(names)
}

/** The servers to test; null when a name is not one. */
function chosen(names: readonly string[]): readonly ServerName[] | null {
  if (names.includes('all')) return serverNames
  if (names.length === 0) {
    const [there, missing] = [true, false].map((wanted) =>
      serverNames.filter((name) => recipes[name].isInstalled(serverFolder(name)) === wanted),
    ) as [ServerName[], ServerName[]]
    for (const name of missing) console.log(`Not installed: ${name} (${recipes[name].cost}). Name it to install it.`)
    return there
  }
  const known = serverNames.filter((name) => names.includes(name))
  if (known.length === new Set(names).size) return known
  console.error(`Got "${names.join(' ')}"; allowed: ${serverNames.join(', ')}, or all.`)
  return null
}

async function runVitest(names: readonly ServerName[]): Promise<number> {
  const files = names.map((name) => join('test', 'servers', `${name}.real.ts`))
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--config', join('test', 'servers', 'vitest.config.ts'), ...files]
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return typeof code === 'number' ? code : 1
}

process.exitCode = await main(process.argv.slice(2))
