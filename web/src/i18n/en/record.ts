// English: studies and customers.
import type shape from '../zh-CN/record'

const record: typeof shape = {
  studies: {
    study: 'Study',
    items: 'Items',
    asks: 'Asks for',
    last: 'Last response',
    pairs: 'expected and perceived',
    perceptionOnly: 'perceived only',
    empty: 'No study yet',
    emptyHint:
      'A study says what is compared: items, dimensions, touchpoints, scales, outcomes. ' +
      'It can be proposed from an imported file, or written by hand.',
    finding: 'One study with {responses} responses. | {n} studies with {responses} responses.',
    create: 'New study',
    createHint: 'Describe items, dimensions, touchpoints and scales in JSON. The server checks it line by line.',
    counts: '{items} items · {responses} responses',
    document: 'Study document (JSON)',
    notJson: 'This is not valid JSON: {reason}',
    goToLine: 'Go to line {line}',
    takeTheirs: 'Load the newest version',
    deleteQuestion: 'Its {n} responses go with it, for good.',
  },
  customers: {
    reference: 'Customer number',
    attributes: 'Attributes',
    since: 'Known since',
    finding: '{n} customers.',
    search: 'Find by start of number',
    add: 'Add a customer',
    empty: 'No customers yet',
    noneFound: 'No customer number starts like this',
    emptyHint: 'Imports of responses with a customer number create them; you can also add them here.',
    attributeName: 'Attribute',
    attributeValue: 'Value',
    addAttribute: 'Add an attribute',
    erase: 'Erase the customer',
    eraseQuestion: 'The answers stay, without the person. For good.',
    erased: 'Customer erased.',
  },
  framework: { servqual: 'SERVQUAL', component: 'Offer components', level: 'Levels', kind: 'Kinds', own: 'Own' },
  touchpointStage: { before: 'before', during: 'during', after: 'after' },
}
export default record
