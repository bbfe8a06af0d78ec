import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pythonProgram } from '../../scripts/servers/python-environment.ts'
import { type PeerName, peers } from './index.ts'
import { runMetered } from './metered.ts'
import { noSpread, type PeerCell, type PeerFigures, type PeerHome, type PeerRun } from './peer.ts'

const nothingCounted: PeerFigures = {
  successes: null,
  failures: null,
  ttftMs: noSpread,
  tpotMs: noSpread,
  e2eMs: noSpread,
  requestsPerSecond: null,
}

/** Runs one cell with a peer: what it counted and measured, how it ended, and what it cost. */
export async function runPeer(name: PeerName, cell: PeerCell, home: PeerHome): Promise<PeerRun> {
  const peer = peers[name]
  const installed = home.folders[name]
  if (installed === undefined) throw new Error(`${name} is not installed: run node bench/peers/install.ts ${name}.`)
  const folder = mkdtempSync(join(tmpdir(), `llm-perf-${name}-`))
  try {
    const command = peer.prepare(cell, { folder, tokenizer: home.tokenizer })
    const program = pythonProgram(installed, command.name)
    const metered = await runMetered({
      python: pythonProgram(installed, 'python'),
      command: [program, ...command.args],
      folder,
      env: peerEnvironment(dirname(program), folder),
      timeLimitSeconds: cell.timeLimitSeconds,
    })
    // What lies there after the time limit is half a result.
    const figures = metered.exitCode === null ? null : peer.read(folder)
    return { peer: peer.requirement, ...(figures ?? nothingCounted), ...metered }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Nothing of this job's environment, and no way to a model hub. */
function peerEnvironment(programs: string, folder: string): Record<string, string> {
  return {
    PATH: [programs, process.env.PATH ?? ''].join(':'),
    HOME: folder,
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_OFFLINE: '1',
    NO_PROXY: '127.0.0.1,localhost',
    PYTHONUNBUFFERED: '1',
  }
}
