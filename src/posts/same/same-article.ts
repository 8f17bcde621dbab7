import type { SameBy } from '../decision.js';
import { CONTAINED, compare, type ArticleFeatures, type Comparison } from './features.js';

export interface Verdict {
  readonly same: boolean;
  /** 0 to 1; from 0.5 on they are the same. */
  readonly score: number;
  /** By what they are the same; null when they are not. */
  readonly by: SameBy | null;
}

/** Are two articles of different feeds one? A wrong yes hides an article, a wrong no tells it twice: rather no. */
export function sameArticle(a: ArticleFeatures, b: ArticleFeatures): Verdict {
  const found = compare(a, b);
  const by = RULES[found.address].find((rule) => holds(rule, found))?.by ?? null;
  const alike = (found.title + found.contained + Number(found.address === 'same')) / 3;
  return { same: by !== null, score: (alike + Number(by !== null)) / 2, by };
}

/** What two articles must have in common at least, and at most where it says so. */
interface Rule {
  readonly by: SameBy;
  readonly title?: number;
  readonly titleLength?: number;
  readonly contained?: number;
  readonly openingContained?: number;
  readonly length?: number;
  readonly shorterThan?: number;
  readonly withinDays?: number;
  /** A number that only one title has may be the issue that a copy came in. */
  readonly moreNumbers?: true;
}

const EQUAL = 1;
const ALIKE = 0.5;
const LONG = 200;
/** Texts of so many words would share some if they were one article. */
const TELLING = 30;

/** Texts as short as a teaser. */
const SHORT = 100;
const TELLING_TITLE = 4;

const RULES: Readonly<Record<Comparison['address'], readonly Rule[]>> = {
  // Several entries may link to one page.
  same: [
    { by: 'link', title: EQUAL },
    { by: 'link', title: ALIKE, contained: 0.1 },
    { by: 'link', title: ALIKE, shorterThan: TELLING },
    { by: 'link', contained: 0.8, length: TELLING, moreNumbers: true },
  ],
  // A publisher gives each article an address of its own, and writes series from templates.
  'other-of-site': [
    { by: 'text', title: ALIKE, contained: 0.9, length: LONG },
    { by: 'text', title: EQUAL, contained: 0.97, length: 20, withinDays: 1 },
    { by: 'title', title: EQUAL, titleLength: TELLING_TITLE, shorterThan: TELLING, withinDays: 1 },
  ],
  elsewhere: [
    { by: 'text', title: EQUAL, contained: 0.5, length: 20 },
    { by: 'text', title: EQUAL, contained: 0.5, titleLength: 6 },
    { by: 'text', title: CONTAINED, contained: 0.8, openingContained: 0.8, length: 20 },
    { by: 'text', title: CONTAINED, contained: 0.8, length: LONG },
    { by: 'text', title: CONTAINED, contained: 0.85, openingContained: 0.8, length: 60, moreNumbers: true },
    // With a word exchanged for another it may be the template of a series.
    { by: 'text', title: ALIKE, contained: 0.93, openingContained: 0.8, length: 20 },
    { by: 'text', title: ALIKE, contained: 0.85, length: LONG },
    { by: 'excerpt', contained: 0.95, openingContained: 0.8, length: 60 },
    { by: 'title', title: EQUAL, titleLength: TELLING_TITLE, shorterThan: SHORT, withinDays: 10 },
    { by: 'title', title: CONTAINED, contained: 0.8, shorterThan: SHORT, withinDays: 10 },
  ],
};

function holds(rule: Rule, found: Comparison): boolean {
  const atLeast = ['title', 'titleLength', 'contained', 'openingContained', 'length'] as const;
  return (
    mayAgree(found.numbers, rule) &&
    atLeast.every((name) => found[name] >= (rule[name] ?? 0)) &&
    found.length < (rule.shorterThan ?? Infinity) &&
    found.daysApart <= (rule.withinDays ?? Infinity)
  );
}

/** Parts, versions, years and days: whatever else they share, titles with other numbers name other articles. */
function mayAgree(numbers: Comparison['numbers'], { moreNumbers }: Rule): boolean {
  return numbers === 'agree' || (numbers === 'more' && moreNumbers === true);
}
