#!/usr/bin/env python3
"""A name server for one zone, "fake.", which signs what it says as DNSSEC has it.

    dns.py ZONE FOLDER [unsigned | bogus | silent | broken]

ZONE has lines "NAME CAA FLAGS TAG VALUE", "NAME TXT TEXT" and "NAME CNAME NAME".  Answers
on UDP at a port of 127.0.0.1, which it writes to FOLDER/port; the zone's key, for --dns-anchor,
is in FOLDER/anchor.  Names without records get an NSEC record that begins at them
(RFC 4470, as "black lies" have it).
"""
import os
import socket
import struct
import subprocess
import sys
import time

CNAME, SOA, TXT, RRSIG, NSEC, DNSKEY, CAA = 5, 6, 16, 46, 47, 48, 257
ZONE = b"\4fake\0"


def wire(name):
    labels = [l for l in name.lower().strip(".").split(".") if l]
    return b"".join(bytes([len(l)]) + l.encode() for l in labels) + b"\0"


def strings(text):
    text = text.encode()
    parts = [text[i:i + 255] for i in range(0, len(text), 255)] or [b""]
    return b"".join(bytes([len(p)]) + p for p in parts)


def read_zone(path):
    records = {}
    for line in open(path):
        words = line.split(None, 2)
        if len(words) < 3:
            continue
        name, kind, data = words[0], words[1], words[2].strip()
        if kind == "CAA":
            flags, tag, value = data.split(None, 2)
            rdata = bytes([int(flags), len(tag)]) + tag.encode() + value.encode()
            records.setdefault((wire(name), CAA), []).append(rdata)
        elif kind == "TXT":
            records.setdefault((wire(name), TXT), []).append(strings(data))
        else:
            records[(wire(name), CNAME)] = [wire(data)]
    return records


class Key:
    """ECDSA P-256 with SHA-256 (algorithm 13), by openssl(1)."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "key.pem")
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout",
                        "-out", self.path], check=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.path, "-pubout", "-outform",
                              "DER"], check=True, capture_output=True).stdout
        self.rdata = struct.pack("!HBB", 257, 3, 13) + der[-64:]
        total = sum(b << 8 if i % 2 == 0 else b for i, b in enumerate(self.rdata))
        self.tag = (total + (total >> 16 & 0xffff)) & 0xffff
        import base64
        with open(os.path.join(folder, "anchor"), "w") as f:
            f.write("fake. IN DNSKEY 257 3 13 %s\n" %
                    base64.b64encode(der[-64:]).decode())

    def sign(self, text):
        der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.path],
                             input=text, check=True, capture_output=True).stdout
        n = der[3]
        r, s = der[4:4 + n], der[6 + n:]
        return r.lstrip(b"\0").rjust(32, b"\0") + s.lstrip(b"\0").rjust(32, b"\0")


def rrset(owner, kind, rdatas):
    return b"".join(owner + struct.pack("!HHIH", kind, 1, 300, len(r)) + r
                    for r in sorted(rdatas)), len(rdatas)


def signature(key, owner, kind, rdatas, mode):
    now = int(time.time())
    labels = len(list(labels_of(owner)))
    head = struct.pack("!HBBIIIH", kind, 13, labels, 300, now + 86400, now - 86400,
                       key.tag) + ZONE
    sig = key.sign(head + rrset(owner, kind, rdatas)[0])
    if mode == "bogus" and kind == CAA:
        sig = sig[:-1] + bytes([sig[-1] ^ 1])
    return head + sig


def labels_of(owner):
    while owner[0]:
        yield owner[1:1 + owner[0]]
        owner = owner[1 + owner[0]:]


def section(key, mode, sets):
    out, n = b"", 0
    for owner, kind, rdatas in sets:
        text, k = rrset(owner, kind, rdatas)
        out, n = out + text, n + k
        if mode != "unsigned":
            text, k = rrset(owner, RRSIG, [signature(key, owner, kind, rdatas, mode)])
            out, n = out + text, n + k
    return out, n


def answer(key, records, mode, q):
    end = q.index(b"\0", 12) + 1
    name, kind = q[12:end].lower(), struct.unpack("!H", q[end:end + 2])[0]
    sets, authority = [], []
    at = name
    while (at, CNAME) in records and (at, kind) not in records:
        sets.append((at, CNAME, records[(at, CNAME)]))
        at = records[(at, CNAME)][0]
    if kind == DNSKEY and at == ZONE:
        sets.append((at, DNSKEY, [key.rdata]))
    elif (at, kind) in records:
        sets.append((at, kind, records[(at, kind)]))
    else:
        soa = wire("ns.fake") + wire("admin.fake") + struct.pack("!5I", 1, 60, 60, 60, 60)
        authority.append((ZONE, SOA, [soa]))
        if mode != "unsigned":
            bitmap = bytes([0, 6, 0, 0, 0, 0, 0, 3])	# RRSIG, NSEC
            authority.append((at, NSEC, [b"\1\0" + at + bitmap]))
    a, na = section(key, mode, sets)
    b, nb = section(key, mode, authority)
    opt = b"\0" + struct.pack("!HHIH", 41, 4096, 0x8000, 0)
    rcode = 2 if mode == "broken" else 0
    return (q[:2] + struct.pack("!HHHHH", 0x8480 | rcode, 1, na, nb, 1) + q[12:end + 4] +
            a + b + opt)


def main():
    zone, folder = sys.argv[1:3]
    mode = sys.argv[3] if len(sys.argv) > 3 else "signed"
    records, key = read_zone(zone), Key(folder)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    with open(os.path.join(folder, "port.new"), "w") as f:
        f.write(str(s.getsockname()[1]))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    while True:
        q, peer = s.recvfrom(4096)
        if mode != "silent":
            s.sendto(answer(key, records, mode, q), peer)


main()
