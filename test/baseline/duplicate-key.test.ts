import { describe, expect, it } from 'vitest'
import { findDuplicateKey } from '../../src/baseline/duplicate-key.ts'

describe('a key that stands twice in one object is found', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":{"b":1},"c":[{"d":1,"e":"d","d":2}]}', 'd'],
    ['{"a":{"x":1},"b":2,"a" \n : 3}', 'a'],
    ['{"\\u0061":1,"a":2}', 'a'],
    ['{"a\\"}":1,"a\\"}":2}', 'a"}'],
  ])('%s', (json, key) => {
    expect(findDuplicateKey(json)).toBe(key)
  })

  it.each([
    '{}',
    '[]',
    '"a"',
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"a":"a","b":"a"}',
    '{"a":["b","b"],"b":"{\\"a\\":1,\\"a\\":2}"}',
  ])('%s has none', (json) => {
    expect(findDuplicateKey(json)).toBeNull()
  })
})
