import type { HeaderLookup } from './header-lookup.js';

/** How services that ask visitors to prove they are people mark that answer. A body is never judged. */
const MARKS: readonly { readonly header: string; readonly value: RegExp }[] = [
  // developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
  { header: 'cf-mitigated', value: /^challenge$/i },
  // docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
  { header: 'x-amzn-waf-action', value: /^(?:challenge|captcha)$/i },
];

/** Did a bot check answer in the publisher's stead? */
export function botCheck(header: HeaderLookup): boolean {
  return MARKS.some((mark) => mark.value.test(header(mark.header) ?? ''));
}
