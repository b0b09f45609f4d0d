#include "field/septic.h"

#define M(x) {(uint32_t)(((uint64_t)(x) << 32) % KB_P)}

TABLE struct septic_point septic_start = {
	{{ M(0x1414213), M(0x5623730), M(0x9504880), M(0x1688724),
	   M(0x2096980), M(0x7856967), M(0x1875376) }},
	{{ M(2020310104), M(1513506566), M(1843922297), M(2003644209),
	   M(805967281), M(1882435203), M(1623804682) }}
};

/* From the digits of e; y is a "receive" (sp1-proof(7), Global messages). */
TABLE struct septic_point septic_dummy = {
	{{ M(0x2718281 + (1 << 24)), M(0x8284590), M(0x4523536), M(0x0287471),
	   M(0x3526624), M(0x9775724), M(0x7093699) }},
	{{ M(1250555984), M(1592495468), M(656721246), M(420301347),
	   M(2125819749), M(819876460), M(17687681) }}
};

/* From the digits of sqrt 3: sums of digests begin and end here, so that the
 * digests themselves never meet the exceptions of affine addition. */
TABLE struct septic_point septic_sum_start = {
	{{ M(0x1732050), M(0x8075688), M(0x7729352), M(0x7446341),
	   M(0x5058723), M(0x6694280), M(0x5253810) }},
	{{ M(1095433104), M(7540207), M(1124564165), M(2035506693),
	   M(11121645), M(102781365), M(398772161) }}
};

/* z^(ip) and z^(ip^2), i = 1 .. 6: the Frobenius map and its square.
 * test/unit/field/septic.c raises z to the powers. */
STATIC_TABLE septic frob1[6] = {
	{{ M(1272123317), M(1950759909), M(1879852731), M(746569225),
	   M(180350946), M(1600835585), M(333893434) }},
	{{ M(129050189), M(1749509219), M(983995729), M(711096547),
	   M(1505254548), M(639452798), M(68186395) }},
	{{ M(1911662442), M(1095215454), M(1794102427), M(1173566779),
	   M(140526665), M(110899104), M(1387282150) }},
	{{ M(1366416596), M(1212861), M(2104391040), M(1447859676),
	   M(308944373), M(106444152), M(1362577042) }},
	{{ M(1411781189), M(1580508159), M(1332301780), M(1528790701),
	   M(380217034), M(1752756730), M(989817517) }},
	{{ M(37669840), M(439102875), M(410223214), M(964813232),
	   M(1250258104), M(877333757), M(222095778) }},
};

STATIC_TABLE septic frob2[6] = {
	{{ M(1330073564), M(1724372201), M(942213154), M(258987814),
	   M(1836986639), M(566030553), M(2086945921) }},
	{{ M(473977877), M(99096011), M(1919717963), M(733784355),
	   M(1167998744), M(19619652), M(1354518805) }},
	{{ M(1040563478), M(1866766699), M(1875293643), M(846885082),
	   M(1921678452), M(2127718474), M(1489297699) }},
	{{ M(1350284585), M(1583164394), M(512913106), M(1818487640),
	   M(2116891899), M(318922921), M(1013732863) }},
	{{ M(887772098), M(1971095075), M(843183752), M(711838602),
	   M(1717807390), M(521017530), M(1548716569) }},
	{{ M(372606377), M(357514301), M(335089633), M(330400379),
	   M(1545190367), M(1813349020), M(1393941056) }},
};

DEVICE septic
septic_add(septic a, septic b)
{
	for (int i = 0; i < 7; i++)
		a.c[i] = kb_add(a.c[i], b.c[i]);
	return a;
}

DEVICE septic
septic_sub(septic a, septic b)
{
	for (int i = 0; i < 7; i++)
		a.c[i] = kb_sub(a.c[i], b.c[i]);
	return a;
}

DEVICE septic
septic_neg(septic a)
{
	for (int i = 0; i < 7; i++)
		a.c[i] = kb_neg(a.c[i]);
	return a;
}

DEVICE int
septic_eq(septic a, septic b)
{
	for (int i = 0; i < 7; i++)
		if (a.c[i].v != b.c[i].v)
			return 0;
	return 1;
}

DEVICE static septic
scale(septic a, kb k)
{
	for (int i = 0; i < 7; i++)
		a.c[i] = kb_mul(a.c[i], k);
	return a;
}

/* Keeps a sum of products below 2^32 p: t may be anything below 2^33 p. */
KERNEL uint64_t
fold(uint64_t t)
{
	uint64_t d = t - ((uint64_t)KB_P << 32);

	DEBUG_ASSERT(t < (uint64_t)KB_P << 33);
	return t < d ? t : d;
}

/* z^7 = 3z + 5, applied to a product's 13 coefficients. */
KERNEL septic
reduce13(const kb t[13])
{
	septic r;
	kb h, h3;

	for (int i = 0; i < 7; i++)
		r.c[i] = t[i];
	for (int i = 0; i < 6; i++) {
		h = t[7 + i];
		h3 = kb_add(kb_add(h, h), h);
		r.c[i + 1] = kb_add(r.c[i + 1], h3);
		r.c[i] = kb_add(r.c[i], kb_add(h3, kb_add(h, h)));
	}
	return r;
}

