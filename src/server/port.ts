import { createServer } from 'node:net'
import { ActionError } from '../errors.ts'
import { findPortHolder, type PortHolder } from './port-holder.ts'
import { waitUntil } from './waiting.ts'

const freeWaitMs = 5000

/** A port of 127.0.0.1 that nobody listens on now. Somebody else may still take it before the server does. */
export async function chooseFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('The system gave no port number.'))
      })
    })
  })
}

/**
 * A server that already answers on the port would be measured in place of ours.
 *
 * @throws ActionError `usage` that names the process which holds the port.
 */
export async function assertPortFree(port: number): Promise<void> {
  if (await isPortFree(port)) return
  const holder = findPortHolder(port)
  throw new ActionError(
    'usage',
    `server.port: port ${port} is already in use${describeHolder(holder)}. A free port is needed.`,
    `${holder ? `End that process (kill ${holder.pid})` : 'End the process that listens there'}, set another port, or set \`port: auto\` with {{port}} in the command.`,
  )
}

/** Waits until the port can be taken again. False when it still cannot. */
export async function waitUntilPortFree(port: number): Promise<boolean> {
  return await waitUntil(() => isPortFree(port), freeWaitMs)
}

/** ` by process 123 (python serve.py)`, or nothing when the system does not tell. */
export function describeHolder(holder: PortHolder | null): string {
  return holder ? ` by process ${holder.pid} (${holder.command})` : ''
}

async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    // Other errors (no IPv6, a port below 1024) say nothing about whether somebody listens.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
