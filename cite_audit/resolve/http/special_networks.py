"""The networks that no request may reach: the table of the address guard, the same on every Python.

Taken from the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), with what they leave out:
multicast, public numbers with a private meaning in a cloud, and withdrawn prefixes. Of the blocks that the registries
call globally reachable, only those inside 2001::/23 and 192.0.0.0/24 (protocol assignments) are refused: no web server
has such an address. IPv6 outside 2000::/3 is refused as a whole, so newer blocks there need no line.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

LATEST_ENTRY = "2025-04"  # the allocation of 100:0:0:1::/64 (RFC 9780), the newest line of the registries read

NOT_PUBLIC = "not a public address"
# network → what it is, as the end of the sentence "192.0.2.1 is …"
REFUSED_NETWORKS = {
    "0.0.0.0/8": NOT_PUBLIC,  # this network (RFC 791 §3.2)
    "10.0.0.0/8": NOT_PUBLIC,  # private use (RFC 1918)
    "100.64.0.0/10": NOT_PUBLIC,  # shared address space (RFC 6598)
    "127.0.0.0/8": NOT_PUBLIC,  # loopback (RFC 1122 §3.2.1.3)
    "168.63.129.16/32": "the wire server of a cloud",
    "169.254.0.0/16": NOT_PUBLIC,  # link-local (RFC 3927), metadata services of clouds
    "172.16.0.0/12": NOT_PUBLIC,  # private use (RFC 1918)
    "192.0.0.0/24": NOT_PUBLIC,  # IETF protocol assignments (RFC 6890 §2.1); 192.0.0.192 is a cloud's metadata service
    "192.0.2.0/24": NOT_PUBLIC,  # documentation (RFC 5737)
    "192.88.99.0/24": "a 6to4 relay (RFC 7526)",
    "192.168.0.0/16": NOT_PUBLIC,  # private use (RFC 1918)
    "198.18.0.0/15": NOT_PUBLIC,  # benchmarking (RFC 2544)
    "198.51.100.0/24": NOT_PUBLIC,  # documentation (RFC 5737)
    "203.0.113.0/24": NOT_PUBLIC,  # documentation (RFC 5737)
    "224.0.0.0/4": NOT_PUBLIC,  # multicast (RFC 5771)
    "240.0.0.0/4": NOT_PUBLIC,  # reserved (RFC 1112 §4), and the limited broadcast (RFC 8190)
    "::/128": NOT_PUBLIC,  # unspecified (RFC 4291 §2.5.2)
    "::1/128": NOT_PUBLIC,  # loopback (RFC 4291 §2.5.3)
    "64:ff9b:1::/48": "local-use NAT64 (RFC 8215)",
    "100::/64": "discard-only (RFC 6666)",
    "100:0:0:1::/64": "a dummy prefix (RFC 9780)",
    "2001:2::/48": "benchmarking (RFC 5180)",
    "2001:10::/28": "ORCHID (RFC 4843)",
    "2001:20::/28": "ORCHID (RFC 7343)",
    "2001:30::/28": "a drone's identity (RFC 9374)",
    "2001::/23": NOT_PUBLIC,  # IETF protocol assignments (RFC 2928), Teredo (RFC 4380) included
    "2001:db8::/32": NOT_PUBLIC,  # documentation (RFC 3849)
    "3fff::/20": "documentation (RFC 9637)",
    "5f00::/16": "segment routing (RFC 9602)",
    "fc00::/7": NOT_PUBLIC,  # unique local (RFC 4193)
    "fe80::/10": NOT_PUBLIC,  # link-local (RFC 4291 §2.5.6)
    "fec0::/10": "site-local (RFC 3879)",
    "ff00::/8": NOT_PUBLIC,  # multicast (RFC 4291 §2.7)
}

_NETWORKS = [(ip_network(text), description) for text, description in REFUSED_NETWORKS.items()]
REFUSED_IPV4 = [(network, why) for network, why in _NETWORKS if isinstance(network, IPv4Network)]
REFUSED_IPV6 = [(network, why) for network, why in _NETWORKS if isinstance(network, IPv6Network)]
GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 §2.4: all that is handed out
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052 §2.1
