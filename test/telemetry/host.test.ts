import { expect, test } from 'vitest'
import { parseCpuTicks, stealBetween } from '../../src/telemetry/host.ts'

// user nice system idle iowait irq softirq steal guest guest_nice
const stat = 'cpu  100 10 50 800 20 5 5 10 40 0\ncpu0 50 5 25 400 10 2 3 5 20 0\nintr 12345\n'

test('ticks are the sum of the eight kinds; guest time is within user time', () => {
  expect(parseCpuTicks(stat)).toEqual({ total: 1000, steal: 10 })
})

test('the steal fraction is that of the time between two looks', () => {
  expect(stealBetween({ total: 1000, steal: 10 }, { total: 1400, steal: 110 })).toBe(0.25)
})

test.each([
  [null, { total: 1, steal: 0 }],
  [{ total: 1, steal: 0 }, null],
  [
    { total: 5, steal: 1 },
    { total: 5, steal: 1 },
  ],
])('nothing to compare is unknown, not zero', (before, after) => {
  expect(stealBetween(before, after)).toBeNull()
})

test.each(['', 'cpu  1 2 3 4\n', 'cpu  1 2 3 x 5 6 7 8\n'])(
  'a kernel that does not count steal is unknown: %j',
  (text) => {
    expect(parseCpuTicks(text)).toBeNull()
  },
)
