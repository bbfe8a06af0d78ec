import { describe, expect, test } from 'vitest'
import { parsePrompts } from '../../../src/plan/prompts/parse-prompts.ts'

const chat = (...turns: readonly (readonly [role: string, content: unknown])[]) => ({
  messages: turns.map(([role, content]) => ({ role, content })),
})
const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('')

describe('prompts are read', () => {
  test.each<[string, string, unknown[]]>([
    ['{"prompt"} a line', lines({ prompt: 'one' }, { prompt: 'two' }), ['one', 'two']],
    ['{"text"} a line', lines({ text: 'one' }, { text: 'two' }), ['one', 'two']],
    ['a text a line', lines('one', 'two'), ['one', 'two']],
    ['all kinds mixed', lines('one', { text: 'two' }, { prompt: 'three' }), ['one', 'two', 'three']],
    ['messages', lines(chat(['user', 'a']), chat(['user', 'b'])), [chat(['user', 'a']), chat(['user', 'b'])]],
    ['an array of texts', '["one",\n "two"]', ['one', 'two']],
    ['an array of objects', JSON.stringify([{ prompt: 'one' }, { text: 'two' }]), ['one', 'two']],
    ['blank lines between', '"one"\n\n  \n"two"', ['one', 'two']],
    ['keys that say nothing to us', lines({ prompt: 'one', id: 7, category: 'x' }, 'two'), ['one', 'two']],
    ['line breaks and other scripts inside', lines('a\n\tb', '日本語 🚀'), ['a\n\tb', '日本語 🚀']],
    ['the same prompt more than once', lines('one', 'one', 'two'), ['one', 'one', 'two']],
  ])('%s', (_what, text, prompts) => {
    expect(parsePrompts(text)).toEqual({ prompts, faults: [] })
  })

  test('a conversation keeps its roles in their order, and only role and content of each message', () => {
    const messages = [
      { role: 'system', content: 'Be brief.', name: 'x' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Bye' },
    ]
    const { prompts } = parsePrompts(lines({ messages }, 'other'))
    expect(prompts[0]).toEqual(chat(['system', 'Be brief.'], ['user', 'Hi'], ['assistant', 'Hello'], ['user', 'Bye']))
  })

  test('of a ShareGPT file, what the person says first', () => {
    const text = JSON.stringify([
      {
        id: 'a',
        conversations: [
          { from: 'human', value: 'one' },
          { from: 'gpt', value: 'no' },
        ],
      },
      {
        id: 'b',
        conversations: [
          { from: 'gpt', value: 'no' },
          { from: 'human', value: 'two' },
        ],
      },
      {
        id: 'c',
        conversations: [
          { from: 'system', value: 'no' },
          { from: 'user', value: 'three' },
        ],
      },
    ])
    expect(parsePrompts(text)).toEqual({ prompts: ['one', 'two', 'three'], faults: [] })
  })
})

describe('prompts are refused', () => {
  test.each<[string, unknown, RegExp]>([
    ['a number', 7, /a number/],
    ['nothing', null, /nothing/],
    ['a list', ['one'], /a list/],
    ['an object without a prompt', { question: 'x' }, /none of prompt, text, messages, conversations/],
    ['two prompts in one', { prompt: 'x', text: 'y' }, /prompt and text/],
    ['an empty text', '', /empty/],
    ['a text of blanks', { prompt: ' \n\t' }, /empty/],
    ['a prompt that is no text', { prompt: 5 }, /is a number/],
    ['a prompt of null', { prompt: null }, /is nothing/],
    ['a prompt longer than any context', 'x'.repeat(4_000_001), /4000001 characters/],
    ['no messages', { messages: [] }, /empty one/],
    ['messages that are no list', { messages: 'hi' }, /no list/],
    ['a message that is no mapping', { messages: ['hi'] }, /messages\[0\] has no role/],
    ['a message without a role', { messages: [{ content: 'hi' }] }, /messages\[0\] has no role/],
    ['a message without content', chat(['user', null]), /messages\[0\]: the prompt is nothing/],
    ['content in parts', chat(['user', [{ type: 'text', text: 'hi' }]]), /is a list/],
    ['a chat that the model has the last word of', chat(['user', 'a'], ['assistant', 'b']), /last message/],
    ['a conversation without a person', { conversations: [{ from: 'gpt', value: 'x' }] }, /nobody human/],
    ['a conversation that is no list', { conversations: 'x' }, /nobody human/],
    ['a person who says nothing', { conversations: [{ from: 'human', value: '' }] }, /empty/],
  ])('%s, by its line', (_what, value, message) => {
    const { faults } = parsePrompts(lines('fine', value, 'also fine'))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ where: 'line 2', message: expect.stringMatching(message) })
    expect(faults[0]?.allowed).not.toBe('')
  })

  test('lines that are no JSON: every one of them, with what stands there', () => {
    const { faults } = parsePrompts('"one"\n{"prompt": "two"\nthree\n"four"\n')
    expect(faults.map(({ where, seen }) => [where, seen])).toEqual([
      ['line 2', '{"prompt": "two"'],
      ['line 3', 'three'],
    ])
  })

  test('entries of an array, by their place', () => {
    const { faults } = parsePrompts('["one", "", "two", 3]')
    expect(faults.map(({ where }) => where)).toEqual(['entry 2', 'entry 4'])
  })

  test.each([
    ['an array that is cut short', '["one", "two"', /not JSON/],
    ['an empty file', '', /^0 different prompts/],
    ['an empty array', '[]', /^0 different prompts/],
    ['one prompt', '"one"\n', /^1 different prompts/],
    ['one prompt many times', lines('one', 'one', { text: 'one' }), /^1 different prompts/],
    [
      'bytes that are no UTF-8',
      Buffer.from([...Buffer.from('"a"\n"'), 0xff, ...Buffer.from('b"\n')]).toString('utf8'),
      /no UTF-8/,
    ],
    ['more prompts than anybody needs', '"x"\n'.repeat(100_001), /^100001 prompts/],
  ])('%s, as a whole', (_what, text, message) => {
    expect(parsePrompts(text).faults).toEqual([
      { where: '', seen: null, message: expect.stringMatching(message), allowed: expect.any(String) },
    ])
  })
})
