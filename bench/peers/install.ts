import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isPeerName, type PeerName, peerNames, peers } from './index.ts'
import type { PeerHome } from './peer.ts'

/** Which Python to take: the one that `UV_PYTHON` names, or what uv finds or fetches of this version. */
const pythonVersion = process.env.UV_PYTHON || '3.12'
const uvRequirement = 'uv'
const marker = 'llm-perf-installed.txt'

/** `LLM_PERF_CACHE`, or the cache folder of this user. */
function peerFolder(): string {
  const { LLM_PERF_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const cache = LLM_PERF_CACHE || join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'llm-perf')
  return join(cache, 'peers')
}

/**
 * Installs peers, each into a virtual environment of its own in the cache folder, and makes the tokenizer that they
 * need. What is there already stays. Needs Python 3.12 and its package index; the runs themselves need no network.
 */
export function installPeers(names: readonly PeerName[], log: (line: string) => void): PeerHome {
  const folder = peerFolder()
  mkdirSync(folder, { recursive: true })
  const environments = Object.fromEntries(names.map((name) => [name, installPeer(folder, name, log)]))
  const [first] = Object.values(environments)
  return { environments, tokenizer: first === undefined ? '' : makeTokenizer(folder, first) }
}

/** Made anew when its script has changed. */
function makeTokenizer(folder: string, environment: string): string {
  const tokenizer = join(folder, 'tokenizer')
  const script = join(import.meta.dirname, 'make-tokenizer.py')
  const text = readFileSync(script, 'utf8')
  const made = join(tokenizer, marker)
  if (existsSync(made) && readFileSync(made, 'utf8') === text) return tokenizer
  execute(inEnvironment(environment, 'python'), [script, tokenizer], { HF_HUB_OFFLINE: '1' })
  writeFileSync(made, text)
  return tokenizer
}

/** An executable of a virtual environment. */
export function inEnvironment(environment: string, name: string): string {
  return process.platform === 'win32' ? join(environment, 'Scripts', `${name}.exe`) : join(environment, 'bin', name)
}

function installPeer(folder: string, name: PeerName, log: (line: string) => void): string {
  const { requirement } = peers[name]
  const environment = join(folder, name)
  const installed = join(environment, marker)
  if (existsSync(installed) && readFileSync(installed, 'utf8') === requirement) {
    log(`${requirement} is in ${environment}`)
    return environment
  }
  log(`Installing ${requirement} into ${environment} ..`)
  const uv = installUv(folder)
  rmSync(environment, { recursive: true, force: true })
  execute(uv, ['venv', '--python', pythonVersion, environment])
  execute(uv, ['pip', 'install', '--python', inEnvironment(environment, 'python'), requirement])
  // Last, so that an installation that broke off is not taken for one.
  writeFileSync(installed, requirement)
  return environment
}

function installUv(folder: string): string {
  const environment = join(folder, 'uv')
  const uv = inEnvironment(environment, 'uv')
  if (existsSync(uv)) return uv
  execute(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', environment])
  execute(inEnvironment(environment, 'python'), ['-m', 'pip', 'install', '--quiet', uvRequirement])
  return uv
}

function execute(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } })
}

if (import.meta.main) {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !isPeerName(name))
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}; known: ${peerNames.join(', ')}.`)
  const { tokenizer } = installPeers(wanted.length > 0 ? wanted.filter(isPeerName) : peerNames, console.log)
  console.log(`The tokenizer is in ${tokenizer}`)
}
