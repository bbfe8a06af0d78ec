import { evalscope } from './evalscope.ts'
import { inferencePerf } from './inference-perf.ts'

/** Every load generator that can be run beside ours. */
export const peers = { 'inference-perf': inferencePerf, evalscope } as const

export type PeerName = keyof typeof peers

export const peerNames = Object.keys(peers) as PeerName[]

export function isPeerName(name: string): name is PeerName {
  return Object.hasOwn(peers, name)
}

/**
 * The names of a `--peers` option: `inference-perf,evalscope`; none without it.
 *
 * @throws Error for a name that is not known
 */
export function parsePeerNames(text: string | undefined): readonly PeerName[] {
  const names = (text ?? '').split(',').filter((name) => name !== '')
  const unknown = names.filter((name) => !isPeerName(name))
  if (unknown.length > 0)
    throw new Error(`--peers: ${unknown.join(', ')} is not known; known: ${peerNames.join(', ')}.`)
  return names.filter(isPeerName)
}
