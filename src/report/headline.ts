import type { JudgeReport, Phase } from '../model/verdict.ts'
import { plural } from '../model/words.ts'
import { acceptedCells, byWhom } from './accepted.ts'
import { describeCell } from './describe-cell.ts'
import { andMoreRows } from './format.ts'
import { mdeSentence } from './mde.ts'
import { said } from './said.ts'
import { soundReport } from './sound-report.ts'
import { plainStyle, type Style } from './style.ts'
import { conclusionSymbols } from './verdict-words.ts'

export interface Headline {
  readonly title: string
  /** What the reader should do next, or may rely on. */
  readonly action: string
}

/** One line for everybody, and the next action. Expects a sound report. */
export function headline(report: JudgeReport, style: Style): Headline {
  const { title, action } = words[report.conclusion](report, style)
  return { title: `${conclusionSymbols[report.conclusion]} ${title}`, action: `${action}${alsoAccepted(report)}` }
}

/** The headline without markdown, of any report: for a check run, an annotation, a log. */
export function plainHeadline(report: JudgeReport): Headline {
  return headline(soundReport(report), plainStyle)
}

/** What was accepted beside a worse verdict; a pass tells it in its own words. */
function alsoAccepted(report: JudgeReport): string {
  const accepted = acceptedCells(report).length
  if (accepted === 0 || report.conclusion === 'pass') return ''
  return ` Besides, a slowdown was accepted on purpose in ${plural(accepted, 'row')}.`
}

const words: Record<JudgeReport['conclusion'], (report: JudgeReport, style: Style) => Headline> = {
  regressed,
  invalid,
  inconclusive,
  pass,
}

const whatToLookAt: Readonly<Record<Phase, string>> = {
  queue: 'Requests wait longer before they are served: look at scheduling, batching and limits of concurrency.',
  prefill: 'The time to the first token moved: look at what happens to a prompt before its first token.',
  decode: 'The time per output token moved: look at the decode step.',
  'prefill and decode':
    'Prompt processing and decoding both moved: look at what they share (model, precision, threads, host).',
}

function regressed(report: JudgeReport, style: Style): Headline {
  const slower = report.cells.filter(({ verdict }) => verdict === 'regressed')
  const worst = slower.find(({ scenario }) => scenario !== null) ?? slower[0]
  const diagnosis = report.diagnoses.find(({ scenario }) => scenario === worst?.scenario)
  const broken = report.cells.filter(({ verdict }) => verdict === 'invalid' || verdict === 'missing').length
  const besides = broken > 0 ? ` Besides, ${plural(broken, 'row')} could not be judged (INVALID).` : ''
  const where = report.part === null ? '' : `${style.text(report.part)} `
  const advice = diagnosis
    ? `${style.text(diagnosis.text)} ${whatToLookAt[diagnosis.phase]}`
    : 'Find out what made it slower.'
  return {
    title: `Slower: ${worst ? describeCell(worst, style) : 'see the table'}${diagnosis ? `, ${diagnosis.phase}` : ''}${andMoreRows(slower.length)}`,
    action: `${where}Next: ${advice} See below how to reproduce it.${besides}`,
  }
}

function invalid(report: JudgeReport, style: Style): Headline {
  const broken = report.cells.filter(({ verdict }) => verdict === 'invalid' || verdict === 'missing')
  const finding = report.findings[0]
  const why = said(finding?.message ?? broken[0]?.reason ?? 'no scenario was measured', finding?.hint ?? '')
  const all = report.cells.length
  const isPart = broken.length > 0 && broken.length < all
  const isRest = broken.length === 0 && all > 0
  const what = isPart
    ? `${broken.length} of ${plural(all, 'row')} could not be judged`
    : isRest
      ? 'not everything was judged'
      : 'nothing was judged'
  return {
    title: `INVALID: ${what}: ${style.text(why.message)}`,
    action: `Next: ${finding ? style.text(why.hint) : 'Read the reasons below and repair the measurement.'} An invalid measurement says nothing about whether the change is slower.`,
  }
}

function inconclusive(report: JudgeReport, style: Style): Headline {
  const open = report.cells.filter(({ verdict }) => verdict === 'inconclusive')
  const worst = open[0]
  return {
    title: `Inconclusive: ${worst ? describeCell(worst, style) : 'see the table'}${andMoreRows(open.length)} could not be decided`,
    action: `Neither a slowdown nor its absence could be shown. Next: ${worst ? style.text(worst.wouldDecide ?? worst.reason) : 'measure again'}`,
  }
}

function pass(report: JudgeReport, style: Style): Headline {
  const accepted = acceptedCells(report)
  const [first] = accepted
  if (first) {
    return {
      title: `Slower, and accepted: ${describeCell(first, style)}${andMoreRows(accepted.length)}`,
      action: `${byWhom(first, style)} No other row is slower. ${mdeSentence(report.cells)}`,
    }
  }
  const scenarios = new Set(report.cells.flatMap(({ scenario }) => scenario ?? [])).size
  const fresh = new Set(report.cells.filter(({ verdict }) => verdict === 'new').map(({ scenario }) => scenario)).size
  const faster = report.cells.find(({ verdict }) => verdict === 'improved')
  const compared = plural(scenarios - fresh, 'scenario')
  const also = fresh > 0 ? `; ${plural(fresh, 'new scenario')} without anything to compare with` : ''
  const but = report.outputs?.kind === 'changed' ? ', but the outputs changed' : ''
  const title = faster ? `No slowdown, and faster: ${describeCell(faster, style)}${but}` : `No slowdown in ${compared}`
  return { title: `${title}${also}`, action: mdeSentence(report.cells) }
}
