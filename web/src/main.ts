import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import { i18n, locale, setLocale } from './i18n'
import { whenSignedOut } from './lib/api'
import { begin, leave } from './lib/session'
import { toast } from './lib/toast'
import './lib/theme'
import './styles/base.css'

whenSignedOut(leave)
// Screens and charts are fetched when first looked at. One that doesn't come would leave the reader's press without
// an answer.
addEventListener('vite:preloadError', () => toast(i18n.global.t('error.part'), { kind: 'wrong' }))
const app = createApp(App).use(i18n)

// The words and the answer to "who am I" travel at the same time; the router starts when both are here.
await Promise.all([setLocale(locale.value, false), begin()])
app.use(router).mount('#app')
