import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import { i18n, locale, setLocale } from './i18n'
import { whenSessionEnds } from './lib/api'
import { begin, expired, replaced } from './lib/session'
import { guardUnsaved } from './lib/unsaved'
import './lib/theme'
import './styles/base.css'

whenSessionEnds({ expired, replaced })
guardUnsaved(router)
const app = createApp(App).use(i18n)

// The words and the answer to "who am I" travel at the same time; the router starts when both are here.
await Promise.all([setLocale(locale.value, false), begin()])
app.use(router).mount('#app')
