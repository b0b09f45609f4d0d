#include "test/lib/events.h"

/* Which difference of two numbers gets the modulus added, from 1; 0: none. */
static _Thread_local unsigned unreduced, differences;

static struct num
num_add(const struct num *x, const struct num *y)
{
	struct num zero = num_small(0), r;

	r = num_sub(&zero, y);
	return num_sub(x, &r);
}

static struct num
sub_mod(const struct num *x, const struct num *y, const struct num *m)
{
	struct num r = num_sub_mod(x, y, m);

	return ++differences == unreduced ? num_add(&r, m) : r;
}

#define num_sub_mod sub_mod
#include "rows/field_op.c"
#undef num_sub_mod

/* ---- operands ---- */

#define MAX_ACCESSES 64
struct call_event {
	struct precompile_event e;
	struct rec_access access[MAX_ACCESSES];
};

static void
put_operand(struct call_event *c, unsigned first, unsigned words,
    const struct num *x)
{
	for (unsigned i = 0; i < words; i++)
		c->access[first + i].prev = x->w[i];
}

static struct num
byte_at(unsigned i, unsigned byte)
{
	struct num x = {{0}};

	x.w[i / 8] = (uint64_t)byte << 8 * (i % 8);
	return x;
}

/* The modulus less c, and less 2^(8 i), or more where its byte i is 0; i 0: neither.
 * i beyond its bytes: the modulus but for the highest, which is 1 to 16, and the lowest
 * less 1 where c is even. */
static struct num
near_modulus(const struct field_params *f, unsigned c, unsigned i)
{
	struct num m = field_modulus(f), x = num_small(c), t;

	if (i == f->limbs) {
		x = byte_at(i - 1, field_byte(m.w, i - 1) - 1 - c % 16);
		x.w[0] = c % 2 == 0;
		return num_sub(&m, &x);
	}
	t = num_sub(&m, &x);
	x = byte_at(i, i > 0);
	return field_byte(m.w, i) ? num_sub(&t, &x) : num_add(&t, &x);
}

static struct num
num_neg(const struct num *x, const struct num *m)
{
	struct num zero = num_small(0);

	return num_sub_mod(&zero, x, m);
}

static struct num
num_quotient(const struct num *x, unsigned y, const struct num *m)
{
	struct num d = num_small(y);

	d = num_inverse(&d, m);
	return num_mul_mod(x, &d, m);
}

/* x^((p - 5) / 8 + 1), times a root of -1 where that is no root; p of ed25519. */
static struct num
ed_root(const struct num *x, const struct num *p)
{
	struct num one = num_small(1), r = one, i = one, two = num_small(2), t;

	for (unsigned k = 252; k-- > 0;) {	/* (p + 3) / 8: 2^252 - 2 */
		r = num_mul_mod(&r, &r, p);
		if (k > 0)
			r = num_mul_mod(&r, x, p);
	}
	for (unsigned k = 253; k-- > 0;) {	/* (p - 1) / 4: 2^253 - 5 */
		i = num_mul_mod(&i, &i, p);
		if (k != 2)
			i = num_mul_mod(&i, &two, p);
	}
	t = num_mul_mod(&r, &r, p);
	t = num_sub_mod(&t, x, p);
	return num_is_zero(&t) ? r : num_mul_mod(&r, &i, p);
}

static bool
is_root(const struct num *r, const struct num *x, const struct num *p)
{
	struct num t = num_mul_mod(r, r, p);

	t = num_sub_mod(&t, x, p);
	return num_is_zero(&t);
}

/* ---- the calls ---- */

/* t: what it is to be; false: there is no such call. */
typedef bool operands(struct call_event *c, const struct field_params *f,
    const struct num *t, enum which which, unsigned y);

/* x op y = t, y being 0 or 1. */
static bool
plain(struct call_event *c, const struct field_params *f, const struct num *t,
    enum which which, unsigned y)
{
	struct num b = num_small(y);
	unsigned words = f->limbs / 8;

	put_operand(c, 0, words, &b);
	put_operand(c, words, words, t);
	return which == FIRST;
}

static bool
pairs(struct call_event *c, const struct field_params *f, const struct num *t,
    enum which which, unsigned y)
{
	struct num b = num_small(y), zero = num_small(0);
	unsigned words = f->limbs / 8;

	put_operand(c, 0, words, &b);
	put_operand(c, words, words, &zero);
	put_operand(c, 2 * words, words, t);
	put_operand(c, 3 * words, words, t);
	return which == FIRST;
}

/* Points with the same y, so that the slope is 0: x is -1 - (-t - 1), y is -y. */
static bool
sum_of_points(struct call_event *c, const struct field_params *f,
    const struct num *t, enum which which, unsigned y)
{
	struct num m = field_modulus(f), one = num_small(1);
	struct num minus = num_neg(t, &m), q = num_sub_mod(&minus, &one, &m);
	unsigned words = f->limbs / 8;

	if (which == ODD)
		return false;
	put_operand(c, 0, words, &q);
	put_operand(c, words, words, &minus);
	put_operand(c, 2 * words, words, &one);
	put_operand(c, 3 * words, words, &minus);
	/* x3 is the third difference, y3 the fifth */
	unreduced = which == SECOND ? 5 : 3;
	return true;
}

