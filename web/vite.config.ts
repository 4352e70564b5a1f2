import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

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
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.MINDGAP_URL ?? 'http://127.0.0.1:8080' } },
})
