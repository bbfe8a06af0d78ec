import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { otherFraction, startHostSampler, stealBetween } from '../../src/telemetry/host.ts'
import { parseCpuTicks, parseProcessTicks } from '../../src/telemetry/processor-time.ts'

// user nice system idle iowait irq softirq steal guest guest_nice
const stat = 'cpu  100 10 50 800 20 5 5 10 40 0\ncpu0 50 5 25 400 10 2 3 5 20 0\nintr 12345\n'

test('ticks are the sum of the eight kinds; guest time is within user time; idle, disk and stolen time is not busy', () => {
  expect(parseCpuTicks(stat)).toEqual({ total: 1000, busy: 170, steal: 10 })
})

const ticks = (total: number, steal = 0, busy = 0) => ({ total, busy, steal })

test('the steal fraction is that of the time between two looks', () => {
  expect(stealBetween(ticks(1000, 10), ticks(1400, 110))).toBe(0.25)
})

test.each([
  [null, ticks(1)],
  [ticks(1), null],
  [ticks(5, 1), ticks(5, 1)],
])('nothing to compare is unknown, not zero', (before, after) => {
  expect(stealBetween(before, after)).toBeNull()
})

test.each(['', 'cpu  1 2 3 4\n', 'cpu  1 2 3 x 5 6 7 8\n'])(
  'a kernel that does not count steal is unknown: %j',
  (text) => {
    expect(parseCpuTicks(text)).toBeNull()
  },
)

test('a process counts with the children it has waited for, whatever its name', () => {
  const line = '77 (a) b (c)) S 5 70 70 0 -1 4194304 100 200 0 0 11 22 33 44 20 0 1 0 12345 1 2 3'
  expect(parseProcessTicks(77, line)).toEqual({ pid: 77, parent: 5, group: 70, ticks: 110 })
  expect(parseProcessTicks(77, null)).toBeNull()
  expect(parseProcessTicks(77, '77 (cut) S 5 70 70 0 -1 1 2 3 4 5 6')?.ticks ?? null).not.toBeNaN()
})

test('what is left of the busy time after the server and us is that of others', () => {
  const before = { machine: ticks(1000, 0, 500), own: { client: 10, servers: null } }
  // 400 ticks later, 300 of them busy: 120 of the server, 30 of ours, 150 of others.
  const after = { machine: ticks(1400, 0, 800), own: { client: 40, servers: 120 } }
  expect(otherFraction(before, after)).toBe(0.375)
  expect(otherFraction(before, { ...after, own: { client: 400, servers: 120 } })).toBe(0)
})

test.each([
  [{ machine: null, own: { client: 1, servers: 1 } }],
  [{ machine: ticks(1400), own: null }],
  [{ machine: ticks(1400), own: { client: 1, servers: null } }],
  [{ machine: ticks(1000), own: { client: 1, servers: 1 } }],
])('without the server, us or the machine it is unknown: %j', (after) => {
  expect(otherFraction({ machine: ticks(1000), own: { client: 0, servers: null } }, after)).toBeNull()
})

/** Burns a second of CPU time, says so, and stays. */
const burn = `const until = process.cpuUsage(); let used = 0
while (used < 1e6) { const { user, system } = process.cpuUsage(until); used = user + system }
console.log('done'); setInterval(() => {}, 1000)`

test.runIf(process.platform === 'linux')(
  "the server's CPU time is that of its whole group, and a neighbour's is that of others",
  async () => {
    const group: number[] = []
    const sampler = startHostSampler({ serverRssMiB: () => 1, serverGroups: () => group, intervalMs: 50 })
    const shell = `${process.execPath} -e "$BURN" & ${process.execPath} -e "$BURN"`
    const server = spawn('sh', ['-c', shell], { detached: true, env: { ...process.env, BURN: burn } })
    group.push(server.pid ?? 0)
    let done = 0
    server.stdout.on('data', (text: Buffer) => {
      done += String(text).split('done').length - 1
    })
    await expect.poll(() => done, { timeout: 30_000 }).toBe(2)
    const host = sampler.stop()
    process.kill(-(server.pid ?? 0), 'SIGKILL')
    await once(server, 'close')
    // Two processes of at least a second each; starting Node costs some more.
    expect(host.serverCpuSeconds).toBeGreaterThanOrEqual(1.9)
    expect(host.serverCpuSeconds).toBeLessThan(10)
    expect(host.clientCpuSeconds).toBeLessThan(host.serverCpuSeconds ?? 0)
    expect(host.otherCpuFraction).toBeGreaterThanOrEqual(0)
    expect(host.otherCpuFraction).toBeLessThan(1)
    expect(host.clientRssMiB).toBeGreaterThan(10)
  },
)

test('a server that has ended says nothing any more', () => {
  const sampler = startHostSampler({ serverRssMiB: () => null, serverGroups: () => [2 ** 22 + 7], intervalMs: 50 })
  expect(sampler.stop()).toMatchObject({ serverCpuSeconds: null, otherCpuFraction: null, serverRssMiB: null })
})
