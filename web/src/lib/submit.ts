// A form that asks the server once: busy meanwhile, and what was wrong afterwards.
import { ref } from 'vue'
import { explain } from './toast'

/** `failed` sees the error too. */
export function useSubmit(act: () => Promise<unknown>, failed: (error: unknown) => void = () => {}) {
  const busy = ref(false)
  const wrong = ref('')
  async function submit() {
    busy.value = true
    wrong.value = ''
    try {
      await act()
    } catch (error) {
      wrong.value = explain(error)
      failed(error)
    } finally {
      busy.value = false
    }
  }
  return { busy, wrong, submit }
}
