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
    importance: 'Importance: how much customers care about this, or how much it moves the outcome.',
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
    listwise: 'Left out by row: only responses that answered everything count, so all numbers have the same n.',
    verdict:
      'Verdict: short where the whole interval lies below zero, beyond where it lies above. Small only ' +
      'where that can be shown; else inconclusive.',
    pHolm:
      'Corrected p: how likely a difference as large would be if there were no gap. With many items it is ' +
      'made stricter, after Holm.',
    dz: 'Effect size d_z: mean difference divided by its standard deviation. 0.2 is small, 0.5 medium, 0.8 ' + 'large.',
    sd: 'Standard deviation: how much people’s differences differ from each other.',
    msa: 'Service adequacy (MSA): perceived minus adequate. Below zero, even the lowest level was missed.',
    mss: 'Service superiority (MSS): perceived minus desired.',
    zone: 'Zone of tolerance: from adequate to desired. A perceived level inside it is acceptable.',
    shrunk: 'Shrunk: the gap of a small group drawn towards that of all, so that chance doesn’t decide.',
    truth: 'Planted truth: the gap put into simulated data, to check the estimate by.',
    nps:
      'Net Promoter Score (NPS): percent of promoters (9–10) minus percent of detractors (0–6), from −100 ' +
      'to +100.',
    csat: 'Satisfied share: how many gave one of the highest ratings.',
    ces: 'Customer effort (CES): mean rating of how hard or easy it was; the formula says which way it ' + 'points.',
    index: 'Satisfaction index: several questions in one score from 0 to 100.',
    binary: 'Share: how many answered yes.',
    formula:
      'Formula version: by which version this number is computed. The same version gives the same result ' +
      'on every screen.',
    dimension: 'Dimension: one side of a service, made of several items, such as reliability.',
    touchpoint: 'Touchpoint: where service happens, such as a counter or a hotline.',
    outcome: 'Outcome: an overall judgement such as satisfaction or recommendation; drivers are what moves it.',
    map:
      'Importance–performance map: further right performs better, further up matters more. Start at the ' +
      'upper left.',
    rSquared: 'R²: how much of the outcome’s differences these items explain together, from 0 to 1.',
    johnson: 'Relative weight: another way to share out influence, to compare importance with.',
    correlation: 'Correlation: how far two numbers rise and fall together, from −1 to 1.',
    beta:
      'Standardised coefficient β: with the other items unchanged, by how many standard deviations the ' +
      'outcome rises when this one rises by one.',
  },
}
export default glossary
