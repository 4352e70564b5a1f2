// English.
import type { Messages } from './zh-CN'

const messages: Messages = {
  brand: 'Mindgap 心期',
  list: { comma: ', ' },
  shell: {
    skip: 'Skip to content', menu: 'Main menu', simulated: 'simulated data', simulatedLong: 'all data of this organisation are simulated', otherLanguage: '中 / EN: switch to Chinese (切换到中文)',
    theme: 'Theme: {theme}', loading: 'Reading…',
  },
  theme: { system: 'as the system', light: 'light', dark: 'dark' },
  stage: { listen: '1 Listen', measure: '2 Measure', settings: 'System' },
  nav: { overview: 'Overview', gaps: 'Gaps', studies: 'Studies', imports: 'Import', responses: 'Responses', customers: 'Customers', settings: 'Settings', more: 'More' },
  action: { save: 'Save', saved: 'Saved.', cancel: 'Cancel', close: 'Close', delete: 'Delete', add: 'Add', undo: 'Undo', retry: 'Try again', more: 'Load more' },
  field: {
    name: 'Name', nameZh: 'Name in Chinese', nameEn: 'Name in English', code: 'Code', email: 'Email', password: 'Password', passwordHelp: 'At least 10 characters; not your name, email or organisation.', organisation: 'Organisation', yourName: 'Your name',
  },
  error: {
    offline: 'The server can’t be reached. Check the network; this page tries again when it is back.', conflict: 'Someone has just changed this, so your change was not saved. Reload and try again.', busy: 'The server is busy.', tryAgain: 'Please try again in a moment.',
    kept: 'What you see is the last result.', retryIn: 'Try again ({n} s)', unreachable: 'Mindgap can’t be reached',
  },
  session: { signIn: 'Sign in', signOut: 'Sign out' },
  setup: { title: 'Create your organisation', hint: 'This is the first start. Name the organisation and create its first owner.', submit: 'Create and sign in' },
  missing: { title: 'There is no page here', hint: 'The link may be out of date, or the address mistyped.', home: 'Go to Overview' },
  palette: { open: 'Search and go to', search: 'Search', hint: 'Go to a screen, study or item…', none: 'Nothing found. Try another word.', screen: 'screen', study: 'study', item: 'item', view: 'view' },
  filter: { label: 'Filters', study: 'Study', wave: 'Wave', newestWave: 'Newest wave', allWaves: 'All waves', all: '{group}: all', andMore: '{first} + {n} more', clear: 'Clear' },
  term: { expectation: 'Expected', perception: 'Perceived', gap: 'Gap', adequate: 'Adequate', desired: 'Desired', importance: 'Importance', interval: 'interval' },
  verdict: { short: 'short of expectation', beyond: 'beyond expectation', noise: 'within the noise', unknown: 'can’t be estimated' },
  change: { better: 'better', worse: 'worse', noise: 'change within the noise', unknown: 'can’t be compared', by: 'gap changed by', look: 'See gap' },
  level: { item: 'Item', dimension: 'Dimension', touchpoint: 'Touchpoint', cell: 'Dimension × touchpoint', overall: 'Overall' },
  overview: {
    noStudy: 'No study yet', noStudyHint: 'This page will say in one sentence where customers expect most and get least. Start by importing a survey file (CSV, Parquet or JSONL); the study can be proposed from its columns.',
    noResponses: '“{study}” has no responses yet', noResponsesHint: 'Import a file, or send responses through the API; the results appear here.',
    worst: 'The five widest gaps', lowest: 'The five lowest perceptions', allGaps: 'All gaps →', trend: 'Expected and perceived over time', trendPerception: 'Perceived over time', trendHint: 'Bands are 95% intervals, dotted lines are events', byDimension: 'By dimension →',
    changes: 'Against the wave before ({wave})', noChanges: 'No change beyond the noise.',
  },
  gaps: {
    empty: 'No responses to compare yet', legend: '○ expected ● perceived · vermilion: short of expectation, teal: beyond it, grey: within the noise', legendStar: '○ expected ● perceived · vermilion: short of expectation, teal: beyond it, grey: within the noise · * significant after Holm',
    legendPerception: '● perceived · thin line: 95% interval · this study did not ask for expectations',
    finding: '{short} of {total} items fall short of expectation; the widest gap is {name}: {gap}.', findingPerception: 'The lowest perception is {name}: {value} out of {scale}.',
    rows: '{n} responses', ci: 'intervals {ci}', weighted: 'weighted, effective n {n}', missing: { pairwise: 'missing answers left out by pair', listwise: 'missing answers left out by row' },
    view: 'View', views: { list: 'List', heat: 'Heatmap', map: 'Importance–performance', zone: 'Zone of tolerance', trend: 'Trend' },
    level: 'Compare', by: 'Split by', notSplit: 'Not split', byTouchpoint: '× touchpoint', sort: 'Order', sorts: { gap: 'Widest gap first', perception: 'Lowest perceived first', expectation: 'Highest expected first', n: 'Largest n first' },
    everyone: 'Everyone', list: 'Gaps', listPerception: 'Perceptions', nothing: 'Nothing to show.', more: 'Show {n} more',
    suppressed: 'Not shown: {groups}. Groups of fewer than 5 show only their size, so that nobody can be recognised.',
    heat: '{level} × touchpoint', heatBy: '{level} × group', heatHint: 'The number is the gap; deeper colour, wider gap; grey is within the noise', heatHintPerception: 'The number is the perceived level; deeper colour, higher level', noCells: 'No item names both a dimension and a touchpoint. Choose a group above to compare by.',
    oneWave: 'There are no waves, or only one; a trend needs the next.', itemsInside: 'Its one item | Its {n} items', spreadBoth: 'Spread of expected and perceived', spreadPerception: 'Spread of perceived', spreadDifference: 'Spread of the difference (perceived − expected)', gone: 'Nothing of this under the current filters.',
  },
  map: {
    title: 'Importance–performance map', hint: 'Outcome: {outcome} · R² {r2} · n {n} · {method}', outcome: 'Outcome', cut: 'Cut', cutMeans: 'Cut at means', cutMiddle: 'Cut at scale middle', quadrant: 'Quadrant', performance: 'Performance (perceived, 0–100)',
    lmg: 'Importance (share of R²)', stated: 'Stated importance', correlation: 'Correlation', johnson: 'Relative weight', concentrate: 'concentrate here', keep: 'keep up', low: 'low priority', overkill: 'possible overkill',
  },
  zone: {
    title: 'Zone of tolerance', hint: 'The band runs from adequate (line) to desired (○), ● is perceived · MSA = perceived − adequate', none: 'These items did not ask for the adequate level.', below: 'below the zone', inside: 'inside the zone', above: 'above the zone',
    msaHint: 'Measure of service adequacy: perceived − adequate', mssHint: 'Measure of service superiority: perceived − desired',
  },
  table: {
    columns: 'Columns', group: 'Group', interval: '95% interval', verdict: 'Verdict', pHolm: 'p (Holm)', pHolmHint: 'p after Holm’s correction over all items', dz: 'Effect d_z', dzHint: 'Effect size for pairs: mean difference ÷ its standard deviation', high: 'Upper end', sd: 'SD',
    note: 'Note', open: 'Open', shrunk: 'Shrunk', shrunkHint: 'Gap of a small group drawn towards the mean of all', significant: 'significant', truth: 'Planted truth', truthHint: 'The gap planted in simulated data', value: 'Value', n: 'n',
  },
  chart: { table: 'Table', csv: 'Download CSV', png: 'Download PNG', link: 'Copy link to this view', copied: 'Link copied.', notCopied: 'The clipboard is not available; copy it yourself: {link}' },
  studies: {
    study: 'Study', items: 'Items', asks: 'Asks for', last: 'Last response', pairs: 'expected and perceived', perceptionOnly: 'perceived only', empty: 'No study yet', emptyHint: 'A study says what is compared: items, dimensions, touchpoints, scales, outcomes. It can be proposed from an imported file, or written by hand.',
    finding: 'One study with {responses} responses. | {n} studies with {responses} responses.', create: 'New study', createHint: 'Describe items, dimensions, touchpoints and scales in JSON. The server checks it line by line.', counts: '{items} items · {responses} responses', document: 'Study document (JSON)',
    notJson: 'This is not valid JSON: {reason}', goToLine: 'Go to line {line}', takeTheirs: 'Load the newest version', deleteQuestion: 'Its {n} responses go with it, for good.',
  },
  imports: {
    start: 'Import data', title: 'Import survey data', empty: 'Nothing imported yet', emptyHint: 'Bring the file your survey tool exports: CSV (any usual delimiter and encoding, GBK too), TSV, Parquet or JSONL, gzip allowed.', finding: 'One import brought {rows} responses. | {n} imports brought {rows} responses.', file: 'File', state: 'State',
    imported: 'Imported', errors: 'Wrong', at: 'When', states: { running: 'running', done: 'done', failed: 'failed', cancelled: 'cancelled', undone: 'undone' },
    headline: { running: 'Importing {name}', failed: 'The import did not finish; nothing in the study was changed', cancelled: 'The import was cancelled; nothing was changed', undone: 'This import was undone' },
    result: '{imported} responses imported of {rows} rows read.', progress: 'Progress of the import', starting: 'Getting ready…', leave: 'You can leave this page; the import goes on.', cancel: 'Stop the import', rowsRead: 'Rows read', skipped: 'Rows skipped', see: 'See the findings', errorList: 'Download the error list', undo: 'Undo the import', undoQuestion: 'This removes the {n} responses it brought.', undone: 'Import undone.',
    stepFile: 'File', stepLook: 'Check', stepStart: 'Import', drop: 'Drop a file here', formats: 'CSV, TSV, Parquet, JSONL, also as .gz', choose: 'Choose a file', uploading: 'Uploading…', otherFile: 'Another file', delimiter: 'delimiter {d}', shape: '{rows} rows × {columns} columns',
    into: 'Import into', newStudy: 'A new study, proposed from the file', notProposedHint: 'No rating questions were recognised in these columns. Name items and columns as in this example, then import.', proposedHint: 'Proposed from names and values of the columns. Change it first if you like.', wave: 'Wave (the same for all rows)', waveHint: 'such as Winter 2025–26', skipBad: 'Leave out rows with a wrong cell (else the cell counts as missing)', again: 'This file is in the study already; import it again anyway', go: 'Import {n} rows',
    firstRows: 'First rows of the file', distinct: '{n} different', missing: '{n} missing', types: { text: 'text', integer: 'integer', number: 'number', time: 'time', boolean: 'yes/no' },
    mapping: 'Columns', unmapped: '{n} of the {total} columns the study wants have none. They count as missing.', allMapped: 'All {total} columns the study wants are found.', wanted: 'The study wants', role: 'Role', column: 'Column of the file', none: 'none',
    roles: { expectation: 'expected', perception: 'perceived', adequate: 'adequate', importance: 'importance', outcome: 'outcome', group: 'group', wave: 'wave', weight: 'weight', customer: 'customer', time: 'time' },
  },
  responses: {
    at: 'When', customer: 'Customer', channel: 'Channel', answers: 'Answers', empty: 'No responses yet', finding: '“{study}” has {n} responses.', erase: 'Erase this response', eraseQuestion: 'Gone from record and analysis, for good.', erased: 'Response erased.',
  },
  customers: {
    reference: 'Customer number', attributes: 'Attributes', since: 'Known since', finding: '{n} customers.', search: 'Find by start of number', add: 'Add a customer', empty: 'No customers yet', noneFound: 'No customer number starts like this', emptyHint: 'Imports of responses with a customer number create them; you can also add them here.',
    attributeName: 'Attribute', attributeValue: 'Value', addAttribute: 'Add an attribute', erase: 'Erase the customer', eraseQuestion: 'The answers stay, without the person. For good.', erased: 'Customer erased.',
  },
  settings: {
    me: 'Me', views: 'Views', dimensions: 'Dimensions', touchpoints: 'Touchpoints', organisation: 'Organisation', users: 'Users', keys: 'API keys', audit: 'Audit log',
    preferences: 'Preferences', language: 'Language', theme: 'Theme', password: 'Password', currentPassword: 'Current password', newPassword: 'New password', changePassword: 'Change password', passwordChanged: 'Password changed; other devices are signed out.', setPassword: 'Set a new password (optional)',
    since: 'Since {day}', framework: 'Framework', stage: 'Stage', catalogEmpty: 'Nothing here yet', dimensionsFinding: 'One dimension. | {n} dimensions.', touchpointsFinding: 'One touchpoint. | {n} touchpoints, in order of the service.', dimensionsHint: 'A dimension is part of a framework, such as the five of SERVQUAL.', touchpointsHint: 'A touchpoint is where it happens: before, during or after service.',
    removed: '“{name}” removed.', role: 'Role', active: 'may sign in', disabled: 'disabled', lastSeen: 'Last seen', usersFinding: 'One user. | {n} users.', addUser: 'Add a user', disable: 'Disabled: may not sign in', removeUser: 'Remove “{name}”? The API keys this user made are revoked.',
  },
  role: { owner: 'Owner', analyst: 'Analyst', trainer: 'Trainer', agent: 'Agent', viewer: 'Viewer' },
  roleHint: { owner: 'users and settings', analyst: 'studies, imports, analysis', trainer: 'results and training', agent: 'results and customers', viewer: 'results only' },
  framework: { servqual: 'SERVQUAL', component: 'Offer components', level: 'Levels', kind: 'Kinds', own: 'Own' },
  touchpointStage: { before: 'before', during: 'during', after: 'after' },
  keys: {
    prefix: 'Starts with', scopes: 'May', scope: { read: 'read', write: 'write', intake: 'send responses' }, expires: 'Expires', expiresOptional: 'Expires (optional)', never: 'never', used: 'Last used', madeBy: 'Made by', paused: '{name} (disabled; the key is refused)', revoke: 'Revoke', revokeQuestion: 'Programs that use it stop working at once.', revoked: 'Key “{name}” revoked.',
    finding: 'One API key. | {n} API keys.', create: 'New key', empty: 'No keys yet', emptyHint: 'Programs use a key to call the API, for instance to send responses from your own systems.', once: 'Copy it now and keep it safe: it is shown only this once.', copy: 'Copy', copied: 'Key copied.',
  },
  views: {
    save: 'Save view', saved: 'View saved; find it in search and Settings.', share: 'Everyone in the organisation can see it', shared: 'Visible to', forAll: 'everyone', forMe: 'me', at: 'Saved', change: 'Change', doShare: 'Share', unshare: 'Unshare', finding: 'One saved view. | {n} saved views.', empty: 'No saved views yet', emptyHint: 'Set filters and view in Gaps, then press Save view.',
  },
  audit: {
    at: 'When', actor: 'Who', action: 'Did', entity: 'To what', id: 'Id', before: 'Before', after: 'After', empty: 'Nothing recorded yet.', finding: 'Last change: {at}, by {actor}.',
    actions: { create: 'create', update: 'change', delete: 'delete', login: 'sign in', logout: 'sign out', import: 'import', undo: 'undo', erase: 'erase', revoke: 'revoke', setup: 'set up' },
    entities: { organisation: 'organisation', user: 'user', session: 'session', key: 'key', api_key: 'key', study: 'study', dimension: 'dimension', touchpoint: 'touchpoint', customer: 'customer', response: 'response', import: 'import', upload: 'file', view: 'view', job: 'job' },
  },
}

export default messages
