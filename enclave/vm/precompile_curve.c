/*
 * Points of elliptic curves, affine, x and y as little-endian words.  What stock
 * panics at is an error here: for secp256k1 and ed25519 points off the curve and
 * infinity, for the others equal operands of an addition and negative
 * intermediate values of operands that are not reduced (sp1-machine(7),
 * Precompiles).  With records, what the chips cannot show is an error too: they
 * divide by the difference of an addition's x (secp256k1's equal points among
 * them: stock doubles those, but the chip adds), and by a doubled point's 2 y.
 */
#include <string.h>

#include "vm/precompile.h"

static enum field
curve_of(const struct exec_call *c)
{
	if (strncmp(c->name, "SECP256K1", 9) == 0)
		return SECP256K1;
	if (strncmp(c->name, "SECP256R1", 9) == 0)
		return SECP256R1;
	return strncmp(c->name, "BN254", 5) == 0 ? BN254 : BLS12381;
}

struct point { BIGNUM *x, *y; };

static struct point
get_point(BN_CTX *ctx, const uint64_t *w, unsigned words)
{
	struct point p = { bn_words(ctx, w, words), NULL };

	p.y = bn_words(ctx, w + words, words);
	return p;
}

static int
bad(struct vm *m, const struct exec_call *c, const char *what)
{
	return vm_fail(m, VM_InvalidSyscallUsage, "%s: %s", c->name, what);
}

/* y^2 = x^3 + ax + b, with coordinates below p? */
static bool
on_curve(const struct point *p, const struct bn_field *f,
    BN_CTX *ctx)
{
	BIGNUM *l, *r;
	bool good;

	if (BN_cmp(p->x, f->p) >= 0 || BN_cmp(p->y, f->p) >= 0)
		return false;
	BN_CTX_start(ctx);
	l = BN_CTX_get(ctx);
	r = BN_CTX_get(ctx);
	must(r);
	bn_must(BN_mod_sqr(r, p->x, f->p, ctx));
	bn_must(BN_mod_add(r, r, f->a, f->p, ctx));
	bn_must(BN_mod_mul(r, r, p->x, f->p, ctx));
	bn_must(BN_mod_add(r, r, f->b, f->p, ctx));
	bn_must(BN_mod_sqr(l, p->y, f->p, ctx));
	good = BN_cmp(l, r) == 0;
	BN_CTX_end(ctx);
	return good;
}

/* r = p + a - b, which must not be negative. */
static bool
shifted(BIGNUM *r, const BIGNUM *p, const BIGNUM *a,
    const BIGNUM *b)
{
	bn_must(BN_add(r, p, a));
	bn_must(BN_sub(r, r, b));
	return !BN_is_negative(r);
}

/* The sum of p and a point at x2, from the slope of the line through both:
 * x3 = slope^2 - x1 - x2, y3 = slope (x1 - x3) - y1. */
static int
chord(struct vm *m, const struct exec_call *c, uint64_t *out,
    const struct point *p, const BIGNUM *x2, const BIGNUM *slope,
    const struct bn_field *f, BN_CTX *ctx)
{
	BIGNUM *x3 = BN_CTX_get(ctx), *y3 = BN_CTX_get(ctx);

	must(y3);
	bn_must(BN_sqr(x3, slope, ctx));
	bn_must(BN_add(x3, x3, f->p));
	bn_must(BN_add(x3, x3, f->p));
	bn_must(BN_sub(x3, x3, p->x));
	bn_must(BN_sub(x3, x3, x2));
	if (BN_is_negative(x3))
		return bad(m, c, "a coordinate is far above p");
	bn_must(BN_mod(x3, x3, f->p, ctx));
	if (!shifted(y3, f->p, p->x, x3))
		return bad(m, c, "a coordinate is far above p");
	bn_must(BN_mul(y3, y3, slope, ctx));
	if (!shifted(y3, f->p, y3, p->y))
		return bad(m, c, "a coordinate is far above p");
	if (m->rec && !bn_shows_sub(p->x, x3, f, ctx))
		return vm_unprovable(m, c, "a coordinate is far above p");
	bn_must(BN_mod(y3, y3, f->p, ctx));
	bn_put_words(out, f->words, x3);
	bn_put_words(out + f->words, f->words, y3);
	return 0;
}

