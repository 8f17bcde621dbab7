import { compare, type ArticleFeatures, type Comparison } from './features.js';

export interface Verdict {
  readonly same: boolean;
  /** 0 to 1; from 0.5 on they are the same. */
  readonly score: number;
  /** By what they are the same; null when they are not. */
  readonly by: Reason | null;
}

export type Reason = 'link' | 'text' | 'excerpt' | 'title';

/** Are two articles of different feeds one? A wrong yes hides an article, a wrong no tells it twice: rather no. */
export function sameArticle(a: ArticleFeatures, b: ArticleFeatures): Verdict {
  const found = compare(a, b);
  const by = reason(found);
  const alike = (found.titleShare + found.contained + Number(found.address === 'same')) / 3;
  return { same: by !== null, score: (alike + Number(by !== null)) / 2, by };
}

/** Parts, versions, years and days: whatever else they share, titles with other numbers name other articles. */
function reason(found: Comparison): Reason | null {
  if (found.numbers === 'clash') return null;
  switch (found.address) {
    case 'same':
      return underOneAddress(found);
    case 'other-of-site':
      return atTwoAddressesOfOneSite(found);
    case 'elsewhere':
      return onTwoSites(found);
  }
}

const EQUAL = 0.99;
const ALIKE = 0.5;
/** Texts of so many words would share some if they were one article. */
const TELLING_LENGTH = 30;

/** Several entries may link to one page. */
function underOneAddress(found: Comparison): Reason | null {
  const { numbers, titleShare, contained, length } = found;
  const textsAgree = contained >= 0.8 && length >= TELLING_LENGTH;
  const textsDiffer = contained < 0.1 && length >= TELLING_LENGTH;
  const titlesAgree = numbers === 'agree' && titleShare >= EQUAL;
  const titlesAlike = numbers === 'agree' && titleAlike(found) && !textsDiffer;
  return textsAgree || titlesAgree || titlesAlike ? 'link' : null;
}

/** A publisher gives each article an address of its own, and writes series from templates: only long texts count. */
function atTwoAddressesOfOneSite(found: Comparison): Reason | null {
  const { numbers, titleShare, titleLength, contained, length } = found;
  if (numbers !== 'agree') return null;
  if (titleAlike(found) && contained >= 0.9 && length >= 200) return 'text';
  if (titleShare < EQUAL || found.daysApart > 1) return null;
  if (contained >= 0.97 && length >= TELLING_LENGTH) return 'text';
  return titleLength >= 4 && length < TELLING_LENGTH ? 'title' : null;
}

/** Copies, reprints, excerpts, teasers. */
function onTwoSites(found: Comparison): Reason | null {
  const { numbers, titleShare, titleContained, titleLength, contained, length } = found;
  const isTelling = length >= 20 || titleLength >= 6 || found.daysApart <= 10;
  const isOpening = found.openingContained >= 0.8;
  const isLong = length >= 200;
  if (numbers === 'more')
    return titleContained >= EQUAL && contained >= 0.85 && isOpening && length >= 60 ? 'text' : null;
  if (titleShare >= EQUAL && contained >= 0.5 && isTelling) return 'text';
  // With a word exchanged for another it may be the template of a series.
  const enough = titleContained >= EQUAL ? 0.8 : 0.93;
  if (titleAlike(found) && contained >= enough && (isOpening || isLong) && isTelling) return 'text';
  if (contained >= 0.95 && isOpening && length >= 60) return 'excerpt';
  if (found.daysApart > 10 || titleLength < 4) return null;
  return titleShare >= 0.6 && length < 100 && (titleShare >= EQUAL || contained >= 0.1) ? 'title' : null;
}

/** May one title be an edit of the other, or the other with a site's name added? */
function titleAlike({ titleShare, titleContained, titleLength }: Comparison): boolean {
  return titleShare >= ALIKE || (titleContained >= EQUAL && titleLength >= 3);
}