/* The slope 2: x = (4 - t) / 2, y = (a + 3 x^2) / 4; or 0, where a + 3 x^2 is. */
static bool
double_of_point(struct call_event *c, const struct field_params *f,
    const struct num *t, enum which which, unsigned y)
{
	struct num m = field_modulus(f), a, p, q, three = num_small(3);
	struct num four = num_small(4);
	unsigned words = f->limbs / 8;

	memcpy(a.w, f->coefficient, sizeof a.w);
	if (which == ODD)
		return false;
	if (which == SECOND) {
		p = num_small(!num_is_zero(&a));	/* a: 0, or -3 */
		q = num_neg(t, &m);
	} else {
		p = num_sub_mod(&four, t, &m);
		p = num_quotient(&p, 2, &m);
		q = num_mul_mod(&p, &p, &m);
		q = num_mul_mod(&q, &three, &m);
		q = num_neg(&q, &m);
		q = num_sub_mod(&a, &q, &m);
		q = num_quotient(&q, 4, &m);
	}
	put_operand(c, 0, words, &p);
	put_operand(c, words, words, &q);
	/* x3 is the first difference, y3 the third */
	unreduced = which == SECOND ? 3 : 1;
	return true;
}

/* (t, t) and (0, 1) */
static bool
ed_sum(struct call_event *c, const struct field_params *f, const struct num *t,
    enum which which, unsigned y)
{
	struct num zero = num_small(0), one = num_small(1);

	put_operand(c, 0, 4, &zero);
	put_operand(c, 4, 4, &one);
	put_operand(c, 8, 4, t);
	put_operand(c, 12, 4, t);
	return which == FIRST;
}

/* y is t; or x is; or -x.  ODD: x is t, and odd; or -t, odd, not reduced, so that it
 * is even and a bit more than the modulus. */
static bool
ed_point(struct call_event *c, const struct field_params *f,
    const struct num *t, enum which which, unsigned unused)
{
	struct num m = field_modulus(f), one = num_small(1), d, x, y, u, v;
	struct num zero = num_small(0), less = num_neg(t, &m);
	bool more;

	memcpy(d.w, f->coefficient, sizeof d.w);
	x = which == LARGE ? num_neg(t, &m) : *t;
	more = which == ODD && less.w[0] >= 256;
	if (more) {
		less.w[0] -= 256;
		x = less;
	}
	u = num_mul_mod(&x, &x, &m);
	v = num_mul_mod(&u, &d, &m);
	v = num_neg(&v, &m);
	if (which == FIRST) {	/* x^2 = (1 - t^2) / (-d t^2 - 1) */
		u = num_sub_mod(&one, &u, &m);
		v = num_sub_mod(&v, &one, &m);
	} else {		/* y^2 = (1 + t^2) / (1 - d t^2) */
		u = num_neg(&u, &m);
		u = num_sub_mod(&one, &u, &m);
		zero = num_neg(&one, &m);
		v = num_sub_mod(&v, &zero, &m);
	}
	v = num_inverse(&v, &m);
	u = num_mul_mod(&u, &v, &m);
	y = ed_root(&u, &m);
	if (!is_root(&y, &u, &m))
		return false;
	if (which == FIRST) {
		x = y;
		y = *t;
	}
	if (which == ODD) {
		if (less.w[0] >= 256 || less.w[0] % 2 != more ||
		    less.w[1] | less.w[2] | less.w[3])
			return false;
		if (more)
			x = num_add(&m, &less);
		goto put;
	}
	if (x.w[0] & 1)
		x = num_neg(&x, &m);
	if (which != FIRST && (which == LARGE ? num_neg(t, &m) : *t).w[0] !=
	    x.w[0])
		return false;
put:
	put_operand(c, 0, 4, &y);
	for (unsigned i = 0; i < 4; i++)
		c->access[4 + i].value = x.w[i];
	c->e.head.arg2 = 0;
	return true;
}

/* x y modulo a number like any other. */
static const struct field_params some_modulus = {
	.limbs = 32, .modulus = {0x9d3f5b7791b3d5f1, 0x8e6a4c3281f7b5d3,
	    0xa1b2c3d4e5f69788, 0xc4a8b6d2e7f3915b}
};

static bool
modular(struct call_event *c, const struct field_params *f,
    const struct num *t, enum which which, unsigned y)
{
	struct num one = num_small(1), m = field_modulus(f);

	put_operand(c, 0, 4, &one);
	put_operand(c, 4, 4, &m);
	put_operand(c, 8, 4, t);
	return which == FIRST;
}