static int
tangent(struct vm *m, const struct exec_call *c, uint64_t *out,
    const struct point *p, const struct bn_field *f, BN_CTX *ctx)
{
	BIGNUM *slope = BN_CTX_get(ctx), *t = BN_CTX_get(ctx);
	bool steep;

	must(t);
	bn_must(BN_mod_sqr(slope, p->x, f->p, ctx));
	bn_must(BN_mul_word(slope, 3));
	bn_must(BN_add(slope, slope, f->a));
	bn_must(BN_nnmod(slope, slope, f->p, ctx));
	bn_must(BN_lshift1(t, p->y));
	bn_inverse(t, t, f->p, ctx);
	steep = BN_is_zero(t) && !BN_is_zero(slope);
	bn_must(BN_mod_mul(slope, slope, t, f->p, ctx));
	if (chord(m, c, out, p, p->x, slope, f, ctx))
		return -1;
	if (m->rec && steep)
		return vm_unprovable(m, c, "y is 0");
	if (m->rec && !bn_shows_mul(p->x, p->x, f, ctx))
		return vm_unprovable(m, c, "a coordinate is far above p");
	return 0;
}

static int
add(struct vm *m, const struct exec_call *c, uint64_t *out,
    const struct point *p, const struct point *q, const struct bn_field *f,
    BN_CTX *ctx)
{
	BIGNUM *slope = BN_CTX_get(ctx), *t = BN_CTX_get(ctx);
	bool vertical, equal = BN_cmp(p->x, q->x) == 0 && BN_cmp(p->y, q->y) == 0;

	must(t);
	if (curve_of(c) == SECP256K1) {
		if (!on_curve(p, f, ctx) || !on_curve(q, f, ctx))
			return bad(m, c, "a point is not on the curve");
		if (equal && m->rec)
			return vm_unprovable(m, c, "the points are equal");
		if (equal)
			return tangent(m, c, out, p, f, ctx);
		if (BN_cmp(p->x, q->x) == 0)
			return bad(m, c, "the sum is the point at infinity");
	}
	if (equal)
		return bad(m, c, "the points are equal");
	if (!shifted(slope, f->p, q->y, p->y) || !shifted(t, f->p, q->x, p->x))
		return bad(m, c, "a coordinate is far above p");
	bn_inverse(t, t, f->p, ctx);
	vertical = BN_is_zero(t);
	bn_must(BN_mod_mul(slope, slope, t, f->p, ctx));
	if (chord(m, c, out, p, q->x, slope, f, ctx))
		return -1;
	if (m->rec && vertical)
		return vm_unprovable(m, c, "the points' x are equal");
	if (m->rec && (!bn_shows_sub(q->y, p->y, f, ctx) ||
	    !bn_shows_sub(q->x, p->x, f, ctx)))
		return vm_unprovable(m, c, "a coordinate is far above p");
	return 0;
}

HANDLER(pre_curve_add)
{
	const struct bn_field *f = bn_field(m, curve_of(c));
	BN_CTX *ctx = bn_ctx(m);
	uint64_t p[12], q[12];
	struct point pp, qq;
	int rc;

	if (pre_peek(m, p, a0, 2 * f->words) ||
	    pre_read(m, q, a1, 2 * f->words, 0))
		return -1;
	BN_CTX_start(ctx);
	pp = get_point(ctx, p, f->words);
	qq = get_point(ctx, q, f->words);
	rc = add(m, c, p, &pp, &qq, f, ctx);
	BN_CTX_end(ctx);
	return rc ? -1 : pre_write(m, p, a0, 2 * f->words, 1);
}

