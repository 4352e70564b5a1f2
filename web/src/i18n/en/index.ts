// English, a file a stage, with the keys of zh-CN.
import type { Messages } from '../zh-CN'
import common from './common'
import admin from './admin'
import record from './record'
import listen from './listen'
import pairing from './pairing'
import measure from './measure'
import glossary from './glossary'

const messages: Messages = { ...common, ...admin, ...record, ...listen, ...pairing, ...measure, ...glossary }
export default messages
