import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import Overview from './screens/measure/overview/OverviewScreen.vue'

/** `filters`: the screen obeys the filter row. `title`: key of its name in the menu and the window title. */
declare module 'vue-router' {
  interface RouteMeta {
    title: string
    filters?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'overview', component: Overview, meta: { title: 'nav.overview', filters: true } },
  {
    path: '/gaps',
    name: 'gaps',
    component: () => import('./screens/measure/gaps/GapsScreen.vue'),
    meta: { title: 'nav.gaps', filters: true },
  },
  {
    path: '/studies',
    name: 'studies',
    component: () => import('./screens/record/studies/StudiesScreen.vue'),
    meta: { title: 'nav.studies' },
  },
  {
    path: '/studies/new',
    name: 'study-new',
    component: () => import('./screens/record/studies/StudyScreen.vue'),
    meta: { title: 'nav.studies' },
  },
  {
    path: '/studies/:id',
    name: 'study',
    component: () => import('./screens/record/studies/StudyScreen.vue'),
    meta: { title: 'nav.studies' },
  },
  {
    path: '/imports',
    name: 'imports',
    component: () => import('./screens/listen/imports/ImportsScreen.vue'),
    meta: { title: 'nav.imports' },
  },
  {
    path: '/imports/new',
    name: 'import-new',
    component: () => import('./screens/listen/imports/ImportWizard.vue'),
    meta: { title: 'nav.imports' },
  },
  {
    path: '/imports/:id',
    name: 'import',
    component: () => import('./screens/listen/imports/ImportScreen.vue'),
    meta: { title: 'nav.imports' },
  },
  {
    path: '/responses',
    name: 'responses',
    component: () => import('./screens/listen/responses/ResponsesScreen.vue'),
    meta: { title: 'nav.responses' },
  },
  {
    path: '/customers',
    name: 'customers',
    component: () => import('./screens/record/customers/CustomersScreen.vue'),
    meta: { title: 'nav.customers' },
  },
  {
    path: '/system',
    name: 'system',
    component: () => import('./screens/admin/system/SystemScreen.vue'),
    meta: { title: 'nav.system' },
  },
  {
    path: '/settings/:section?',
    name: 'settings',
    component: () => import('./screens/admin/settings/SettingsScreen.vue'),
    meta: { title: 'nav.settings' },
  },
  {
    path: '/:rest(.*)*',
    name: 'missing',
    component: () => import('./screens/admin/missing/MissingScreen.vue'),
    meta: { title: 'missing.title' },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})