HANDLER(pre_curve_double)
{
	const struct bn_field *f = bn_field(m, curve_of(c));
	BN_CTX *ctx = bn_ctx(m);
	uint64_t p[12];
	struct point pp;
	int rc;

	if (pre_peek(m, p, a0, 2 * f->words))
		return -1;
	if (m->rec && a1 != 0)
		return vm_unprovable(m, c, "the second argument is not 0");
	BN_CTX_start(ctx);
	pp = get_point(ctx, p, f->words);
	rc = curve_of(c) == SECP256K1 && !on_curve(&pp, f, ctx) ?
	    bad(m, c, "the point is not on the curve") :
	    tangent(m, c, p, &pp, f, ctx);
	BN_CTX_end(ctx);
	return rc ? -1 : pre_write(m, p, a0, 2 * f->words, 0);
}

/* -x^2 + y^2 = 1 + d x^2 y^2 */
static bool
on_edwards(const struct point *p, const struct bn_field *f,
    BN_CTX *ctx)
{
	BIGNUM *xx, *yy, *r;
	bool good;

	if (BN_cmp(p->x, f->p) >= 0 || BN_cmp(p->y, f->p) >= 0)
		return false;
	BN_CTX_start(ctx);
	xx = BN_CTX_get(ctx);
	yy = BN_CTX_get(ctx);
	r = BN_CTX_get(ctx);
	must(r);
	bn_must(BN_mod_sqr(xx, p->x, f->p, ctx));
	bn_must(BN_mod_sqr(yy, p->y, f->p, ctx));
	bn_must(BN_mod_mul(r, xx, yy, f->p, ctx));
	bn_must(BN_mod_mul(r, r, f->b, f->p, ctx));
	bn_must(BN_add_word(r, 1));
	bn_must(BN_mod_sub(yy, yy, xx, f->p, ctx));
	bn_must(BN_mod_sub(r, r, yy, f->p, ctx));
	good = BN_is_zero(r);
	BN_CTX_end(ctx);
	return good;
}

/* x3 = (x1 y2 + y1 x2) / (1 + d x1 x2 y1 y2)
 * y3 = (y1 y2 + x1 x2) / (1 - d x1 x2 y1 y2); never a zero below on the curve */
static void
edwards_add(uint64_t *out, const struct point *p,
    const struct point *q, const struct bn_field *f, BN_CTX *ctx)
{
	BIGNUM *x3 = BN_CTX_get(ctx), *y3 = BN_CTX_get(ctx);
	BIGNUM *t = BN_CTX_get(ctx), *d = BN_CTX_get(ctx);

	must(d);
	bn_must(BN_mod_mul(x3, p->x, q->y, f->p, ctx));
	bn_must(BN_mod_mul(t, p->y, q->x, f->p, ctx));
	bn_must(BN_mod_mul(d, x3, t, f->p, ctx));
	bn_must(BN_mod_mul(d, d, f->b, f->p, ctx));
	bn_must(BN_mod_add(x3, x3, t, f->p, ctx));
	bn_must(BN_mod_mul(y3, p->y, q->y, f->p, ctx));
	bn_must(BN_mod_mul(t, p->x, q->x, f->p, ctx));
	bn_must(BN_mod_add(y3, y3, t, f->p, ctx));
	must(BN_copy(t, d));
	bn_must(BN_add_word(t, 1));
	bn_inverse(t, t, f->p, ctx);
	bn_must(BN_mod_mul(x3, x3, t, f->p, ctx));
	bn_must(BN_mod_sub(t, BN_value_one(), d, f->p, ctx));
	bn_inverse(t, t, f->p, ctx);
	bn_must(BN_mod_mul(y3, y3, t, f->p, ctx));
	bn_put_words(out, f->words, x3);
	bn_put_words(out + f->words, f->words, y3);
}

