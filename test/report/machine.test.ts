import { expect, test } from 'vitest'
import type { TelemetrySummary } from '../../src/model/telemetry.ts'
import { renderComment, renderSummary, renderTerminal } from '../../src/report/index.ts'
import { machineLines } from '../../src/report/machine.ts'
import { trial } from '../judge/evidence.ts'
import { soundGpu, soundTelemetry } from '../telemetry/validity/sound.ts'
import { context, report } from './sample.ts'

const watched = (side: 'base' | 'head', telemetry: TelemetrySummary) => ({ ...trial(side, 0, {}), telemetry })

test('nothing watched, nothing said', () => {
  expect(machineLines([trial('base', 0, {}), trial('head', 0, {})])).toEqual([])
})

test('a line for the processes and one for the GPU of each side', () => {
  const lines = machineLines([watched('base', soundTelemetry), watched('head', { ...soundTelemetry, gpu: null })])
  expect(lines).toEqual([
    'Machine, base (means of 1 trial): server 12.0 CPU s and 900 MiB, client 1.00 CPU s and 110 MiB, others 3.0 % of the CPU, stolen 0.0 %, governor performance',
    // 3421 MiB at most, 200 MiB before the start.
    'GPU, base: busy 98 %, SM 1830 MHz, memory clock 7000 MHz, up to 67.0 °C, 140 W of 160 W, 3221 MiB above idle, held back: sw_power_cap 50 %',
    'Machine, head (means of 1 trial): server 12.0 CPU s and 900 MiB, client 1.00 CPU s and 110 MiB, others 3.0 % of the CPU, stolen 0.0 %, governor performance',
  ])
})

const counted = {
  server: 'vllm',
  promptTokens: 4000,
  outputTokens: 500,
  requests: 32,
  ttftMeanMs: 20,
  clientTtftMeanMs: 22,
  cacheQueries: 4000,
  cacheHits: 20,
  preemptions: 1,
} as const

test("the server's own counters are added up over trials and scenarios", () => {
  const telemetry = { ...soundTelemetry, gpu: null, serverMetrics: { a: counted, b: { ...counted, ttftMeanMs: 30 } } }
  expect(machineLines([watched('head', telemetry), watched('head', telemetry)])[1]).toBe(
    'Counted by the server, head: 2000 output tokens, 16000 prompt tokens, first token after 25.0 ms (seen by the client: 22.0 ms), 0.5 % of prompts from cache, 4.00 preemptions',
  )
})

test('what one of them does not tell is no smaller sum, and nothing told is a dash', () => {
  const silent = { ...counted, outputTokens: null, ttftMeanMs: null, cacheHits: null, preemptions: null }
  const gpu = { ...soundGpu, throttleReasons: null, throttleTime: null, memoryIdleMiB: null, smClockMedianMhz: null }
  const telemetry = { ...soundTelemetry, gpu, serverMetrics: { a: counted, b: silent } }
  const lines = machineLines([watched('head', telemetry)])
  expect(lines[1]).toContain('SM - MHz')
  expect(lines[1]).toContain('- MiB above idle, held back: unknown')
  expect(lines[2]).toMatch(/head: - output tokens, 8000 prompt tokens, .*, - of prompts from cache, - preemptions/)
})

test('a reason is shown by the larger of samples and counter, and a GPU that was never held back says so', () => {
  const gpu = { ...soundGpu, throttleReasons: { sw_power_cap: 0 }, throttleTime: { sw_thermal_slowdown: 0.25 } }
  expect(machineLines([watched('head', { ...soundTelemetry, gpu })])[1]).toContain(
    'held back: sw_thermal_slowdown 25 %',
  )
  const cool = { ...soundGpu, throttleReasons: {}, throttleTime: { sw_thermal_slowdown: 0 } }
  expect(machineLines([watched('head', { ...soundTelemetry, gpu: cool })])[1]).toContain('held back: never')
})

test('the lines stand in the terminal', () => {
  const machine = machineLines([watched('head', soundTelemetry)])
  expect(renderTerminal(report(), { machine })).toContain('\nGPU, head: busy 98 %')
})

test('the lines stand in the comment and in the summary, and cannot break them', () => {
  const host = { ...soundTelemetry.host, cpuGovernor: '<img src=x>' }
  const machine = machineLines([watched('head', { ...soundTelemetry, host })])
  for (const text of [
    renderComment(report(), { ...context, machine }),
    renderSummary(report(), { ...context, machine }),
  ]) {
    expect(text).toContain('- Machine, head (means of 1 trial)')
    expect(text).toContain('SM 1830 MHz')
    expect(text).not.toContain('<img')
  }
})
