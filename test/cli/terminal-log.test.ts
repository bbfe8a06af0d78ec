import { expect, test } from 'vitest'
import { terminalLog } from '../../src/cli/terminal-log.ts'

function stream(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 20, written, write: (text: string) => written.push(text) }
}

test('on a terminal progress is one line that is overwritten, and cleared before anything else is said', () => {
  const out = stream(true)
  const log = terminalLog(out)
  log.progress('h1: 1/30')
  log.progress('h1: 2/30')
  log.info('done')
  expect(out.written).toEqual(['\r\u001b[2Kh1: 1/30', '\r\u001b[2Kh1: 2/30', '\r\u001b[2K', 'done\n'])
})

test('a progress line never wraps', () => {
  const out = stream(true)
  terminalLog(out).progress('x'.repeat(50))
  expect(out.written).toEqual([`\r\u001b[2K${'x'.repeat(19)}`])
})

test('without a terminal progress is a plain line every ten seconds', () => {
  const out = stream(false)
  let nowMs = 0
  const log = terminalLog(out, () => nowMs)
  for (; nowMs <= 20_000; nowMs += 2500) log.progress(`${nowMs} ms`)
  log.end()
  expect(out.written).toEqual(['0 ms\n', '10000 ms\n', '20000 ms\n'])
})

test('a group says its name, and gives back what its body returns', async () => {
  const out = stream(false)
  expect(await terminalLog(out).group('Measure', async () => 7)).toBe(7)
  expect(out.written).toEqual(['Measure ...\n'])
})
