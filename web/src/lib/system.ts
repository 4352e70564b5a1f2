// How the server fares, as a person would put it: what to say first, what needs someone, and where each follower
// stands on the way from the log. Texts are keys; the numbers in them are the server's.
import type { System, SystemDisk, SystemFollower, SystemHeld, SystemSchedule } from '@/generated/api'

export type Tone = 'short' | 'warn' | 'accent' | 'beyond'
/** A sentence: its key, how many it speaks of, the study it names where that is one, what else stands in it, and
 * whether it is of held studies. */
export type Finding = {
  key: string
  tone: Tone
  n: number
  held?: boolean
  study?: SystemHeld
  bytes?: number
  at?: string
}

const FULL_BYTES = 1024 ** 2
const LOW_BYTES = 2 * 1024 ** 3
const LOW_SHARE = 0.1

/** Under a tenth, or under 2 GiB. A disk that couldn't be asked (total 0) isn't low. */
export function isLow(disk: SystemDisk): boolean {
  return disk.total > 0 && disk.free < Math.max(LOW_BYTES, disk.total * LOW_SHARE)
}

/** Nothing more fits: what needs room is refused. */
export function isFull(disk: SystemDisk): boolean {
  return disk.total > 0 && disk.free < FULL_BYTES
}

/** Where on the whole disk "low" begins, as a share of it. */
export function lowShare(disk: SystemDisk): number {
  return Math.min(1, Math.max(LOW_SHARE, LOW_BYTES / disk.total))
}

export type Plight = 'erasure' | 'setAside' | 'retry' | 'rebuilding' | 'bulk'

/** What a held study is in for. An erasure that fails comes before all else. */
export function plight(held: SystemHeld): Plight {
  if (held.state === 'set_aside') return 'setAside'
  if (held.state === 'retry') return held.kind === 'erase' ? 'erasure' : 'retry'
  return held.rebuilding ? 'rebuilding' : 'bulk'
}

const order: Plight[] = ['erasure', 'setAside', 'retry', 'rebuilding', 'bulk']

export function byUrgency(held: SystemHeld[]): SystemHeld[] {
  return [...held].sort((a, b) => order.indexOf(plight(a)) - order.indexOf(plight(b)) || a.since.localeCompare(b.since))
}

export const isClosed = (system: System) => !system.columns.open && !!system.columns.problem

/** Matters of one's organisation that need somebody now: not what goes on by itself. */
export function needs(system: System): number {
  const waiting = system.held.filter((h) => h.state !== 'bulk').length
  return waiting + (isLow(system.disk) ? 1 : 0) + (isClosed(system) ? 1 : 0)
}

export type JobCare = 'planned' | 'running' | 'failed'

/** A job that repeats is armed again when it failed; its message stays until it ends well. */
export function jobCare(job: SystemSchedule): JobCare {
  if (job.state === 'running') return 'running'
  return job.message || job.state === 'failed' ? 'failed' : 'planned'
}

/** Streams of other organisations that stand behind. */
export function heldElsewhere(system: System): number {
  return Math.max(0, sum(system.followers, (f) => f.held) - system.held.length)
}

function sum<T>(rows: T[], value: (row: T) => number): number {
  return rows.reduce((total, row) => total + value(row), 0)
}

/** What there is to say, most pressing first; never empty. */
export function findings(system: System): Finding[] {
  const found: Finding[] = []
  const of = (what: Plight) => system.held.filter((h) => plight(h) === what)
  const studies = (what: Plight, key: string, tone: Tone) => {
    const held = of(what)
    if (held.length)
      found.push({
        key,
        tone,
        n: held.length,
        held: true,
        study: held.length === 1 ? held[0] : undefined,
        at: held[0]!.retry_at,
      })
  }
  const many = (n: number, key: string, tone: Tone) => n > 0 && found.push({ key, tone, n })

  studies('erasure', 'system.finding.erasure', 'short')
  if (isClosed(system)) found.push({ key: 'system.finding.closed', tone: 'short', n: 1 })
  if (isFull(system.disk)) found.push({ key: 'system.finding.full', tone: 'short', n: 1 })
  studies('setAside', 'system.finding.setAside', 'short')
  if (isLow(system.disk) && !isFull(system.disk))
    found.push({ key: 'system.finding.disk', tone: 'warn', n: 1, bytes: system.disk.free })
  studies('retry', 'system.finding.retry', 'warn')
  many(system.schedule.filter((s) => jobCare(s) === 'failed').length, 'system.finding.schedule', 'warn')
  studies('rebuilding', 'system.finding.rebuilding', 'accent')
  studies('bulk', 'system.finding.bulk', 'accent')
  many(Math.max(0, ...system.followers.map((f) => f.waiting)), 'system.finding.waiting', 'accent')
  many(heldElsewhere(system), 'system.finding.elsewhere', 'accent')
  if (!found.length) found.push({ key: 'system.finding.level', tone: 'beyond', n: 0 })
  return found
}

/** How far behind the log's end `waiting` entries are drawn: 0 at the end, 1 from a million, each tenfold as far
 * again. */
export function distance(waiting: number): number {
  return Math.min(1, Math.log10(1 + Math.max(0, waiting)) / 6)
}

/** A study beside the track, or (without one) how many more there are that aren't drawn. */
export type Siding = { held?: SystemHeld; plight?: Plight; more: number; elsewhere?: boolean }
export type Track = { follower: SystemFollower; sidings: Siding[] }

const SIDINGS_MOST = 6

/** A track a follower, its most pressing studies beside it. */
export function tracks(system: System): Track[] {
  return system.followers.map((follower) => {
    const own = byUrgency(system.held.filter((h) => h.follower === follower.name))
    const shown = own.length > SIDINGS_MOST ? own.slice(0, SIDINGS_MOST - 1) : own
    const sidings: Siding[] = shown.map((held) => ({ held, plight: plight(held), more: 0 }))
    const elsewhere = follower.held - own.length
    if (own.length > shown.length) sidings.push({ more: own.length - shown.length })
    if (elsewhere > 0) sidings.push({ more: elsewhere, elsewhere: true })
    return { follower, sidings }
  })
}

export const keyOf = (held: Pick<SystemHeld, 'follower' | 'study_id'>) => `${held.follower} ${held.study_id}`
