// Whether the page is being made for paper, or for a picture that goes into a report: light, and nothing to press.
// Who prints or draws sets it (lib/theme.ts, components/ChartCard.vue).
import { ref } from 'vue'

export const onPaper = ref(false)
