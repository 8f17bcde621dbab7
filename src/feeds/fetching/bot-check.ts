import type { HeaderLookup } from './header-lookup.js';

interface Mark {
  readonly header: string;
  readonly value: RegExp;
  /** Null: the mark says all. Otherwise the service marks good answers too, and only this status is a refusal. */
  readonly status: number | null;
}

/** How services that ask visitors to prove they are people mark that answer. A body is never judged. */
const MARKS: readonly Mark[] = [
  // developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
  { header: 'cf-mitigated', value: /^challenge$/i, status: null },
  // docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html: with 202 or 405
  { header: 'x-amzn-waf-action', value: /^(?:challenge|captcha)$/i, status: null },
  // docs.rs/crate/rover-fetch, src/fetcher/challenge.rs: with 429
  { header: 'x-vercel-mitigated', value: /^challenge$/i, status: null },
  // docs.sucuri.net/website-firewall/: a block page names the rule
  { header: 'x-sucuri-block', value: /./, status: 403 },
  // docs.datadome.co: the block page of a protected site
  { header: 'x-datadome', value: /./, status: 403 },
  // github.com/nyaadevs/nyaa/issues/566: a page of JavaScript with 403
  { header: 'server', value: /^ddos-guard$/i, status: 403 },
];

/** Did a bot check answer in the publisher's stead? */
export function isBotCheck(status: number, header: HeaderLookup): boolean {
  return MARKS.some((mark) => (mark.status ?? status) === status && mark.value.test(header(mark.header) ?? ''));
}