/* The even root x of x^2 = (y^2 - 1) / (d y^2 + 1); false: there is none. */
static bool
edwards_x(BIGNUM *x, const BIGNUM *y, const struct bn_field *f, BN_CTX *ctx)
{
	BIGNUM *yy, *v;
	bool good;

	BN_CTX_start(ctx);
	yy = BN_CTX_get(ctx);
	v = BN_CTX_get(ctx);
	must(v);
	bn_must(BN_mod_sqr(yy, y, f->p, ctx));
	bn_must(BN_mod_sub(x, yy, BN_value_one(), f->p, ctx));
	bn_must(BN_mod_mul(v, yy, f->b, f->p, ctx));
	bn_must(BN_add_word(v, 1));
	bn_inverse(v, v, f->p, ctx);
	bn_must(BN_mod_mul(x, x, v, f->p, ctx));
	good = bn_ed_sqrt(x, x, f->p, ctx);
	BN_CTX_end(ctx);
	return good;
}

/* What SP1 adds for a point that is none: the one whose y are the low 255 bits of its y,
 * and whose x is odd where its x is odd or its y has bit 255.  (Stock: affine_to_dalek()
 * of sp1-curves.)  false: no point has this y. */
static bool
edwards_nearest(struct point *p, uint64_t w[8], const struct bn_field *f,
    BN_CTX *ctx)
{
	bool odd = (w[0] & 1) != 0 || w[7] >> 63 != 0;
	BIGNUM *x = BN_CTX_get(ctx);

	must(x);
	w[7] &= ~0ull >> 1;
	p->y = bn_words(ctx, w + 4, 4);
	bn_must(BN_nnmod(p->y, p->y, f->p, ctx));
	if (!edwards_x(x, p->y, f, ctx))
		return false;
	if (odd && !BN_is_zero(x))
		bn_must(BN_sub(x, f->p, x));
	p->x = x;
	return true;
}

HANDLER(pre_ed_add)
{
	const struct bn_field *f = bn_field(m, ED25519);
	BN_CTX *ctx = bn_ctx(m);
	uint64_t p[8], q[8];
	struct point pp, qq;
	bool good, points;

	if (pre_peek(m, p, a0, 8) || pre_read(m, q, a1, 8, 0))
		return -1;
	BN_CTX_start(ctx);
	pp = get_point(ctx, p, 4);
	qq = get_point(ctx, q, 4);
	good = points = on_edwards(&pp, f, ctx) && on_edwards(&qq, f, ctx);
	if (!points)
		good = edwards_nearest(&pp, p, f, ctx) &&
		    edwards_nearest(&qq, q, f, ctx);
	if (good)
		edwards_add(p, &pp, &qq, f, ctx);
	BN_CTX_end(ctx);
	if (!good)
		return bad(m, c, "no point has this y");
	if (m->rec && !points)
		return vm_unprovable(m, c, "a point is not on the curve");
	return pre_write(m, p, a0, 8, 1);
}

/* x = sqrt((y^2 - 1) / (d y^2 + 1)), even, negated where the sign is 1. */
HANDLER(pre_ed_decompress)
{
	const struct bn_field *f = bn_field(m, ED25519);
	BN_CTX *ctx = bn_ctx(m);
	uint64_t x[4], y[4];
	BIGNUM *u;
	bool good, canonical;

	if (a1 > 1)
		return bad(m, c, "the sign must be 0 or 1");
	if (pre_read(m, y, a0 + 32, 4, 0))
		return -1;
	BN_CTX_start(ctx);
	canonical = BN_cmp(bn_words(ctx, y, 4), f->p) < 0;
	y[3] &= ~0ull >> 1;
	u = BN_CTX_get(ctx);
	must(u);
	good = edwards_x(u, bn_words(ctx, y, 4), f, ctx);
	if (good && a1 == 1 && !BN_is_zero(u))
		bn_must(BN_sub(u, f->p, u));
	bn_put_words(x, 4, u);
	BN_CTX_end(ctx);
	if (!good)
		return bad(m, c, "no point has this y");
	if (m->rec && !canonical)
		return vm_unprovable(m, c, "y is not below p");
	return pre_write(m, x, a0, 4, 1);
}
