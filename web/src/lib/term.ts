// v-term="'nps'": what a term means, in plain words, on hover, on focus and on tap. Any element can carry it; one that
// the keyboard can't reach becomes reachable. The words are tied to the element for screen readers (aria-describedby)
// whether they are shown or not. One box serves the whole page: only one term is looked at at a time.
import type { ObjectDirective } from 'vue'
import { i18n } from '@/i18n'
import type zh from '@/i18n/zh-CN/glossary'

export type Term = keyof (typeof zh)['glossary']

const HOVER_MS = 250
const MARGIN = 8
const REACHABLE = 'a[href], button, input, select, textarea, [tabindex]'

const codes = new WeakMap<HTMLElement, Term>()
let box: HTMLElement | undefined
let shelf: HTMLElement | undefined
let shownFor: HTMLElement | undefined
let timer: ReturnType<typeof setTimeout> | undefined

const words = (code: Term) => i18n.global.t(`glossary.${code}`)

/** The words of a term, where screen readers find them. */
function keepWords(code: Term): string {
  if (!shelf) {
    shelf = document.createElement('div')
    shelf.hidden = true
    document.body.append(shelf)
  }
  const id = `term-${code}`
  let entry = shelf.querySelector<HTMLElement>(`#${id}`)
  if (!entry) {
    entry = document.createElement('p')
    entry.id = id
    shelf.append(entry)
  }
  entry.textContent = words(code)
  return id
}

function show(element: HTMLElement) {
  const code = codes.get(element)
  if (!code) return
  if (!box) {
    box = document.createElement('div')
    box.className = 'term-box'
    box.setAttribute('popover', 'manual')
    box.setAttribute('aria-hidden', 'true') // the same words are on the shelf
    document.body.append(box)
  }
  hide()
  box.textContent = words(code)
  shownFor = element
  box.showPopover()
  const at = element.getBoundingClientRect()
  const { offsetWidth: wide, offsetHeight: high } = box
  const left = Math.max(MARGIN, Math.min(at.left, innerWidth - wide - MARGIN))
  const below = at.bottom + MARGIN + high < innerHeight
  box.style.left = `${left}px`
  box.style.top = `${below ? at.bottom + 6 : at.top - high - 6}px`
}

function hide() {
  clearTimeout(timer)
  if (shownFor) box?.hidePopover()
  shownFor = undefined
}

function soon(event: PointerEvent) {
  if (event.pointerType === 'touch') return
  const element = event.currentTarget as HTMLElement
  clearTimeout(timer)
  timer = setTimeout(() => show(element), HOVER_MS)
}
const now = (event: Event) => show(event.currentTarget as HTMLElement)
const onKey = (event: KeyboardEvent) => event.key === 'Escape' && shownFor && (event.stopPropagation(), hide())

/** Ties the element to its words; the first time it learns to show them. */
function describe(element: HTMLElement, code: Term | undefined) {
  if (!code) return
  if (!codes.has(element)) listen(element)
  codes.set(element, code)
  element.setAttribute('aria-describedby', keepWords(code))
}

function listen(element: HTMLElement) {
  element.classList.add('term')
  if (!element.matches(REACHABLE)) element.tabIndex = 0
  element.addEventListener('pointerenter', soon)
  element.addEventListener('pointerleave', hide)
  element.addEventListener('focus', now)
  element.addEventListener('blur', hide)
  element.addEventListener('click', now)
  element.addEventListener('keydown', onKey)
}

export const vTerm: ObjectDirective<HTMLElement, Term | undefined> = {
  mounted(element, { value }) {
    describe(element, value)
  },
  updated(element, { value }) {
    describe(element, value)
  },
  beforeUnmount(element) {
    if (shownFor === element) hide()
  },
}
