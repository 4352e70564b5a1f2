// The Element Plus components we use, with their styles; imported only by screens that are loaded when opened.
import 'element-plus/es/components/base/style/css'
import 'element-plus/es/components/option/style/css'
import 'element-plus/es/components/progress/style/css'
import 'element-plus/es/components/select/style/css'
import 'element-plus/es/components/step/style/css'
import 'element-plus/es/components/steps/style/css'
import '@/styles/element.css'

export { ElOption, ElSelect } from 'element-plus/es/components/select/index.mjs'
export { ElProgress } from 'element-plus/es/components/progress/index.mjs'
export { ElStep, ElSteps } from 'element-plus/es/components/steps/index.mjs'
