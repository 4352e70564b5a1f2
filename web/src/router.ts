import {
  createRouter,
  createWebHistory,
  isNavigationFailure,
  NavigationFailureType,
  START_LOCATION,
  type RouteRecordRaw,
} from 'vue-router'
import { awaited, PartMissing, screen } from './lib/lazy'
import type { Operation } from './lib/session'
import Overview from './screens/measure/overview/OverviewScreen.vue'

/** `filters`: the screen obeys the filter row. `title`: key of its name in the menu and the window title. `needs`: what
 * the server must let one do for the screen to be of use; others are told whose it is. */
declare module 'vue-router' {
  interface RouteMeta {
    title: string
    filters?: boolean
    study?: boolean // it shows the study in the address
    needs?: Operation
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'overview', component: Overview, meta: { title: 'nav.overview', filters: true, study: true } },
  {
    path: '/gaps',
    name: 'gaps',
    component: screen(() => import('./screens/measure/gaps/GapsScreen.vue')),
    meta: { title: 'nav.gaps', filters: true, study: true },
  },
  {
    path: '/studies',
    name: 'studies',
    component: screen(() => import('./screens/record/studies/StudiesScreen.vue')),
    meta: { title: 'nav.studies' },
  },
  {
    path: '/studies/new',
    name: 'study-new',
    component: screen(() => import('./screens/record/studies/StudyScreen.vue')),
    meta: { title: 'nav.studies', needs: 'createStudy' },
  },
  {
    path: '/studies/:id',
    name: 'study',
    component: screen(() => import('./screens/record/studies/StudyScreen.vue')),
    meta: { title: 'nav.studies' },
  },
  {
    path: '/imports',
    name: 'imports',
    component: screen(() => import('./screens/listen/imports/ImportsScreen.vue')),
    meta: { title: 'nav.imports', needs: 'listImports' },
  },
  {
    path: '/imports/new',
    name: 'import-new',
    component: screen(() => import('./screens/listen/imports/ImportWizard.vue')),
    meta: { title: 'nav.imports', needs: 'createImport' },
  },
  {
    path: '/imports/:id',
    name: 'import',
    component: screen(() => import('./screens/listen/imports/ImportScreen.vue')),
    meta: { title: 'nav.imports', needs: 'getImport' },
  },
  {
    path: '/responses',
    name: 'responses',
    component: screen(() => import('./screens/listen/responses/ResponsesScreen.vue')),
    meta: { title: 'nav.responses', needs: 'listResponses', study: true },
  },
  {
    path: '/customers',
    name: 'customers',
    component: screen(() => import('./screens/record/customers/CustomersScreen.vue')),
    meta: { title: 'nav.customers', needs: 'listCustomers' },
  },
  {
    path: '/system',
    name: 'system',
    component: screen(() => import('./screens/admin/system/SystemScreen.vue')),
    meta: { title: 'nav.system', needs: 'getSystem' },
  },
  {
    path: '/settings/:section?',
    name: 'settings',
    component: screen(() => import('./screens/admin/settings/SettingsScreen.vue')),
    meta: { title: 'nav.settings' },
  },
  {
    path: '/:rest(.*)*',
    name: 'missing',
    component: screen(() => import('./screens/admin/missing/MissingScreen.vue')),
    meta: { title: 'missing.title' },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

// A screen that doesn't come although the server is here was replaced by a newer one: open the page anew, but only on
// the way from another screen, so that it can't go round in circles.
router.onError((error, to, from) => {
  awaited.value = false
  if (error instanceof PartMissing && from !== START_LOCATION) location.assign(to.fullPath)
})
router.afterEach((_to, _from, failure) => {
  if (!isNavigationFailure(failure, NavigationFailureType.cancelled)) awaited.value = false // else a newer way goes on
})
