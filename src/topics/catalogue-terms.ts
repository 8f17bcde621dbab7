/**
 * Topic id → what a post must say to belong to it, any of these; parted by commas, a plural in -s understood.
 * Chosen for precision: a word that also means something outside networking stands only within a longer phrase.
 */
export const TERMS: Readonly<Record<string, string>> = {
  bgp: `
    bgp, ebgp, ibgp, mp-bgp, bgp4, bgpd, openbgpd, bgp-ls, flowspec, route reflector, route server, as path,
    as-path, autonomous system, autonomous systems, peering, peeringdb, internet exchange, internet exchange
    point, ixp, bgp community, bgp communities, local preference, route flap, route dampening, add-path, exabgp,
    gobgp, rpki, bgpsec, aspa, route leak, route leaks, route hijack, bgp hijacking, default-free zone, full
    table, looking glass`,
  'routing-security': `
    rpki, roa, roas, aspa, bgpsec, manrs, route origin validation, origin validation, route leak, bgp leak,
    leaked routes, route hijack, bgp hijack, bgp hijacking, prefix hijack, prefix hijacking, hijacked prefix,
    hijacked prefixes, bgp security, routing security, secure routing, prefix filter, prefix filtering, irr,
    route filtering, ttl security, gtsm, tcp-ao, peerlock, rtbh, bogon, routinator, krill, bgp origin as
    validation, prefix list`,
  routing: `
    ospf, ospfv2, ospfv3, is-is protocol, is-is routing, is-is area, is-is level, eigrp, ripv2, ripng, rip
    protocol, igp, mpls, ldp, rsvp-te, segment routing, srv6, sr-mpls, sr-te, traffic engineering, multicast,
    pim, pim-sm, igmp, mld, l3vpn, l2vpn, vpls, pseudowire, vrf, vrf-lite, route redistribution, administrative
    distance, static route, default route, policy-based routing, pbr, ecmp, link-state, distance vector, fast
    reroute, ti-lfa, lfa, loop-free alternate, bfd, hsrp, vrrp, ip routing, routing protocol, routing table,
    forwarding table, ip fast reroute, label switching, flex-algo, frrouting, bird routing, babel routing, lisp
    protocol, routing convergence`,
  ipv6: `
    ipv6, ipv6-only, ipv6-mostly, dhcpv6, slaac, nat64, dns64, 464xlat, clat, 6to4, 6rd, 6in4, teredo, ds-lite,
    map-t, map-e, dual-stack, dual stack, icmpv6, ospfv3, router advertisement, ra guard, neighbor discovery,
    happy eyeballs, ipv4 exhaustion, ipv4 depletion, cgn, cgnat, carrier-grade nat, link-local address, eui-64,
    ipv6 prefix`,
  'data-center': `
    data center, datacenter, data centre, evpn, vxlan, leaf-spine, leaf and spine, spine-leaf, clos fabric,
    fabricpath, trill, nvgre, geneve, cisco aci, aci fabric, nsx, nsx-t, nsx-v, dci, otv, fcoe, fibre channel,
    fiber channel, iscsi, roce, rocev2, vmotion, dcb, priority flow control, vpc peer, mlag, overlay network,
    overlay networking, virtual networking, network virtualization, qfabric, nexus 9000, nexus 1000v, nexus
    7000, top-of-rack, rdma, hyperconverged, ai fabric, stretched vlan`,
  switching: `
    spanning tree, stp, rstp, mstp, pvst, bpdu, vlan, private vlan, vlan trunking, vtp, 802.1q, qinq, q-in-q,
    trunk port, lacp, link aggregation, etherchannel, port-channel, port channel, mlag, mac address table, mac
    address, arp, proxy arp, gratuitous arp, layer 2 switching, l2 switching, bridging, transparent bridging,
    ethernet switch, ethernet switches, ethernet switching, switchport, storm control, lldp, udld, stackwise,
    catalyst, campus network, 802.1x, broadcast domain, bridge loop, macsec, power over ethernet,
    auto-negotiation, layer 2 network, layer 2 domain, layer 2 loop, link aggregation group`,
  ebpf: `
    ebpf, bpf, xdp, af_xdp, bpftrace, bpftool, libbpf, bpf co-re, bcc tools, cilium, tetragon, hubble, katran,
    falco, kprobe, uprobe, bpf map, tracee, inspektor gadget, bpfman, cbpf, aya rust, sched_ext`,
  'kubernetes-networking': `
    cni, cilium, calico, flannel, weave net, kube-proxy, coredns, ingress controller, ingress-nginx, gateway
    api, network policy, network policies, networkpolicy, networkpolicies, service mesh, istio, linkerd, envoy
    gateway, consul connect, metallb, multus, kube-router, pod network, pod networking, pod-to-pod, cluster
    mesh, clustermesh, kubernetes network, kubernetes networking, kubernetes ingress, kubernetes service,
    container network, container networking, docker network, docker networking, antrea, kube-ovn,
    ovn-kubernetes, sidecar, ambient mesh, endpointslice, loxilb, kubernetes load balancer, cluster ip,
    nodeport, submariner, egress gateway`,
  'cloud-networking': `
    vpc, aws vpc, virtual private cloud, vnet, virtual network gateway, transit gateway, transit vpc, direct
    connect, expressroute, cloud interconnect, privatelink, private link, private endpoint, vpc endpoint, vpc
    peering, vnet peering, cloud wan, azure virtual wan, azure route server, security group, network security
    group, elastic load balancer, elastic load balancing, application load balancer, network load balancer,
    gateway load balancer, azure firewall, cloud nat, nat gateway, elastic ip, route 53, azure dns, azure
    networking, aws networking, aws network, gcp networking, google cloud networking, cloud networking, cloud
    network, public cloud, multi-cloud, multicloud, hybrid cloud, cloud router, azure front door, application
    gateway, aws outposts, elastic network interface`,
  'sd-wan': `
    sd-wan, sdwan, sase, viptela, velocloud, dmvpn, wan edge, branch office, flexvpn, getvpn, iwan, silver peak,
    nhrp, wan overlay, secure access service edge, branch router, meraki mx, wide area network, mpls wan, hybrid
    wan, vmanage`,
  wireless: `
    wi-fi, wifi, wlan, 802.11, 802.11ac, 802.11ax, 802.11n, 802.11be, wireless, wireless lan, wpa2, wpa3, 5g,
    6ghz, 5ghz, open ran, o-ran, mobile network, mobile core, packet core, radio access, capwap, ssid, starlink,
    lorawan, esim, private 5g, wireless access point, 4g lte, radio access network, wireless spectrum`,
  dns: `
    dns, dnssec, doh, dns over https, dns over tls, dns-over-https, dns-over-tls, coredns, bind9, bind 9,
    unbound, powerdns, knot resolver, nsd, resolver, name server, nameserver, root server, root zone, root dns,
    ksk rollover, domain name, domain name system, dnsdist, mdns, dns64, 1.1.1.1, 8.8.8.8, quad9, edns, edns0,
    zone transfer, zone file, cname, svcb, reverse dns, top-level domain, tld, gtld, icann, route 53, rdap,
    dane, split-horizon dns`,
  security: `
    firewall, firewalls, ngfw, waf, web application firewall, access list, acl, access control list, zero trust,
    zero-trust, ztna, ddos, denial of service, denial-of-service, botnet, mirai, malware, ransomware,
    vulnerability, vulnerabilities, cve, zero-day, security advisory, security advisories, security update,
    intrusion detection, intrusion prevention, siem, threat detection, runtime security, threat intelligence,
    microsegmentation, micro-segmentation, ipsec, ssl vpn, vpn security, supply chain security, supply chain
    attack, phishing, network security, infrastructure security, cloud security, kubernetes security, container
    security, cybersecurity, cyber attack, penetration testing, pentest, privilege escalation, remote code
    execution, security policy, falco, tetragon, suricata, zeek, spoofing, control plane policing, hardening,
    incident response, patch tuesday, exploited, cryptographic vulnerability`,
  'tls-pki': `
    tls, tls 1.3, ssl, ssl certificate, tls certificate, x.509, certificate authority, certificate authorities,
    certificate transparency, let's encrypt, acme, certbot, cert-manager, pki, public key infrastructure, mtls,
    mutual tls, ocsp, hsts, root certificate, encrypted client hello, openssl, boringssl, sni, post-quantum,
    spiffe, webpki, ca/browser forum, hpkp, heartbleed, certificate renewal, certificate revocation, certificate
    lifetime, client certificate, wildcard certificate`,
  automation: `
    network automation, automation, ansible, ansible playbook, terraform, pulumi, nornir, napalm, netmiko,
    paramiko, netconf, restconf, yang, gnmi, gnoi, openconfig, source of truth, netbox, nautobot, infrastructure
    as code, infrastructure-as-code, iac, network as code, gitops, ci/cd, jinja2, jinja, saltstack, batfish,
    suzieq, pyats, eem, zero-touch provisioning, ztp, netdevops, devops, intent-based, intent-based networking,
    configuration management, config management, crossplane, programmability, network programmability,
    stackstorm, rundeck, opentofu, netops, expect script, network api, python script, python for network
    engineers, automating network, automated network, puppet module`,
  observability: `
    observability, monitoring, telemetry, streaming telemetry, prometheus, grafana, opentelemetry, otel, otlp,
    snmp, netflow, sflow, ipfix, jaeger, distributed tracing, syslog, thanos, cortex, mimir, alertmanager,
    promql, packet capture, wireshark, tcpdump, pcap, nagios, zabbix, librenms, influxdb, telegraf, bmp, bgp
    monitoring, network measurement, ripe atlas, flow data, flow logs, synthetic monitoring, slo, continuous
    profiling, fluentd, fluent bit, traceroute, ip sla, kentik, network monitoring, application metrics,
    prometheus metrics, query logging`,
  'cdn-edge': `
    cdn, cdns, content delivery, content delivery network, edge computing, edge network, edge platform, edge
    compute, cloudflare workers, workers kv, durable objects, cloudfront, fastly, akamai, varnish, points of
    presence, edge location, web performance, early hints, lambda@edge, core web vitals, http/2, http/3,
    cloudflare pages, anycast cdn, edge cache, edge caching, web caching, cache purge`,
  outages: `
    outage, postmortem, post-mortem, post mortem, incident report, root cause, root cause analysis, downtime,
    service disruption, incident, major incident, incident review, went down, going down, service degradation,
    degraded performance, elevated error rates, increased error rates, internet shutdown, cable cut, fiber cut,
    blackout, failure story, network failure, connectivity issues, dns resolution issues, internet disruption,
    resolution issues, increased latency and errors, increased api error rates`,
  careers: `
    career, ccie, ccnp, ccna, ccde, ccar, jncie, jncip, jncia, cka, ckad, cks, kcna, recertification, lab exam,
    written exam, study plan, studying, study guide, study group, interview question, mentoring, mentorship,
    soft skills, impostor syndrome, imposter syndrome, burnout, work-life balance, salary, remote work,
    internship, learning path, bootcamp, comptia, certification exam, job hunting, job market, job interview,
    your career, network engineer job`,
  performance: `
    quic, http/3, congestion control, tcp bbr, bbr, qos, quality of service, latency, bufferbloat, buffer bloat,
    benchmark, benchmarking, performance tuning, jitter, packet loss, fq_codel, codel, active queue management,
    aqm, l4s, ecn, traffic shaping, dscp, diffserv, rate limiting, line rate, packets per second, mtu, path mtu,
    mss, window scaling, tcp window, iperf, iperf3, mptcp, multipath tcp, tcp fast open, retransmission, network
    performance, microburst, tail latency, low latency, goodput, tcp performance, tcp throughput, tcp
    congestion, tcp tuning, network throughput`,
  'linux-networking': `
    linux networking, linux network, linux kernel, kernel network, iproute2, iptables, nftables, netfilter,
    conntrack, network namespace, netns, wireguard, open vswitch, openvswitch, ovs, ovn, dpdk, af_xdp, linux
    bridge, veth, macvlan, ipvlan, tun/tap, vpp, fd.io, ebtables, firewalld, systemd-networkd, netplan,
    networkmanager, tc qdisc, socket option, so_reuseport, io_uring, netlink, freebsd, openbsd, pfsense,
    opnsense, frrouting, openvpn, xdp, tcpdump, linux router, vyos, sr-iov, linux tcp, linux host`,
  labs: `
    netlab, netsim-tools, containerlab, gns3, eve-ng, cisco modeling labs, cml, cisco virl, virl, dynamips,
    unetlab, vrnetlab, mininet, kathara, home lab, homelab, lab topology, virtual lab, network lab, networking
    lab, lab exercise, hands-on lab, lab setup, packet tracer, csr1000v, vmx, vqfx, vsrx, iosv, vsim, vios,
    devnet sandbox, vmx lab, lab guide, vagrant box, vagrant boxes, vagrantfile`,
  hardware: `
    asic, asics, npu, merchant silicon, broadcom, tomahawk, jericho, silicon one, tofino, p4, p4 language,
    optic, optics, transceiver, sfp, sfp+, qsfp, qsfp28, qsfp-dd, osfp, dwdm, coherent optics, openzr, 400zr,
    400g, 800g, 100g, 40gbe, 100gbe, 400gbe, 10gbe, smartnic, smart nic, dpu, bluefield, linecard, supervisor
    engine, asr 9000, asr9k, asr 1000, ncs 5500, ncs5500, ncs 5700, cisco 8000, cisco 8000 series, mx series,
    mx960, ptx, qfx5100, ex4300, nexus 9000, catalyst 9000, whitebox, white box, sonic, bare metal switch,
    router architecture, switch architecture, tcam, mikrotik, edgerouter, fpga, gpon, optical transport, optical
    module, modular chassis, fiber optic`,
};
