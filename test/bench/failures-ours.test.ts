import { describe, expect, test } from 'vitest'
import { faults } from '../../bench/failures/faults.ts'
import { countOurs } from '../../bench/failures/ours.ts'

const faultNamed = (name: string) => {
  const fault = faults.find((one) => one.name === name)
  if (!fault) throw new Error(`there is no fault ${name}`)
  return fault
}

describe('against a real server of which every second answer is faulty, the bench counts half as failures', () => {
  test.each([
    ['cut', 'openai-completions'],
    ['half-length', 'openai-completions'],
    ['empty-text', 'openai-chat'],
  ] as const)('%s, %s', async (name, api) => {
    expect(await countOurs(faultNamed(name), api)).toEqual({ successes: 20, failures: 20 })
  })
})

test('a sound server has no failures', async () => {
  expect(await countOurs(faultNamed('none'), 'openai-completions')).toEqual({ successes: 40, failures: 0 })
})

test('a server that dies loses all that it had not answered', async () => {
  const { successes, failures } = await countOurs(faultNamed('dies'), 'openai-completions')
  expect(failures).toBeGreaterThanOrEqual(20)
  expect((successes ?? 0) + (failures ?? 0)).toBe(40)
})
