// The menu: the five stages of the loop in their order, each with the screens that exist. A new screen is a row here, a
// route, and its words.
import type { Role } from '@/generated/api'

export type MenuItem = { name: string; label: string; role?: Role }
export type MenuStage = { code: string; label?: string; items: MenuItem[] }

export const menu: MenuStage[] = [
  { code: 'home', items: [{ name: 'overview', label: 'nav.overview' }] },
  {
    code: 'listen',
    label: 'stage.listen',
    items: [
      { name: 'studies', label: 'nav.studies' },
      { name: 'imports', label: 'nav.imports', role: 'analyst' },
      { name: 'responses', label: 'nav.responses', role: 'analyst' },
      { name: 'customers', label: 'nav.customers', role: 'agent' },
    ],
  },
  { code: 'measure', label: 'stage.measure', items: [{ name: 'gaps', label: 'nav.gaps' }] },
  {
    code: 'settings',
    label: 'stage.settings',
    items: [
      { name: 'settings', label: 'nav.settings' },
      { name: 'system', label: 'nav.system', role: 'analyst' },
    ],
  },
]

/** The menu item a route belongs to: `study-new` to `studies`, and so on. */
export function placeOf(route: string): string {
  return { study: 'studies', 'study-new': 'studies', import: 'imports', 'import-new': 'imports' }[route] ?? route
}
