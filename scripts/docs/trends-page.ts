import { STRENGTHS } from '../../src/data/trends/select-trends.ts';
import { page, table } from './markdown.ts';

export const trendsPage = (): string =>
  page('Trends', [
    'What `trends` and the tool `find_trends` compare, and how. A **window** (the time frame, default the last 7 days) is compared with a **baseline** (default the time before it, four times as long, and at least 28 days); both are of `created_at`, in whole days of the workspace’s time zone where the frame is. `baseline` takes `previous`, an amount such as `28 days`, `8 weeks`, `3 months` or `2 spans` before the window, or a time frame.',
    '## What is compared',
    'Words that customers wrote (with `from:` in the query, those of others), tags, custom attributes, teams, channels and priorities. A conversation counts once for a term, however often it has it. Numbers, single characters, pieces of addresses, words that more than 30 % of the baseline’s conversations have, and terms of fewer than 5 conversations are left out, and so is what changes as a conversation grows old: state, rating, SLA.',
    '## The statistic',
    'The log-likelihood ratio **G²** (Dunning 1993), with one degree of freedom and a continuity correction, of how a term’s conversations are divided between window and baseline: shares, not counts, so that a busy week is no trend. It is divided by',
    '- the **overdispersion** of the baseline: how much more its own equal spans (up to eight, whole weeks where it has four) but for the last, in which a change may have begun, differ from each other than chance makes them (Pearson’s χ² ÷ degrees of freedom), at least 1;\n- **repeats of one contact**: conversations a contact among those of the term, over conversations a contact among all, at least 1.',
    'Rows are chosen one after the other. The strongest is the first (for what fell, half of its evidence counts: what is new takes the share of what was usual, and is the cause of the two); its conversations become a **stratum** of their own, and every other term is judged again within the strata (expected counts as Mantel and Haenszel 1959). So the words of one incident are one row with `related` terms, and what looks rarer only because an incident crowds it out is no row. `related` are terms that changed along with the row in nearly the same conversations.',
    '`p_value` is corrected for all terms compared (Bonferroni’s correction in the form of Tarone 1990, which counts the terms that are frequent enough to be told from chance at all): the probability that chance alone puts anything so evident in the list is at most that.',
    table(
      ['Strength', 'p_value at most', 'ratio of shares at least (or its inverse)', 'conversations at least'],
      STRENGTHS.map((each) => [
        each.strength,
        String(each.pValue),
        String(each.ratio),
        String(each.conversations),
      ]),
    ),
    '`direction`: `new`, no conversation of the baseline had it; `gone`, none of the window has it; else `rose` or `fell`. `ratio`: share in the window ÷ share in the baseline, null for `new`. `window` and `baseline` count all conversations, also those that rows above have.',
    '`started_at`: the first day of the run of days, ending in the window, that differs most from all other days, by likelihood (the scan statistic of Kulldorff 1997); it may lie up to 28 days before the window.',
  ]);
