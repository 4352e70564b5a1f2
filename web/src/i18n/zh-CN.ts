// 简体中文. The shape of this object is the shape of every language.
const messages = {
  brand: '心期 Mindgap',
  list: { comma: '，' },
  shell: {
    skip: '跳到正文', menu: '主菜单', simulated: '模拟数据', simulatedLong: '本组织的全部数据均为模拟生成', otherLanguage: '中 / EN：切换到英文（Switch to English）',
    theme: '外观：{theme}', loading: '正在读取…',
  },
  theme: { system: '跟随系统', light: '浅色', dark: '深色' },
  stage: { listen: '一 识别期望', measure: '二 评估差距', settings: '系统' },
  nav: { overview: '总览', gaps: '差距', studies: '研究', imports: '导入', responses: '答卷', customers: '客户', settings: '设置', more: '更多' },
  action: { save: '保存', saved: '已保存。', cancel: '取消', close: '关闭', delete: '删除', add: '添加', undo: '撤销', retry: '重试', more: '继续加载' },
  field: {
    name: '名称', nameZh: '中文名称', nameEn: '英文名称', code: '代码', email: '邮箱', password: '密码', passwordHelp: '至少 10 个字符；不能是姓名、邮箱或组织名称。', organisation: '组织名称', yourName: '姓名',
  },
  error: {
    offline: '连不上服务器。请检查网络，恢复后会自动重试。', conflict: '别人刚刚改过这一项，您的修改没有保存。请刷新后再改。', busy: '服务器正忙。', tryAgain: '请稍后再试。',
    kept: '屏幕上仍是上一次的结果。', retryIn: '重试（{n} 秒）', unreachable: '暂时连不上 Mindgap',
  },
  session: { signIn: '登录', signOut: '退出' },
  setup: { title: '建立您的组织', hint: '这是第一次启动。请填写组织名称，并创建第一位所有者账号。', submit: '建立并登录' },
  missing: { title: '这里没有页面', hint: '链接可能已经失效，或者地址有误。', home: '回到总览' },
  palette: { open: '搜索并跳转', search: '搜索', hint: '跳到页面、研究或题目…', none: '没有找到。换个词试试。', screen: '页面', study: '研究', item: '题目', view: '视图' },
  filter: { label: '筛选', study: '研究', wave: '期', newestWave: '最新一期', allWaves: '全部各期', all: '全部{group}', andMore: '{first} 等 {n} 项以上', clear: '清除' },
  term: { expectation: '期望', perception: '感知', gap: '差距', adequate: '可接受', desired: '理想', importance: '重要性', interval: '区间' },
  verdict: { short: '未达期望', beyond: '超出期望', noise: '在误差之内', unknown: '无法估计' },
  change: { better: '好转', worse: '变差', noise: '变化在误差之内', unknown: '无法比较', by: '差距变化', look: '看差距' },
  level: { item: '题目', dimension: '维度', touchpoint: '触点', cell: '维度 × 触点', overall: '总体' },
  overview: {
    noStudy: '还没有研究', noStudyHint: '这里会用一句话告诉您：客户在哪里期望得最多、得到得最少。先导入一份调查数据（CSV、Parquet 或 JSONL），研究可以由文件自动拟定。',
    noResponses: '“{study}”还没有答卷', noResponsesHint: '导入一份数据，或通过接口提交答卷，结果随后就会出现在这里。',
    worst: '差距最大的五处', lowest: '感知最低的五处', allGaps: '全部差距 →', trend: '期望与感知走势', trendPerception: '感知走势', trendHint: '阴影为 95% 区间，竖线为事件', byDimension: '按维度 →',
    changes: '与上一期（{wave}）相比', noChanges: '没有超出误差的变化。',
  },
  gaps: {
    empty: '还没有可比较的答卷', legend: '○ 期望 ● 感知 · 朱红为未达期望，石青为超出期望，灰色为在误差之内', legendStar: '○ 期望 ● 感知 · 朱红为未达期望，石青为超出期望，灰色为在误差之内 · * 经 Holm 校正后显著',
    legendPerception: '● 感知 · 细线为 95% 区间 · 这项研究没有询问期望',
    finding: '{total} 项中有 {short} 项未达期望，最大的在{name}：差距 {gap}。', findingPerception: '感知最低的是{name}：{value}（满分 {scale}）。',
    rows: '{n} 份答卷', ci: '区间为 {ci}', weighted: '已加权，有效样本 {n}', missing: { pairwise: '缺失按对剔除', listwise: '缺失整行剔除' },
    view: '看法', views: { list: '列表', heat: '热力图', map: '重要性—表现', zone: '容忍区', trend: '走势' },
    level: '比较什么', by: '按…拆分', notSplit: '不拆分', byTouchpoint: '× 触点', sort: '排序', sorts: { gap: '差距最大在前', perception: '感知最低在前', expectation: '期望最高在前', n: '样本最多在前' },
    everyone: '全部', list: '差距一览', listPerception: '感知一览', nothing: '没有可显示的内容。', more: '再显示 {n} 项',
    suppressed: '未显示：{groups}。少于 5 人的组只给出人数，以免认出个人。',
    heat: '{level} × 触点', heatBy: '{level} × 分组', heatHint: '格中数字为差距；颜色越深差距越大，灰底为在误差之内', heatHintPerception: '格中数字为感知；颜色越深感知越高', noCells: '题目没有同时标明维度和触点。可在上方选择一个分组来比较。',
    oneWave: '没有分期，或只有一期：下一期之后才有走势。', itemsInside: '其中的 {n} 道题', spreadBoth: '期望与感知的分布', spreadPerception: '感知的分布', spreadDifference: '差值（感知 − 期望）的分布', gone: '在当前筛选下没有这一项。',
  },
  map: {
    title: '重要性—表现图', hint: '结果变量：{outcome} · R² {r2} · n {n} · {method}', outcome: '结果变量', cut: '分界', cutMeans: '以均值分界', cutMiddle: '以量表中点分界', quadrant: '象限', performance: '表现（感知，0–100）',
    lmg: '重要性（占 R² 的份额）', stated: '自述重要性', correlation: '相关系数', johnson: '相对权重', concentrate: '优先改进', keep: '继续保持', low: '次要', overkill: '可能过度',
  },
  zone: {
    title: '容忍区', hint: '色带从可接受（竖线）到理想（○），● 为感知 · MSA = 感知 − 可接受', none: '这些题目没有询问可接受的水平。', below: '低于容忍区', inside: '在容忍区内', above: '高于容忍区',
    msaHint: '服务充分度：感知 − 可接受', mssHint: '服务优异度：感知 − 理想',
  },
  table: {
    columns: '选择列', group: '分组', interval: '95% 区间', verdict: '判断', pHolm: 'p（Holm）', pHolmHint: '对全部题目做 Holm 校正之后的 p 值', dz: '效应量 d_z', dzHint: '配对效应量：平均差 ÷ 差值的标准差', high: '区间上限', sd: '标准差',
    note: '说明', open: '查看', shrunk: '收缩后', shrunkHint: '小组的差距向总体均值收缩后的值', significant: '显著', truth: '预设真值', truthHint: '模拟数据中事先埋入的差距', value: '取值', n: '样本量',
  },
  chart: { table: '表格', csv: '下载 CSV', png: '下载 PNG', link: '复制此视图的链接', copied: '链接已复制。', notCopied: '无法写入剪贴板，请手动复制：{link}' },
  studies: {
    study: '研究', items: '题目', asks: '问了什么', last: '最近答卷', pairs: '期望与感知', perceptionOnly: '只有感知', empty: '还没有研究', emptyHint: '研究说明比较什么：题目、维度、触点、量表和结果变量。可以由导入的文件自动拟定，也可以自己写。',
    finding: '{n} 项研究，共 {responses} 份答卷。', create: '新建研究', createHint: '用 JSON 描述题目、维度、触点与量表。服务器会逐行检查。', counts: '{items} 道题 · {responses} 份答卷', document: '研究文档（JSON）',
    notJson: '这不是合法的 JSON：{reason}', goToLine: '跳到第 {line} 行', takeTheirs: '载入最新版本', deleteQuestion: '连同 {n} 份答卷一起删除，无法恢复。',
  },
  imports: {
    start: '导入数据', title: '导入调查数据', empty: '还没有导入过数据', emptyHint: '把调查平台导出的文件放进来：CSV（任何常见分隔符与编码，含 GBK）、TSV、Parquet 或 JSONL，可带 gzip 压缩。', finding: '{n} 次导入，带来 {rows} 份答卷。', file: '文件', state: '状态',
    imported: '已导入', errors: '有误', at: '时间', states: { running: '进行中', done: '完成', failed: '失败', cancelled: '已取消', undone: '已撤回' },
    headline: { running: '正在导入 {name}', failed: '导入没有完成，研究中没有留下任何改动', cancelled: '导入已取消，没有留下任何改动', undone: '这次导入已撤回' },
    result: '已导入 {imported} 份答卷（共读到 {rows} 行）。', progress: '导入进度', starting: '正在准备…', leave: '可以离开此页，导入会继续进行。', cancel: '停止导入', rowsRead: '读到的行', skipped: '跳过的行', see: '看结果', errorList: '下载错误清单', undo: '撤回导入', undoQuestion: '将移除这次带来的 {n} 份答卷。', undone: '导入已撤回。',
    stepFile: '选文件', stepLook: '核对', stepStart: '导入', drop: '把文件拖到这里', formats: 'CSV、TSV、Parquet、JSONL，可为 .gz', choose: '选择文件', uploading: '正在上传…', otherFile: '换一个文件', delimiter: '分隔符 {d}', shape: '{rows} 行 × {columns} 列',
    into: '导入到', newStudy: '新研究（由文件拟定）', notProposedHint: '从这些列里认不出评分题。请照此样例写明题目与列，再导入。', proposedHint: '根据列名和取值拟定，可先修改再导入。', wave: '期（全部行相同）', waveHint: '如 2025–26 采暖季', skipBad: '有错误单元格的行整行跳过（否则只把该单元格当作缺失）', again: '这个文件已导入过，仍要再导入一次', go: '导入 {n} 行',
    firstRows: '文件的前几行', distinct: '{n} 种取值', missing: '缺 {n}', types: { text: '文本', integer: '整数', number: '数值', time: '时间', boolean: '是否' },
    mapping: '列的对应', unmapped: '研究需要 {total} 列，还有 {n} 列没有对应。没有对应的列按缺失处理。', allMapped: '研究需要的 {total} 列都已对应。', wanted: '研究需要', role: '角色', column: '文件中的列', none: '无',
    roles: { expectation: '期望', perception: '感知', adequate: '可接受', importance: '重要性', outcome: '结果', group: '分组', wave: '期', weight: '权重', customer: '客户', time: '时间' },
  },
  responses: {
    at: '时间', customer: '客户', channel: '渠道', answers: '回答数', empty: '还没有答卷', finding: '“{study}”共有 {n} 份答卷。', erase: '抹除这份答卷', eraseQuestion: '从记录与分析中彻底抹除，无法恢复。', erased: '答卷已抹除。',
  },
  customers: {
    reference: '客户编号', attributes: '属性', since: '建档', finding: '{n} 位客户。', search: '按编号开头查找', add: '添加客户', empty: '还没有客户', noneFound: '没有编号以此开头的客户', emptyHint: '导入带客户编号的答卷时会自动建档，也可以在这里添加。',
    attributeName: '属性名', attributeValue: '值', addAttribute: '添加属性', erase: '抹除客户', eraseQuestion: '答卷保留，但不再与此人相连；无法恢复。', erased: '客户已抹除。',
  },
  settings: {
    me: '我的', views: '视图', dimensions: '维度', touchpoints: '触点', organisation: '组织', users: '用户', keys: 'API 密钥', audit: '审计日志',
    preferences: '偏好', language: '语言', theme: '外观', password: '密码', currentPassword: '当前密码', newPassword: '新密码', changePassword: '修改密码', passwordChanged: '密码已修改，其他设备上的登录已失效。', setPassword: '重设密码（可留空）',
    since: '建立于 {day}', framework: '框架', stage: '阶段', catalogEmpty: '还没有内容', dimensionsFinding: '{n} 个维度。', touchpointsFinding: '{n} 个触点，按服务的先后排列。', dimensionsHint: '维度是框架的组成部分，例如 SERVQUAL 的五个维度。', touchpointsHint: '触点是服务发生的地方：服务前、服务中或服务后。',
    removed: '已删除“{name}”。', role: '角色', active: '可登录', disabled: '已停用', lastSeen: '最近登录', usersFinding: '{n} 位用户。', addUser: '添加用户', disable: '停用，不能再登录', removeUser: '删除用户“{name}”？该用户创建的 API 密钥将一并吊销。',
  },
  role: { owner: '所有者', analyst: '分析师', trainer: '培训师', agent: '客服', viewer: '查看者' },
  roleHint: { owner: '管理用户与设置', analyst: '建研究、导入、分析', trainer: '查看与培训', agent: '查看与客户', viewer: '只看结果' },
  framework: { servqual: 'SERVQUAL', component: '提供物构成', level: '层次', kind: '类型', own: '自定义' },
  touchpointStage: { before: '服务前', during: '服务中', after: '服务后' },
  keys: {
    prefix: '开头', scopes: '权限', scope: { read: '读取', write: '写入', intake: '提交答卷' }, expires: '到期', expiresOptional: '到期日（可不填）', never: '不过期', used: '最近使用', madeBy: '创建者', paused: '{name}（已停用，密钥不可用）', revoke: '吊销', revokeQuestion: '使用它的程序会立即失效。', revoked: '密钥“{name}”已吊销。',
    finding: '{n} 个 API 密钥。', create: '新建密钥', empty: '还没有密钥', emptyHint: '程序凭密钥调用接口，例如从自己的系统提交答卷。', once: '请现在复制并妥善保存：密钥只显示这一次。', copy: '复制', copied: '密钥已复制。',
  },
  views: {
    save: '保存视图', saved: '视图已保存，可在搜索和设置中找到。', share: '组织内的人都能看到', shared: '可见', forAll: '全组织', forMe: '仅自己', at: '保存于', change: '操作', doShare: '共享', unshare: '取消共享', finding: '{n} 个已保存的视图。', empty: '还没有保存视图', emptyHint: '在“差距”中调好筛选与看法，按“保存视图”即可。',
  },
  audit: {
    at: '时间', actor: '谁', action: '做了什么', entity: '对象', id: '编号', before: '之前', after: '之后', empty: '还没有记录。', finding: '最近一次改动：{at}，{actor}。',
    actions: { create: '新建', update: '修改', delete: '删除', login: '登录', logout: '退出', import: '导入', undo: '撤回', erase: '抹除', revoke: '吊销', setup: '建立' },
    entities: { organisation: '组织', user: '用户', session: '会话', key: '密钥', api_key: '密钥', study: '研究', dimension: '维度', touchpoint: '触点', customer: '客户', response: '答卷', import: '导入', upload: '文件', view: '视图', job: '任务' },
  },
}

export type Messages = typeof messages
export default messages
