#!/usr/bin/env python3
# Known answers for share/snark, by plain integers and the textbook's Miller loop over
# affine points of E(Fq12): no formula in common with the C.  Writes bn254.tsv:
# operation, operands and result in hexadecimal, as gnark has bytes (big-endian, of Fq2
# the coefficient of u first; of Fq12 by powers of w, the constant first).
import random

q = 21888242871839275222246405745257275088696311157297823662689037894645226208583
r = 21888242871839275222246405745257275088548364400416034343698204186575808495617
x = 4965661367192848881

# Fq12 = Fq[w] / (w^12 - 18 w^6 + 82), u = w^6 - 9
def mul(a, b):
    t = [0] * 23
    for i, s in enumerate(a):
        if s:
            for j, v in enumerate(b):
                t[i + j] += s * v
    for i in range(22, 11, -1):
        t[i - 6] += 18 * t[i]
        t[i - 12] -= 82 * t[i]
    return [v % q for v in t[:12]]

def power(a, e):
    z = ONE
    for bit in bin(e)[2:]:
        z = mul(z, z)
        if bit == '1':
            z = mul(z, a)
    return z

def sub(a, b):
    return [(s - v) % q for s, v in zip(a, b)]

def add(a, b):
    return [(s + v) % q for s, v in zip(a, b)]

ZERO, ONE = [0] * 12, [1] + [0] * 11

def inverse(a):
    # Gauss on the matrix of multiplication by a
    m = []
    for i in range(12):
        e = [0] * 12
        e[i] = 1
        m.append(mul(a, e))
    rows = [[m[j][i] for j in range(12)] + [int(i == 0)] for i in range(12)]
    for c in range(12):
        p = next(i for i in range(c, 12) if rows[i][c])
        rows[c], rows[p] = rows[p], rows[c]
        k = pow(rows[c][c], -1, q)
        rows[c] = [v * k % q for v in rows[c]]
        for i in range(12):
            if i != c and rows[i][c]:
                k = rows[i][c]
                rows[i] = [(v - k * t) % q for v, t in zip(rows[i], rows[c])]
    return [row[12] for row in rows]

def fq2(c0, c1):
    return [(c0 - 9 * c1) % q] + [0] * 5 + [c1 % q] + [0] * 5

def to_fq2(a):
    assert not any(a[1:6]) and not any(a[7:])
    return (a[0] + 9 * a[6]) % q, a[6]

W = [0, 1] + [0] * 10
B2 = mul(fq2(3, 0), inverse(fq2(9, 1)))

# Curves: points are pairs in Fq12, None at infinity.
def slope(p, s):
    if p != s:
        return mul(sub(s[1], p[1]), inverse(sub(s[0], p[0])))
    t = mul(p[0], p[0])
    return mul(add(add(t, t), t), inverse(add(p[1], p[1])))

def plus(p, s):
    if p is None or s is None:
        return s if p is None else p
    if p[0] == s[0] and p[1] != s[1]:
        return None
    k = slope(p, s)
    v = sub(sub(mul(k, k), p[0]), s[0])
    return v, sub(mul(k, sub(p[0], v)), p[1])

def times(p, n):
    z = None
    for bit in bin(n)[2:]:
        z = plus(z, z)
        if bit == '1':
            z = plus(z, p)
    return z

def negative(p):
    return p[0], sub(ZERO, p[1])

G1 = ([1] + [0] * 11, [2] + [0] * 11)
G2 = (fq2(0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed,
          0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2),
      fq2(0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa,
          0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b))

def untwist(p):
    w2 = mul(W, W)
    return mul(p[0], w2), mul(p[1], mul(w2, W))

def on_line(p, s, at):
    return sub(sub(at[1], p[1]), mul(slope(p, s), sub(at[0], p[0])))

POWER = 2 * x * (6 * x * x + 3 * x + 1)     # gnark's final exponentiation has it more

def pair(p, s):
    s = untwist(s)
    t, f = s, ONE
    for bit in bin(6 * x + 2)[3:]:
        f = mul(mul(f, f), on_line(t, t, p))
        t = plus(t, t)
        if bit == '1':
            f = mul(f, on_line(t, s, p))
            t = plus(t, s)
    s1 = power(s[0], q), power(s[1], q)
    s2 = negative((power(s1[0], q), power(s1[1], q)))
    f = mul(f, on_line(t, s1, p))
    t = plus(t, s1)
    f = mul(f, on_line(t, s2, p))
    return power(f, (q ** 12 - 1) // r * POWER)

def root(a):
    s = pow(a, (q + 1) // 4, q)
    return s if s * s % q == a % q else None

def root2(c0, c1):
    s = root(c0 * c0 + c1 * c1)
    if s is None:
        return None
    for t in (s, -s):
        h = root((c0 + t) * pow(2, -1, q) % q)
        if h:
            return h, c1 * pow(2 * h, -1, q) % q
    return None

rnd = random.Random(254)

def on_twist():
    while True:
        v = fq2(rnd.randrange(q), rnd.randrange(q))
        y = root2(*to_fq2(add(mul(mul(v, v), v), B2)))
        if y:
            return v, fq2(*y)

def h(n):
    return '%064x' % n

def hex1(p):
    return h(p[0][0]) + h(p[1][0])

def hex2(p):
    return ''.join(h(c) for v in p for c in reversed(to_fq2(v)))

def hex12(a):
    # by powers of w over Fq2, of each the coefficient of u first
    return ''.join(h(a[i + 6]) + h((a[i] + 9 * a[i + 6]) % q) for i in range(6))

def main():
    out = []
    row = lambda *v: out.append('\t'.join(v))
    for i in range(3):
        a, b = rnd.randrange(1, q), rnd.randrange(1, q)
        row('fq', h(a), h(b), h((a + b) % q), h((a - b) % q), h(a * b % q),
            h(pow(a, -1, q)), h(a * pow(2, -1, q) % q))
        f, g = ([rnd.randrange(q) for _ in range(12)] for _ in 'fg')
        row('fq12', hex12(f), hex12(g), hex12(mul(f, g)), hex12(inverse(f)),
            hex12(power(f, q)))
        k = rnd.randrange(r)
        row('g1', h(k), hex1(times(G1, k)))
        row('g2', h(k), hex2(times(G2, k)))
    for i in range(4):
        p = on_twist()
        assert times(p, r) is not None
        row('twist', hex2(p))       # outside the subgroup
    # The twist has r (2q - r) points: by the second factor one gets outside points of
    # another order.
    row('twist', hex2(times(on_twist(), r)))
    row('subgroup', hex2(times(on_twist(), 2 * q - r)))
    row('pairing', h(1), h(1), hex12(pair(G1, G2)))
    a, b = rnd.randrange(r), rnd.randrange(r)
    row('pairing', h(a), h(b), hex12(pair(times(G1, a), times(G2, b))))
    # Of small order: formulas meet the cases that they do not have.
    for order in (10069, 5864401):
        row('twist', hex2(times(on_twist(), r * (2 * q - r) // order)))
    with open('bn254.tsv', 'w') as f:
        f.write('# by bn254.py\n' + '\n'.join(out) + '\n')

if __name__ == '__main__':
    main()
