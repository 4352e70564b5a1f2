// English: the terms in plain words, shown on hover, focus or tap (lib/term.ts).
import type shape from '../zh-CN/glossary'

const glossary: typeof shape = {
  glossary: {
    expectation: 'Expected: the level customers think they should get, or think they will get.',
    perception: 'Perceived: the level customers say they got, on the same scale.',
    gap: 'Gap: perceived minus expected. Below zero falls short of expectation, above zero goes beyond it.',
    atTop: 'At the top: how many expectations are at the top of the scale, where nothing perceived can exceed them.',
    adequate: 'Adequate: the lowest level customers will accept.',
    desired: 'Desired: the level customers think it should be.',
    importance:
      'Importance: how much customers say they care about this, or how closely it goes together with the outcome. ' +
      'It doesn’t say what changing it would do.',
    interval:
      'Interval: the true value likely lies in here. If the survey were run 100 times, about 95 of the 95% ' +
      'intervals would hold it.',
    n: 'n: how many responses stand behind this number. Fewer make the interval wider.',
    weighted:
      'Weighted: responses count by their weight, so that the sample looks like everybody. Effective n: ' +
      'how many unweighted responses that is worth.',
    pairwise:
      'Left out by pair: each number uses all responses that answered what it needs, so n may differ from ' +
      'number to number.',
    listwise:
      'Left out by row: only responses with every expectation and every perception count, so all gaps have the same n.',
    verdict:
      'Verdict: short where the whole interval lies below zero, beyond where it lies above. Small only where two ' +
      'tests show that the gap is within the study’s margin (0.25 standard deviations of the differences, unless ' +
      'it says otherwise); else inconclusive.',
    pHolm:
      'Corrected p: how likely a difference as large or larger would be if there were no gap. With many rows it ' +
      'is made stricter, after Holm: over all items, over all dimensions and so on, each by itself.',
    dz: 'Effect size d_z: mean difference divided by its standard deviation. 0.2 is small, 0.5 medium, 0.8 ' + 'large.',
    sd: 'Standard deviation: how much people’s differences differ from each other.',
    msa:
      'Service adequacy (MSA): perceived minus adequate. Where its whole interval is below zero, even the lowest ' +
      'level was missed.',
    mss: 'Service superiority (MSS): perceived minus desired; the same number as the gap.',
    zone:
      'Zone of tolerance: from adequate to desired. A perceived level inside it is acceptable; where its ' +
      'intervals reach beyond, it is inconclusive.',
    shrunk:
      'Shrunk: a group’s gap drawn towards the mean of all groups, the more so the less sure it is, so that ' +
      'chance doesn’t decide.',
    truth: 'Planted truth: the gap put into simulated data, to check the estimate by.',
    nps:
      'Net Promoter Score (NPS): percent of promoters (9–10) minus percent of detractors (0–6), from −100 ' +
      'to +100.',
    csat:
      'Satisfaction (CSAT): the percent of answers from the rating on that counts as satisfied; where that isn’t ' +
      'known, the mean. The name beside the number says which.',
    ces: 'Customer effort (CES): mean rating of how hard or easy it was; the formula says which way it ' + 'points.',
    index:
      'Satisfaction index: where the mean answer to one question lies between the lowest answer (0) and the ' +
      'highest (100).',
    binary: 'Share: how many answered yes.',
    formula:
      'Formula version: by which version this number is computed. The same version gives the same result ' +
      'on every screen.',
    dimension: 'Dimension: one side of a service, made of several items, such as reliability.',
    touchpoint: 'Touchpoint: where service happens, such as a counter or a hotline.',
    outcome:
      'Outcome: an overall judgement such as satisfaction or recommendation; drivers are what goes together with it.',
    map:
      'Importance–performance map: further right performs better, further up goes together more closely with the ' +
      'outcome (or was said to be more important). Look at the upper left first; a hollow point is uncertain.',
    rSquared:
      'R²: how much of the differences in the outcome these items account for together, from 0 to 1. With few ' +
      'answers it is too large; adjusted R² takes that off.',
    johnson: 'Relative weight: another way to split R² among the items, to compare importance with.',
    correlation: 'Correlation: how far two numbers rise and fall together, from −1 to 1.',
    beta:
      'Standardised coefficient β: among responses alike in the other items, by how many standard deviations the ' +
      'outcome is higher where this one is one higher.',
  },
}
export default glossary
