import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../scripts/servers/cache-folder.ts'
import { installPackages, pythonProgram } from '../../scripts/servers/python-environment.ts'
import { doOnce, runProgram } from '../../scripts/servers/steps.ts'
import { isPeerName, type PeerName, peerNames, peers } from './index.ts'
import type { PeerHome } from './peer.ts'

const pythonVersion = '3.12'
/** Which Python to take: the one that `UV_PYTHON` names, or what uv finds or fetches of this version. */
const python = process.env.UV_PYTHON || pythonVersion

/**
 * Installs peers, each into a folder of its own in the cache folder, and makes the tokenizer that they need. What is
 * there already stays. Needs Python 3.12 and its package index; the runs themselves need no network.
 */
export async function installPeers(names: readonly PeerName[]): Promise<PeerHome> {
  const root = join(cacheFolder(), 'peers')
  for (const name of names) {
    const wanted = { pythonVersion, packages: [peers[name].requirement], overrides: [] }
    await installPackages(join(root, name), wanted, python)
  }
  const folders = Object.fromEntries(names.map((name) => [name, join(root, name)]))
  const [first] = Object.values(folders)
  return { folders, tokenizer: first === undefined ? '' : await makeTokenizer(root, first) }
}

/** Made anew when its script has changed. */
async function makeTokenizer(root: string, peer: string): Promise<string> {
  const tokenizer = join(root, 'tokenizer')
  const script = join(import.meta.dirname, 'make-tokenizer.py')
  await doOnce(root, { name: 'tokenizer', recipe: { script: readFileSync(script, 'utf8') } }, () =>
    runProgram(root, [pythonProgram(peer, 'python'), script, tokenizer], { HF_HUB_OFFLINE: '1' }),
  )
  return tokenizer
}

if (import.meta.main) {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !isPeerName(name))
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}; known: ${peerNames.join(', ')}.`)
  const { tokenizer } = await installPeers(wanted.length > 0 ? wanted.filter(isPeerName) : peerNames)
  console.log(`The tokenizer is in ${tokenizer}`)
}
