import { describe, expect, test } from '@jest/globals';
import { CATALOGUE } from '../../../src/topics/catalogue.js';
import { TERMS } from '../../../src/topics/catalogue-terms.js';
import { matchesQuery } from '../../../src/topics/match.js';

const topicsOf = (title: string, text = '', tags: string[] = []): string[] => {
  const post = { title, text, tags };
  return CATALOGUE.filter(({ query }) => matchesQuery(post, query)).map(({ id }) => id);
};

describe('the catalogue', () => {
  test('has terms for every topic, and no terms without one', () => {
    expect(CATALOGUE.map(({ id }) => id).sort((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(TERMS).sort((a, b) => a.localeCompare(b)),
    );
  });

  test('names every topic apart from the others, in lines that fit a list', () => {
    const names = CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(CATALOGUE.filter(({ name, summary }) => name.length > 30 || summary.length > 100)).toEqual([]);
  });

  test('has no empty term, which would match every post', () => {
    expect(
      Object.values(TERMS).filter((terms) => terms.split(',').some((term) => !/[\p{L}\p{N}]/u.test(term))),
    ).toEqual([]);
    expect(topicsOf('An afternoon in the garden', 'Nothing here is about computers at all.')).toEqual([]);
  });
});

test.each([
  ['bgp', 'Tuning eBGP timers'],
  ['routing-security', 'A route leak seen from Lyon'],
  ['routing', 'Why IS-IS routing needs no IP addresses'],
  ['ipv6', 'Turning on NAT64 at the office'],
  ['data-center', 'A small leaf-and-spine fabric with EVPN'],
  ['switching', 'Spanning Tree once more'],
  ['ebpf', 'Tracing sockets with bpftrace'],
  ['kubernetes-networking', 'Network Policies for beginners'],
  ['cloud-networking', 'Sharing a VPC between accounts'],
  ['sd-wan', 'SDWAN in forty branches'],
  ['wireless', 'Planning Wi-Fi 7 channels'],
  ['dns', 'Signing a zone with DNSSEC'],
  ['security', 'A DDoS attack from cameras'],
  ['tls-pki', 'Let’s Encrypt shortens certificates'],
  ['automation', 'NETCONF without tears'],
  ['observability', 'From SNMP to streaming telemetry'],
  ['cdn-edge', 'How our CDN picks a server'],
  ['outages', 'Post-mortem of Tuesday’s outage'],
  ['careers', 'Passing the CCIE lab'],
  ['performance', 'BBR on a long path: latency and loss'],
  ['linux-networking', 'nftables sets in practice'],
  ['labs', 'A containerlab for six routers'],
  ['hardware', 'Inside a 400G transceiver'],
])('%s takes "%s"', (id, title) => {
  expect(topicsOf(title)).toContain(id);
  expect(topicsOf('', title)).toContain(id);
  expect(topicsOf('', '', [title])).toContain(id);
});

test.each([
  ['routing', 'What this is is unclear'],
  ['dns', 'Reading the directions'],
  ['wireless', 'I ran a spectrum of errands'],
  ['security', 'Comparing IDs and IPs in a spreadsheet'],
  ['careers', 'The network and its plus points'],
  ['bgp', 'Pathological autonomy'],
])('%s leaves "%s"', (id, title) => {
  expect(topicsOf(title)).not.toContain(id);
});

test('a passing mention deep in a long text puts no post under a topic', () => {
  expect(topicsOf('Notes from a trip', `${'We walked on. '.repeat(30)} Somebody mentioned BGP and DNS.`)).toEqual([]);
});
