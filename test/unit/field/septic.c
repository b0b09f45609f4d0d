#include "field/septic.h"
#include "test/lib/tap.h"

static septic
of(const uint32_t v[7])
{
	septic r;

	for (int i = 0; i < 7; i++)
		r.c[i] = kb_from(v[i]);
	return r;
}
#define S(...) of((const uint32_t[7]){__VA_ARGS__})

static int
point_eq(const struct septic_point *p, septic x, septic y)
{
	return septic_eq(p->x, x) && septic_eq(p->y, y);
}

static septic
power(septic a, uint64_t e)
{
	septic r = S(1, 0, 0, 0, 0, 0, 0);

	for (; e; e >>= 1) {
		if (e & 1)
			r = septic_mul(r, a);
		a = septic_mul(a, a);
	}
	return r;
}

static int
sum_eq(const struct septic_sum *a, const struct septic_sum *b)
{
	return !a->finite == !b->finite && (!a->finite ||
	    (septic_eq(a->p.x, b->p.x) && septic_eq(a->p.y, b->p.y)));
}

/* Among the points: one twice, one and its negative, next to each other. */
static void
sums(void)
{
	static struct septic_point v[200], w[200];
	struct septic_sum one = {0}, many = {0}, none = {0};
	int bad = 0;

	v[0] = septic_start;
	v[1] = septic_dummy;
	for (int i = 2; i < 200; i++)
		bad += septic_point_add(&v[i], &v[i - 1], &v[i - 2]);
	ok(!bad, "points");
	v[11] = v[10];
	v[20] = v[21];
	v[21].y = septic_neg(v[21].y);
	v[64] = v[65];
	for (unsigned long n = bad = 0; n <= 200; n++) {
		memcpy(w, v, sizeof v);
		many.finite = 0;
		septic_sum_many(&many, w, n);
		bad += !sum_eq(&one, &many);
		if (n < 200)
			septic_sum_add(&one, &v[n]);
	}
	ok(!bad, "sums of 0 to 200 points, equal and opposite ones among them");
	one = (struct septic_sum){1, v[5]};
	septic_sum_add(&one, &v[5]);
	ok(one.finite && septic_on_curve(&one.p) &&
	    !septic_eq(one.p.x, v[5].x), "a point twice");
	v[5].y = septic_neg(v[5].y);
	septic_sum_add(&one, &v[5]);
	septic_sum_add(&one, &v[5]);
	ok(sum_eq(&one, &none), "and back to nothing");
}

/* Expected values: the independent python companion of the specification. */
int
main(void)
{
	septic x = S(1, 2, 3, 4, 5, 6, 7), y = S(KB_P - 1, 9, 8, 7, 6, 5, 4);
	septic one = S(1, 0, 0, 0, 0, 0, 0), r, top;
	struct septic_point p, d[3];
	int bad = 0, roots = 0;

	plan(16);
	ok(septic_eq(septic_mul(x, y), S(964, 1386, 1133, 884, 646, 426, 231)),
	    "a product");
	ok(septic_eq(septic_inv(x), S(74787537, 1428532705, 1112126335,
	    372651099, 212242493, 970757029, 989056165)), "an inverse");
	for (int i = 0; i < 7; i++)
		top.c[i].v = KB_P - 1;
	ok(septic_eq(septic_mul(septic_mul(top, top), septic_inv(top)), top),
	    "largest representations do not overflow");
	for (int i = 0; i < 200; i++) {
		septic q = septic_mul(x, x);

		bad += septic_sqrt(&r, q) ||
		    (!septic_eq(r, x) && !septic_eq(septic_neg(r), x));
		bad += !septic_eq(septic_mul(septic_inv(x), x), one);
		if (!septic_sqrt(&r, x)) {
			roots++;
			bad += !septic_eq(septic_mul(r, r), x);
		}
		x = septic_add(septic_mul(x, y), one);
	}
	ok(!bad, "square roots and inverses");
	ok(roots > 60 && roots < 140, "about half have a root (%d)", roots);
	/* 3 is no square in F, and 7 is odd */
	ok(septic_sqrt(&r, S(3, 0, 0, 0, 0, 0, 0)), "3 has no root");
	ok(!septic_sqrt(&r, S(0, 0, 0, 0, 0, 0, 0)) &&
	    septic_eq(r, S(0, 0, 0, 0, 0, 0, 0)), "the root of 0 is 0");
	r = S(0, 1, 0, 0, 0, 0, 0);
	for (int i = 0; i < 7; i++)
		r = power(r, KB_P);
	ok(septic_eq(r, S(0, 1, 0, 0, 0, 0, 0)), "z^(p^7) is z");
	ok(septic_on_curve(&septic_start) && septic_on_curve(&septic_dummy),
	    "the fixed points are on the curve");
	ok(!septic_point_add(&p, &septic_start, &septic_dummy) &&
	    septic_on_curve(&p) && point_eq(&p,
	    S(1815603891, 1334845641, 1474278210, 730901291, 867476608,
	    1085701231, 1906887605), S(1001611042, 1739468709, 1796595023,
	    42563980, 1918756467, 992777924, 1445068381)),
	    "a sum of points");
	ok(septic_point_add(&d[0], &septic_dummy,
	    &septic_dummy), "equal x are refused");
	d[0] = d[1] = septic_dummy;
	d[2] = p;
	ok(!septic_digest_sum(&p, d, 3) && point_eq(&p,
	    S(2090363930, 641585182, 789738102, 912962903, 1842698574,
	    1126438727, 926412516), S(935307530, 1287254965, 1163533391,
	    165954514, 1566694088, 27098837, 350485236)),
	    "a sum of digests");
	sums();
	return done_testing();
}
