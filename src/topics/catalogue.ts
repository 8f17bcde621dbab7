import type { TopicId } from '../ids.js';
import { TERMS } from './catalogue-terms.js';
import type { Query, Topic } from './topic.js';
import { wordsOf } from './words.js';

type Described = Pick<Topic, 'name' | 'summary'> & { readonly id: string };

const TOPICS: readonly Described[] = [
  {
    id: 'bgp',
    name: 'BGP',
    summary: 'The protocol that joins networks: policy, peering, exchanges, and BGP inside fabrics',
  },
  {
    id: 'routing-security',
    name: 'Routing security',
    summary: 'RPKI, route leaks and hijacks, MANRS, filtering of prefixes',
  },
  {
    id: 'routing',
    name: 'Routing',
    summary: 'OSPF, IS-IS, EIGRP, MPLS, segment routing, multicast and how packets find their way',
  },
  { id: 'ipv6', name: 'IPv6', summary: 'Running IPv6: addressing, transition, and the end of IPv4' },
  {
    id: 'data-center',
    name: 'Data centers',
    summary: 'Leaf-spine fabrics, EVPN and VXLAN, interconnects and storage networks',
  },
  {
    id: 'switching',
    name: 'Switching',
    summary: 'Layer 2 in offices and campuses: bridging, VLANs, spanning tree, link aggregation',
  },
  { id: 'ebpf', name: 'eBPF', summary: 'eBPF and XDP, and the tools built on them' },
  {
    id: 'kubernetes-networking',
    name: 'Kubernetes networking',
    summary: 'How pods and services reach each other: CNI, ingress, Gateway API, policies, service mesh',
  },
  {
    id: 'cloud-networking',
    name: 'Cloud networking',
    summary: 'Networks of AWS, Azure and Google Cloud: VPCs, transit, private links, load balancers',
  },
  { id: 'sd-wan', name: 'SD-WAN and WAN edge', summary: 'Branches and wide-area overlays: SD-WAN, SASE, DMVPN' },
  { id: 'wireless', name: 'Wireless', summary: 'Wi-Fi, mobile networks and radio' },
  { id: 'dns', name: 'DNS', summary: 'The protocol, its servers and resolvers, DNSSEC, encrypted DNS' },
  { id: 'security', name: 'Security', summary: 'Firewalls, zero trust, DDoS, vulnerabilities, detection' },
  {
    id: 'tls-pki',
    name: 'TLS and PKI',
    summary: "Certificates and the protocols that use them: TLS, ACME, Let's Encrypt, mutual TLS",
  },
  {
    id: 'automation',
    name: 'Automation',
    summary: 'Networks as code: Ansible, Terraform, NETCONF and YANG, sources of truth, pipelines',
  },
  {
    id: 'observability',
    name: 'Observability',
    summary: 'Monitoring, telemetry, logs, traces, flow data and measurement of networks',
  },
  { id: 'cdn-edge', name: 'CDN and edge', summary: 'Content delivery, edge platforms, caching, anycast' },
  { id: 'outages', name: 'Outages', summary: 'What broke, why, and what was learnt' },
  { id: 'careers', name: 'Careers and learning', summary: 'Certifications, study, jobs, and life in a team' },
  { id: 'performance', name: 'Performance', summary: 'TCP and QUIC, congestion, QoS, latency, benchmarks, tuning' },
  {
    id: 'linux-networking',
    name: 'Linux networking',
    summary: 'Hosts on the network: the kernel stack, namespaces, nftables, tunnels, Open vSwitch',
  },
  {
    id: 'labs',
    name: 'Labs',
    summary: 'Networks in a box: netlab, containerlab, GNS3, EVE-NG, exercises to do yourself',
  },
  { id: 'hardware', name: 'Hardware', summary: 'ASICs, optics, router and switch platforms, smart NICs, P4' },
];

/** The topics everybody has, in the order in which they are listed. */
export const CATALOGUE: readonly Topic[] = TOPICS.map(({ id, name, summary }) => ({
  id: id as TopicId,
  name,
  summary,
  query: { kind: 'about', of: { kind: 'any', of: (TERMS[id] ?? '').split(',').flatMap(termQueries) } },
}));

/** A term and its plural. */
function termQueries(term: string): Query[] {
  const words = wordsOf(term);
  const last = words.at(-1) ?? '';
  const singular: Query = { kind: 'term', words };
  if (!/^\p{L}{3,}$/u.test(last) || last.endsWith('s')) return [singular];
  return [singular, { kind: 'term', words: [...words.slice(0, -1), `${last}s`] }];
}
