import { describe, expect, it } from 'vitest'
import { presetNames, presets } from '../../../examples/engine/gguf/presets.ts'
import { buildVocabulary } from '../../../examples/engine/gguf/vocabulary.ts'

describe.each(presetNames)('the vocabulary of preset %s', (preset) => {
  const size = presets[preset].vocabulary
  const { tokens, merges, wordStart, controlStart } = buildVocabulary(size)

  it('has exactly the size of the preset, and no token twice', () => {
    expect(tokens.length).toBe(size)
    expect(new Set(tokens).size).toBe(size)
  })

  it('spells bytes as GPT-2 does', () => {
    // From the published encoder: space is U+0120, newline U+010A, soft hyphen U+0143, é (0xC3 0xA9) is "Ã©".
    expect([tokens[0x20], tokens[0x0a], tokens[0xad], tokens[0x41]]).toEqual(['\u0120', '\u010a', '\u0143', 'A'])
    expect([tokens[0xc3], tokens[0xa9], tokens[0x00], tokens[0x7f]]).toEqual(['Ã', '©', '\u0100', '\u0121'])
  })

  it('builds each word by one merge of two tokens that exist before it', () => {
    expect(merges.length).toBe(controlStart - wordStart)
    const known = new Set(tokens.slice(0, wordStart))
    for (const [index, merge] of merges.entries()) {
      const [left = '', right = ''] = merge.split(' ')
      expect(known.has(left) && known.has(right), merge).toBe(true)
      expect(tokens[wordStart + index]).toBe(left + right)
      known.add(left + right)
    }
  })
})
