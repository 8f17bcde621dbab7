/** Query parameters that say where a reader came from, never which article is meant. Lower case. */
const TRACKING = new Set(
  [
    'fbclid _openstat fb_action_ids fb_action_types fb_ref fb_source fb_comment_id hmb_campaign hmb_medium hmb_source',
    'itm_campaign itm_medium itm_source gclid dclid gbraid wbraid gclsrc srsltid yclid ysclid twclid msclkid',
    'campaign_id campaign_medium campaign_name campaign_source campaign_term campaign_content',
    'mc_cid mc_eid mc_tc wickedid hsa_cam _hsenc __hssc __hstc __hsfp _hsmi hsctatracking rb_clickid',
    'oly_anon_id oly_enc_id vero_id vero_conv mkt_tok sc_cid _bhlid _branch_match_id _branch_referrer __readwiselocation',
  ].flatMap((line) => line.split(' ')),
);
const TRACKING_PREFIX = /^(?:utm_|mtm_)/;

/**
 * One spelling for the addresses of one article, to compare by and never to open: http and https alike, no tracking
 * parameters, no trailing slash, no doubled slashes. The order of the query stands, since it can mean something.
 */
export function canonicalUrl(url: URL, fragment: 'drop' | 'keep' = 'drop'): string {
  // The parser has lower-cased the host and left out the port that goes with the scheme.
  const port = url.port === '80' || url.port === '443' ? '' : url.port;
  const host = `${url.hostname.replace(/\.$/, '')}${port && `:${port}`}`;
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return `https://${host}${path}${untrackedQuery(url.search)}${fragment === 'keep' ? url.hash : ''}`;
}

/** The same address to open, without what only tells where a reader came from. */
export function withoutTracking(url: URL): URL {
  const query = untrackedQuery(url.search);
  if (query.length === url.search.length) return url;
  const clean = new URL(url);
  clean.search = query;
  return clean;
}

function untrackedQuery(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !isTracking(pair.split('=')[0] ?? ''));
  return kept.length > 0 ? `?${kept.join('&')}` : '';
}

function isTracking(rawName: string): boolean {
  const name = rawName.replace(/%5f/gi, '_').toLowerCase();
  return TRACKING.has(name) || TRACKING_PREFIX.test(name);
}
