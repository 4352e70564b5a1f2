import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// What the first screen needs comes in one piece, not in a file a component; what only a later screen or a dialog needs
// keeps its own.
const FIRST = [
  /\/src\/(lib|charts|components)\/(?!.*(echarts|EChart|picture|element|whiskers))/,
  /\/src\/(main|router|App)\b/,
  /\/src\/i18n\/index/,
  /\/src\/screens\/measure\/overview\//,
  /plugin-vue:export-helper/,
  /vite\/preload-helper/,
]

// The built client is served from inside the binary: hashed names, no inline script (strict CSP), no source maps.
export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (/node_modules\/(echarts|zrender|tslib)\//.test(id)) return 'echarts'
          if (/node_modules\/(@vue|vue|vue-router|vue-i18n|@intlify|openapi-fetch)\//.test(id)) return 'vendor'
          if (FIRST.some((part) => part.test(id))) return 'first'
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.MINDGAP_URL ?? 'http://127.0.0.1:8080' } },
})
