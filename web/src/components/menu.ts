// The menu: the five stages of the loop in their order, each with the screens that exist. A new screen is a row here, a
// route, and its words. `reads`: what the server must let one read for the screen to show anything.
import { may, type Operation } from '@/lib/session'

export type MenuItem = { name: string; label: string; reads?: Operation }
export type MenuStage = { code: string; label?: string; items: MenuItem[] }

export const menu: MenuStage[] = [
  { code: 'home', items: [{ name: 'overview', label: 'nav.overview' }] },
  {
    code: 'listen',
    label: 'stage.listen',
    items: [
      { name: 'studies', label: 'nav.studies' },
      { name: 'imports', label: 'nav.imports', reads: 'listImports' },
      { name: 'responses', label: 'nav.responses', reads: 'listResponses' },
      { name: 'customers', label: 'nav.customers', reads: 'listCustomers' },
    ],
  },
  { code: 'measure', label: 'stage.measure', items: [{ name: 'gaps', label: 'nav.gaps' }] },
  {
    code: 'settings',
    label: 'stage.settings',
    items: [
      { name: 'settings', label: 'nav.settings' },
      { name: 'system', label: 'nav.system', reads: 'getSystem' },
    ],
  },
]

/** The items the signed-in user has a use for; stages that are left empty go. */
export function allowedMenu(): MenuStage[] {
  return menu
    .map((stage) => ({ ...stage, items: stage.items.filter((item) => !item.reads || may(item.reads)) }))
    .filter((stage) => stage.items.length)
}

const phone = ['overview', 'gaps', 'imports', 'studies'] as const

/** Names of the items on the phone's bar, those of a right one lacks left out. */
export function phoneMenu() {
  const allowed: string[] = allowedMenu().flatMap((stage) => stage.items.map((item) => item.name))
  return phone.filter((name) => allowed.includes(name))
}

/** The menu item a route belongs to: `study-new` to `studies`, and so on. */
export function placeOf(route: string): string {
  return { study: 'studies', 'study-new': 'studies', import: 'imports', 'import-new': 'imports' }[route] ?? route
}