/* p^2 < 2^31 p, so two products may be added to a folded sum. */
DEVICE septic
septic_mul(septic a, septic b)
{
	kb t[13];

	UNROLL(13)
	for (int k = 0; k < 13; k++) {
		uint64_t s = 0;

		UNROLL(7)
		for (int i = 0; i < 7; i++) {
			if (i > k || k - i > 6)
				continue;
			s += (uint64_t)a.c[i].v * b.c[k - i].v;
			if (i % 2)
				s = fold(s);
		}
		t[k] = (kb){kb_reduce(fold(s))};
	}
	return reduce13(t);
}

DEVICE static septic
square(septic a)
{
	kb t[13], d[7];

	for (int i = 0; i < 7; i++)
		d[i] = kb_add(a.c[i], a.c[i]);
	UNROLL(13)
	for (int k = 0; k < 13; k++) {
		uint64_t s = 0;

		UNROLL(3)
		for (int i = 0; i < 3; i++) {	/* i < k - i <= 6 */
			int j = k < 7 ? i : k - 6 + i;

			if (j < k - j)
				s += (uint64_t)d[j].v * a.c[k - j].v;
		}
		if (k % 2 == 0)
			s += (uint64_t)a.c[k / 2].v * a.c[k / 2].v;
		t[k] = (kb){kb_reduce(fold(s))};
	}
	return reduce13(t);
}

DEVICE static septic
frobenius(septic a, const septic table[6])
{
	septic r;

	for (int k = 0; k < 7; k++) {
		uint64_t s = 0;

		for (int i = 1; i < 7; i++) {
			s += (uint64_t)a.c[i].v * table[i - 1].c[k].v;
			if (i % 2 == 0)
				s = fold(s);
		}
		r.c[k] = (kb){kb_reduce(s)};
	}
	r.c[0] = kb_add(r.c[0], a.c[0]);
	return r;
}

/* a^(p + p^2 + ... + p^6): times a, the norm. */
DEVICE static septic
conjugates(septic a)
{
	septic b = septic_mul(frobenius(a, frob1), frobenius(a, frob2));
	septic b2 = frobenius(b, frob2);

	return septic_mul(septic_mul(b, b2), frobenius(b2, frob2));
}

/* Coefficient 0 of ab: all of it, where the product is known to lie in F. */
DEVICE static kb
mul_to_base(septic a, septic b)
{
	kb h = KB_ZERO, five, r = kb_mul(a.c[0], b.c[0]);

	for (int i = 1; i < 7; i++)
		h = kb_add(h, kb_mul(a.c[i], b.c[7 - i]));
	five = kb_add(h, h);
	five = kb_add(kb_add(five, five), h);
	return kb_add(r, five);
}

DEVICE septic
septic_inv(septic a)
{
	septic c = conjugates(a);

	return scale(c, kb_inv(mul_to_base(c, a)));
}

/*
 * Tonelli and Shanks: with p - 1 = 127 * 2^24, t = n^127 lies in the group of order 2^24,
 * and is a square there just when n is one.
 */
DEVICE static int
base_sqrt(kb *r, kb n)
{
	kb w = kb_pow(n, 63), root = kb_mul(w, n), t = kb_mul(w, root), c, b;
	unsigned m = KB_TWO_ADICITY, i;

	if (!n.v) {
		*r = n;
		return 0;
	}
	c = kb_root(m);
	while (!kb_eq(t, KB_ONE)) {
		b = t;
		for (i = 0; !kb_eq(b, KB_ONE); i++)
			b = kb_mul(b, b);
		if (i >= m)
			return -1;	/* only in the first round */
		b = c;
		for (unsigned j = i + 1; j < m; j++)
			b = kb_mul(b, b);
		root = kb_mul(root, b);
		c = kb_mul(b, b);
		t = kb_mul(t, c);
		m = i;
	}
	*r = root;
	return 0;
}

/*
 * Let R = 1 + p + ... + p^6.  a^R is the norm, a square in F just when a is one.  Then
 * (a^((R+1)/2))^2 = norm * a; and (R - 1)/2 = (p+1)/2 * (p + p^3 + p^5).
 */
DEVICE int
septic_sqrt(septic *r, septic a)
{
	kb norm = mul_to_base(conjugates(a), a), root;
	septic h, g, a3;

	if (base_sqrt(&root, norm))
		return -1;
	/* (p + 1)/2 = 2^23 * 127 + 1, and a^127 through 1, 2, 3, 6, 7, 14, 15, ... */
	a3 = septic_mul(square(a), a);
	h = square(square(a3));
	h = septic_mul(h, a3);			/* 15 */
	g = square(square(h));
	g = septic_mul(g, a3);			/* 63 */
	h = septic_mul(square(g), a);		/* 127 */
	for (int i = 0; i < 23; i++)
		h = square(h);
	h = frobenius(septic_mul(h, a), frob1);
	g = frobenius(h, frob2);
	h = septic_mul(septic_mul(h, g), frobenius(g, frob2));
	*r = scale(septic_mul(h, a), kb_inv(root));
	return 0;
}