static const struct kind {
	uint8_t code;
	const struct field_params *f;
	operands *operands;
	unsigned y;
} kinds[] = {
	{0x07, &field_ed25519, ed_sum, 0},
	{0x08, &field_ed25519, ed_point, 0},
	{0x0a, &field_secp256k1, sum_of_points, 0},
	{0x0b, &field_secp256k1, double_of_point, 0},
	{0x0e, &field_bn254, sum_of_points, 0},
	{0x0f, &field_bn254, double_of_point, 0},
	{0x1d, &some_modulus, modular, 0},
	{0x1e, &field_bls12381, sum_of_points, 0},
	{0x1f, &field_bls12381, double_of_point, 0},
	{0x20, &field_bls12381, plain, 0}, {0x22, &field_bls12381, plain, 1},
	{0x23, &field_bls12381, pairs, 0}, {0x25, &field_bls12381, pairs, 1},
	{0x26, &field_bn254, plain, 0}, {0x28, &field_bn254, plain, 1},
	{0x29, &field_bn254, pairs, 0}, {0x2b, &field_bn254, pairs, 1},
	{0x2c, &field_secp256r1, sum_of_points, 0},
	{0x2d, &field_secp256r1, double_of_point, 0},
};

static void
give_call(const struct call_event *c, take_shard *take, void *ctx)
{
	struct shard_events s = {.kind = SHARD_PRECOMPILE, .nprecompile = 1};
	struct precompile_event e = c->e;
	struct err err;

	e.access = (struct rec_access *)c->access;
	s.precompile = &e;
	must(prepare_calls(&s, &err) == 0);
	differences = 0;
	take(ctx, &s);
	free(s.calls->event);
	free(s.calls);
}

static void
near_calls(const struct call_event *like, const struct kind *k,
    take_shard *take, void *ctx)
{
	struct num m = field_modulus(k->f);

	for (unsigned i = 0; i < (k->f->limbs + 1) * WHICH_COUNT; i++) {
		unsigned at = i / WHICH_COUNT;
		enum which which = (enum which)(i % WHICH_COUNT);
		bool good = false, zero = at < k->f->limbs && !field_byte(m.w, at);

		for (unsigned c = 1; c < 60 && !good; c++) {
			struct call_event call = *like;
			struct num t = near_modulus(k->f, c, at);

			unreduced = 0;
			good = k->operands(&call, k->f, &t, which, k->y);
			if (!zero)
				unreduced = 0;
			if (good)
				give_call(&call, take, ctx);
			if (k->operands != ed_point)
				break;
		}
	}
	unreduced = 0;
}

static void
put_elements(struct call_event *c, const kb in[16])
{
	kb out[16];

	memcpy(out, in, sizeof out);
	poseidon2(out);
	for (unsigned i = 0; i < 8; i++) {
		c->access[i].prev = kb_to(in[2 * i]) |
		    (uint64_t)kb_to(in[2 * i + 1]) << 32;
		c->access[i].value = kb_to(out[2 * i]) |
		    (uint64_t)kb_to(out[2 * i + 1]) << 32;
	}
}

/* Elements below 2^16, and such with 2^16 - 1 as their lower half: p more, they have
 * the same upper half as p, and the same lower half less 1.  Each of those read; each
 * of those
 * written, by chance. */
static void
small_elements(const struct call_event *like, take_shard *take, void *ctx)
{
	struct call_event call = *like;
	uint64_t seen = 0, x = 1;
	kb in[16], out[16];

	for (unsigned n = 0; n < 2; n++) {
		for (unsigned i = 0; i < 16; i++)
			in[i] = kb_from(n ? 0x1ffff : 1);
		put_elements(&call, in);
		give_call(&call, take, ctx);
	}
	while (seen != 0xffffffff) {
		uint64_t has = 0;

		for (unsigned i = 0; i < 16; i++) {
			x = x * 6364136223846793005 + 1442695040888963407;
			in[i] = kb_from((uint32_t)(x >> 33) % KB_P);
			out[i] = in[i];
		}
		poseidon2(out);
		for (unsigned i = 0; i < 16; i++) {
			uint32_t y = kb_to(out[i]);

			has |= (uint64_t)(y && y < 65536) << i;
			has |= (uint64_t)(y % 65536 == 65535) << (16 + i);
		}
		if (!(has & ~seen))
			continue;
		seen |= has;
		put_elements(&call, in);
		give_call(&call, take, ctx);
	}
}

void
events_of(const struct precompile_event *e, take_shard *take, void *ctx)
{
	struct call_event c = {.e = *e};

	if (e->head.naccess > MAX_ACCESSES)
		return;
	memcpy(c.access, e->access, e->head.naccess * sizeof *c.access);
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].code == (e->head.code & 0xff))
			near_calls(&c, &kinds[i], take, ctx);
	if ((e->head.code & 0xff) == 0x33)
		small_elements(&c, take, ctx);
}
