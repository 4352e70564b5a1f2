// The roles step of the import: pairs, what has no partner, and what waits for a decision.
export default {
  pairing: {
    head: {
      question: 'Question: ○ expected  ● perceived',
      samples: 'Answers',
      sure: 'How sure',
      gap: 'Gap, 95% interval',
    },
    block: 'Columns {e} ↔ {p} · {n} pair | Columns {e} ↔ {p} · {n} pairs',
    same: 'Set the whole block',
    asIs: 'As it is',
    changeRows: 'Change {n} row | Change {n} rows',
    blockValues: 'Values: the words of {n} column | Values: the words of {n} columns together',
    folded: '{n} more pair, sure | {n} more pairs, all of them sure',
    foldUp: 'Fold up',
    sure: { high: 'high', middle: 'medium', low: 'low' },
    sureLine: 'How sure: {level}, {reason}',
    others: 'Other columns that may be the other half:',
    scalesApart: 'different scales',
    acts: 'What to do with column {place}',
    take: 'Take “{name}”',
    putHere: 'Pair with “{name}”',
    dragHint: 'Drag onto another column to pair, out of the pair to take it apart',
    tapNext: '“{name}” is taken: tap another column to pair them.',
    dropToPart: 'Drop here to take the pair apart',
    partHere: 'Let go to take it apart',
    counting: 'Counting',
    wouldGive: 'Would give',
    noGap: 'No gap',
    recorded: 'Expectation only, no gap',
    column: 'Column {n}',
    group: { named: 'May be the other half', free: 'Unpaired', rest: 'Other columns' },
    filter: 'Find a dimension or touchpoint',
    make: { dimension: 'Make the dimension “{name}”', touchpoint: 'Make the touchpoint “{name}”' },
    nothingFound: 'Nothing found.',
    rescale: 'Rescale and compare',
    notCompared: 'Don’t compare',
    swap: 'Swap expected and perceived',
    setBeside: 'Choose “{role}”',
    takeAway: 'Take away “{role}”',
    takeAs: 'Take it as: {role}',
    after: {
      runs_the_other_way: 'Needs a look',
      scales_differ: 'Needs a scale',
      scale_fits_two: 'Needs a scale',
      decimal_open: 'Needs a decimal mark',
      date_order_open: 'Needs a date order',
      expectation_unplaced: 'Needs a partner',
      perception_unplaced: 'Needs a partner',
    },
    problem: {
      runs_the_other_way:
        '“{name}”: the lowest number is the best answer | In {n} columns the lowest number is the best answer',
      scales_differ: 'The halves of “{name}” lie on different scales | The halves of {n} pairs lie on different scales',
      decimal_open:
        'The decimals of “{name}” can be read in two ways | The decimals of {n} columns can be read in two ways',
      scale_fits_two: 'Two scales fit “{name}” | Two scales fit {n} columns',
      expectation_unplaced:
        '{n} column speaks of expectations and has no partner | {n} columns speak of expectations and have no partner',
      perception_unplaced:
        '{n} column speaks of perceptions and has no partner | {n} columns speak of perceptions and have no partner',
      date_order_open:
        'The dates of “{name}” can be read in two ways | The dates of {n} columns can be read in two ways',
    },
    effect: {
      runs_the_other_way:
        'Items are reversed in the study: high is good. What asks for the whole, such as satisfaction, is left ' +
        'out: turn its answers round in the file.',
      scales_differ:
        'Expected on {e}, perceived on {p}. The expectation can be rescaled linearly and compared; the answers stay ' +
        'as given. If you leave it, they are not compared.',
      decimal_open: 'Such as “{sample}”. Read wrongly, a number is a thousand times another.',
      scale_fits_two: '{e} or {p}: with the wrong one the size of the gap is wrong. If you leave it, {e} counts.',
      expectation_unplaced: '{some} with a likely other half, {none} without. If left, they have no part in a gap.',
      perception_unplaced: '{some} with a likely other half, {none} without. If left, they have no part in a gap.',
      date_order_open: 'Such as “{sample}”. Read wrongly, days and months change places.',
    },
    decided: 'Decided for you: ',
    personal: '{n} column of personal data is left out | {n} columns of personal data are left out',
    asMissing: '{n} “{text}” counts as missing | {n} “{text}” count as missing',
    oneByOne: 'One by one',
    hide: 'Fold up',
    loose: '{n} unpaired column | {n} unpaired columns',
    looseHint: 'Drag one onto another to pair them, or press',
    noPartner: 'No column looks like its other half',
    noneHint: 'Keep the expectation alone, or choose another column',
    pairUp: 'Pair them',
    another: 'Another',
    recordOnly: 'Expectation only',
    rest: '{n} other column has its place: | {n} other columns have their places:',
    part: {
      outcomes: 'Outcomes',
      background: 'Background',
      texts: 'Comments',
      about: 'About the response',
      out: 'Not imported',
    },
    andMore: '{some}, … ({n} in all)',
    unfoldAll: 'Show all',
    noPairs: 'This file has no pairs of questions',
    noPairsHint:
      'A gap needs the same question twice: what was expected, and what it was like. Where only the second was ' +
      'asked, perceptions can be imported alone.',
    perceivedOnly: 'Import perceptions alone',
    byHand: 'Pair by hand',
    mapAt:
      'Column {place} is answered in words: what does each stand for? These words answer {n} column. | ' +
      'Column {place} is answered in words: what does each stand for? These words answer {n} columns; a change ' +
      'counts in all.',
    close: 'Close',
    blank: '(blank)',
    quoted: '“{text}”',
  },
}