DEVICE septic
septic_curve_rhs(septic x)
{
	septic r = septic_mul(square(x), x);

	r = septic_add(r, scale(x, kb_from(45)));
	r.c[3] = kb_add(r.c[3], kb_from(41));
	return r;
}

DEVICE int
septic_on_curve(const struct septic_point *p)
{
	return septic_eq(square(p->y), septic_curve_rhs(p->x));
}

/* The third point of the line through p and q, mirrored; r may be p. */
DEVICE static void
chord(struct septic_point *r, const struct septic_point *p, septic qx,
    septic slope)
{
	septic x = septic_sub(septic_sub(square(slope), p->x), qx);

	r->y = septic_sub(septic_mul(slope, septic_sub(p->x, x)), p->y);
	r->x = x;
}

DEVICE int
septic_point_add(struct septic_point *r, const struct septic_point *p,
    const struct septic_point *q)
{
	struct septic_point s;

	if (septic_eq(p->x, q->x))
		return -1;
	chord(&s, p, q->x, septic_mul(septic_sub(q->y, p->y),
	    septic_inv(septic_sub(q->x, p->x))));
	*r = s;
	return 0;
}

DEVICE void
septic_sum_add(struct septic_sum *s, const struct septic_point *p)
{
	septic slope, two_y;

	if (!s->finite) {
		s->p = *p;
		s->finite = 1;
		return;
	}
	if (!septic_point_add(&s->p, &s->p, p))
		return;
	two_y = septic_add(p->y, p->y);
	if (!septic_eq(s->p.y, p->y) || septic_eq(two_y, (septic){{{0}}})) {
		s->finite = 0;
		return;
	}
	/* (3 x^2 + 45) / 2y */
	slope = square(p->x);
	slope = septic_add(septic_add(slope, slope), slope);
	slope.c[0] = kb_add(slope.c[0], kb_from(45));
	chord(&s->p, p, p->x, septic_mul(slope, septic_inv(two_y)));
}

#define BLOCK 32

/* Adds n neighbours each to the other and closes the gaps; returns how many sums
 * there are.  Neighbours with equal x go to `odd` instead. */
DEVICE static unsigned
add_pairs(struct septic_point *v, unsigned n, struct septic_sum *odd)
{
	septic before[BLOCK], diff[BLOCK], acc = {{KB_ONE}};
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++) {
		struct septic_point *p = v + 2 * i, *q = p + 1;

		if (septic_eq(p->x, q->x)) {
			septic_sum_add(odd, p);
			septic_sum_add(odd, q);
			continue;
		}
		v[2 * kept] = *p;
		v[2 * kept + 1] = *q;
		diff[kept] = septic_sub(q->x, p->x);
		before[kept] = acc;
		acc = septic_mul(acc, diff[kept++]);
	}
	acc = septic_inv(acc);
	for (unsigned i = kept; i-- > 0;) {
		struct septic_point *p = v + 2 * i, *q = p + 1;
		septic inv = septic_mul(acc, before[i]);

		acc = septic_mul(acc, diff[i]);
		chord(p, p, q->x, septic_mul(septic_sub(q->y, p->y), inv));
	}
	for (unsigned i = 0; i < kept; i++)
		v[i] = v[2 * i];
	return kept;
}

DEVICE void
septic_sum_many(struct septic_sum *s, struct septic_point *v, unsigned long n)
{
	while (n > 1) {
		unsigned long out = 0, i = 0;

		while (n - i > 1) {
			unsigned m = n - i < 2 * BLOCK ?
			    (unsigned)(n - i) / 2 : BLOCK;
			unsigned k = add_pairs(v + i, m, s);

			for (unsigned j = 0; j < k; j++)
				v[out++] = v[i + j];
			i += 2 * m;
		}
		if (i < n)
			v[out++] = v[i];
		n = out;
	}
	if (n)
		septic_sum_add(s, v);
}

DEVICE int
septic_digest_sum(struct septic_point *r, const struct septic_point *d,
    unsigned long n)
{
	struct septic_point minus_zero = septic_start, minus_start = septic_sum_start;
	struct septic_point sum, acc;

	minus_zero.y = septic_neg(minus_zero.y);
	minus_start.y = septic_neg(minus_start.y);
	sum = n ? d[0] : septic_start;
	for (unsigned long i = 1; i < n; i++) {
		if (septic_point_add(&acc, &septic_sum_start, &sum) ||
		    septic_point_add(&acc, &acc, &minus_zero) ||
		    septic_point_add(&acc, &acc, &d[i]) ||
		    septic_point_add(&acc, &acc, &minus_zero) ||
		    septic_point_add(&acc, &acc, &septic_start) ||
		    septic_point_add(&acc, &acc, &minus_start))
			return -1;
		sum = acc;
	}
	*r = sum;
	return 0;
}
