// 简体中文（zh-CN）, a file a stage. The shape of this object is the shape of every language.
import common from './common'
import admin from './admin'
import record from './record'
import listen from './listen'
import pairing from './pairing'
import measure from './measure'
import glossary from './glossary'

const messages = { ...common, ...admin, ...record, ...listen, ...pairing, ...measure, ...glossary }

export type Messages = typeof messages
export default messages
