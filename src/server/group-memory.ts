import { groupMembers, hasProcessTable, readRssMiB } from './processes.ts'

/** A walk over all processes takes milliseconds of the client's own event loop, so members are looked up seldom. */
const lookupEveryMs = 10_000

/** A reader of the resident memory of a process group, MiB; it answers null where the system does not say. */
export function groupMemory(group: number): () => number | null {
  let members: readonly number[] = []
  let lookedUpMs = Number.NEGATIVE_INFINITY
  return () => {
    if (!hasProcessTable) return null
    const nowMs = performance.now()
    if (nowMs - lookedUpMs >= lookupEveryMs) {
      members = groupMembers(group)
      lookedUpMs = nowMs
    }
    const sizes = members.flatMap((pid) => readRssMiB(pid) ?? [])
    return sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0)
  }
}
