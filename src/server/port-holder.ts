import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { hasProcessTable, listPids, readCommand } from './processes.ts'

export interface PortHolder {
  readonly pid: number
  readonly command: string
}

/** `st` of a listening socket in /proc/net/tcp: proc_net_tcp(5). */
const listening = '0A'

/** Who listens on a TCP port. Null where the system does not tell: outside Linux, or another user's process. */
export function findPortHolder(port: number): PortHolder | null {
  if (!hasProcessTable) return null
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (sockets.size === 0) return null
  const pid = listPids().find((candidate) => openSockets(candidate).some((socket) => sockets.has(socket)))
  return pid === undefined ? null : { pid, command: readCommand(pid) ?? 'unknown command' }
}

function listeningInodes(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  try {
    return readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === listening)
      .flatMap((fields) => fields[9] ?? [])
  } catch {
    return []
  }
}

function openSockets(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${descriptor}`).match(/^socket:\[(\d+)\]$/)?.[1] ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}
