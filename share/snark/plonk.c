/*
 * The names are the paper's (Gabizon, Williamson, Ciobotaru, PLONK, 2019) where it has
 * them; the order of the transcript is gnark's.
 */
#include "snark/plonk.h"

#include <openssl/sha.h>
#include <string.h>

typedef bn254_fr fr;

static inline fr add(fr a, fr b) { return bn254_fr_add(a, b); }
static inline fr sub(fr a, fr b) { return bn254_fr_sub(a, b); }
static inline fr mul(fr a, fr b) { return bn254_fr_mul(a, b); }

struct proof {
	struct g1 wire[3], h[3], z;
	fr wire_at[3], s_at[2];		/* at zeta */
	fr z_shifted;			/* at zeta w */
	struct g1 opening, opening_shifted;
	fr qc_at;
	struct g1 commitment;
};

/* What comes next of the proof's bytes, while all is well. */
struct reader { const uint8_t *p; struct err *e; int bad; };

static void
get_point(struct reader *r, struct g1 *p, const char *what)
{
	if (!r->bad)
		r->bad = g1_read(p, r->p, what, r->e);
	r->p += G1_RAW;
}

static void
get_scalar(struct reader *r, fr *a, const char *what)
{
	if (!r->bad && bn254_fr_from_be(a, r->p))
		r->bad = err_set(r->e, EX_NO, "%s is not below the field's "
		    "order", what);
	r->p += 32;
}

static int
read_proof(struct proof *p, const uint8_t *in, size_t len, struct err *e)
{
	struct reader r = {in, e, 0};

	if (len != PLONK_PROOF)
		return err_set(e, EX_NO, "a plonk proof has %d bytes, this one "
		    "%zu", PLONK_PROOF, len);
	get_point(&r, &p->wire[0], "plonk: L");
	get_point(&r, &p->wire[1], "plonk: R");
	get_point(&r, &p->wire[2], "plonk: O");
	for (int i = 0; i < 3; i++)
		get_point(&r, &p->h[i], "plonk: a part of H");
	get_scalar(&r, &p->wire_at[0], "plonk: l(zeta)");
	get_scalar(&r, &p->wire_at[1], "plonk: r(zeta)");
	get_scalar(&r, &p->wire_at[2], "plonk: o(zeta)");
	get_scalar(&r, &p->s_at[0], "plonk: s1(zeta)");
	get_scalar(&r, &p->s_at[1], "plonk: s2(zeta)");
	get_point(&r, &p->z, "plonk: Z");
	get_scalar(&r, &p->z_shifted, "plonk: z(zeta w)");
	get_point(&r, &p->opening, "plonk: the opening at zeta");
	get_point(&r, &p->opening_shifted, "plonk: the opening at zeta w");
	get_scalar(&r, &p->qc_at, "plonk: qc(zeta)");
	get_point(&r, &p->commitment, "plonk: the commitment");
	must(r.p == in + PLONK_PROOF);
	return r.bad;
}

/* Bytes as a big-endian number, reduced. */
static fr
reduce(const uint8_t *in, size_t n)
{
	/* check: 2^64 as it is */
	fr shift = bn254_fr_from_limbs((uint64_t[4]){0, 1, 0, 0});
	fr x = BN254_FR_ZERO;

	for (size_t i = 0; i < n; i += 8) {
		uint64_t word = 0;

		for (size_t k = i; k < i + 8; k++)
			word = word << 8 | in[k];
		x = add(mul(x, shift), bn254_fr_from_u64(word));
	}
	return x;
}

/* What the next challenge is the hash of: its name, the challenge before, and what was
 * said since. */
struct transcript { uint8_t said[1280]; size_t n; };

static void
say(struct transcript *t, const void *v, size_t n)
{
	must(n <= sizeof t->said - t->n);
	memcpy(t->said + t->n, v, n);
	t->n += n;
}

static void
say_point(struct transcript *t, const struct g1 *p)
{
	uint8_t b[G1_RAW];

	g1_write(b, p);
	say(t, b, sizeof b);
}

static void
say_scalar(struct transcript *t, fr a)
{
	uint8_t b[32];

	bn254_fr_to_be(b, a);
	say(t, b, sizeof b);
}

/* The challenge, and the start of what the one called next is drawn from. */
static fr
draw(struct transcript *t, const char *next)
{
	uint8_t digest[32];

	SHA256(t->said, t->n, digest);
	t->n = 0;
	if (next != NULL) {
		say(t, next, strlen(next));
		say(t, digest, sizeof digest);
	}
	return reduce(digest, sizeof digest);
}

struct challenges { fr gamma, beta, alpha, zeta; };

static struct challenges
draw_challenges(struct transcript *t, const struct plonk_key *key,
    const fr *input, const struct proof *p)
{
	const struct g1 *of_key[9] = {
		&key->s[0], &key->s[1], &key->s[2], &key->ql, &key->qr,
		&key->qm, &key->qo, &key->qk, &key->qc
	};
	struct challenges c;

	t->n = 0;
	say(t, "gamma", 5);
	for (int i = 0; i < 9; i++)
		say_point(t, of_key[i]);
	for (size_t i = 0; i < key->ninputs; i++)
		say_scalar(t, input[i]);
	for (int i = 0; i < 3; i++)
		say_point(t, &p->wire[i]);
	c.gamma = draw(t, "beta");
	c.beta = draw(t, "alpha");
	say_point(t, &p->commitment);
	say_point(t, &p->z);
	c.alpha = draw(t, "zeta");
	for (int i = 0; i < 3; i++)
		say_point(t, &p->h[i]);
	c.zeta = draw(t, "u");
	return c;
}

/* The commitment as the circuit saw it: RFC 9380's expand_message_xmd with SHA-256 to
 * 48 bytes, reduced. */
static fr
hash_commitment(const struct g1 *p)
{
	static const char dst[] = "BSB22-Plonk\x0b";	/* its length last */
	const size_t ndst = sizeof dst - 1;
	uint8_t in[64 + G1_RAW + 3 + sizeof dst] = {0}, b0[32], out[64];
	uint8_t *at = in + 64;

	g1_write(at, p);
	at += G1_RAW;
	at[1] = 48;
	at += 3;
	memcpy(at, dst, ndst);
	SHA256(in, (size_t)(at - in) + ndst, b0);
	memset(in, 0, 32);
	for (uint8_t i = 0; i < 2; i++) {
		for (int k = 0; k < 32; k++)
			in[k] = i == 0 ? b0[k] : b0[k] ^ out[k];
		in[32] = i + 1;
		memcpy(in + 33, dst, ndst);
		SHA256(in, 33 + ndst, out + 32 * i);
	}
	return reduce(out, 48);
}

/* L_i(zeta) = w^i (zeta^n - 1) / (n (zeta - w^i)); -1: zeta is w^i. */
static int
lagrange(fr *r, const struct plonk_key *key, fr zeta, fr zh, uint64_t i)
{
	fr w = bn254_fr_pow(key->generator, (uint64_t[4]){i});
	fr d = sub(zeta, w);

	if (bn254_fr_is_zero(d))
		return -1;
	*r = mul(mul(mul(w, zh), key->size_inv), bn254_fr_inv(d));
	return 0;
}

/* What depends on zeta and the statement alone. */
struct at_zeta { fr zh, l0, inputs; };

static int
evaluate(struct at_zeta *v, const struct plonk_key *key, const fr *input,
    const struct proof *p, fr zeta, struct err *e)
{
	fr l;

	v->zh = sub(bn254_fr_pow(zeta, (uint64_t[4]){key->size}),
	    bn254_fr_one());
	v->inputs = BN254_FR_ZERO;
	if (lagrange(&v->l0, key, zeta, v->zh, 0))
		goto root;
	for (uint64_t i = 0; i < key->ninputs; i++) {
		if (lagrange(&l, key, zeta, v->zh, i))
			goto root;
		v->inputs = add(v->inputs, mul(l, input[i]));
	}
	if (lagrange(&l, key, zeta, v->zh, key->ninputs + key->committed))
		goto root;
	v->inputs = add(v->inputs, mul(l, hash_commitment(&p->commitment)));
	return 0;
root:
	return err_set(e, EX_NO, "plonk: the point of evaluation is a row");
}

/*
 * The polynomial that is linear in what was not opened: its commitment, and its value at
 * zeta, which is what is left of the constraint.
 */
static void
linearise(struct g1 *digest, fr *value, const struct plonk_key *key,
    const struct proof *p, const struct challenges *c, const struct at_zeta *v)
{
	const fr *w = p->wire_at;
	fr one = bn254_fr_one(), bz = mul(c->beta, c->zeta);
	fr l0 = mul(mul(c->alpha, c->alpha), v->l0);
	/* alpha (l + beta s1 + gamma) (r + beta s2 + gamma) z(zeta w) */
	fr left = mul(mul(c->alpha, p->z_shifted), mul(
	    add(add(w[0], mul(c->beta, p->s_at[0])), c->gamma),
	    add(add(w[1], mul(c->beta, p->s_at[1])), c->gamma)));
	/* alpha (l + beta zeta + gamma) (r + beta u zeta + gamma) ... */
	fr right = c->alpha, coset = bz;
	fr zn = bn254_fr_pow(c->zeta, (uint64_t[4]){key->size + 2});
	fr minus_zh = bn254_fr_neg(v->zh);
	struct g1 point[11] = {
		p->commitment, key->ql, key->qr, key->qm, key->qo, key->qk,
		key->s[2], p->z, p->h[0], p->h[1], p->h[2]
	};
	fr scalar[11];

	for (int i = 0; i < 3; i++) {
		right = mul(right, add(add(w[i], coset), c->gamma));
		coset = mul(coset, key->shift);
	}
	scalar[0] = p->qc_at;
	scalar[1] = w[0];
	scalar[2] = w[1];
	scalar[3] = mul(w[0], w[1]);
	scalar[4] = w[2];
	scalar[5] = one;
	scalar[6] = mul(left, c->beta);
	scalar[7] = sub(l0, right);
	scalar[8] = minus_zh;
	scalar[9] = mul(minus_zh, zn);
	scalar[10] = mul(scalar[9], zn);
	*digest = g1_sum(point, scalar, 11);
	*value = sub(l0, add(v->inputs, mul(left, add(w[2], c->gamma))));
}

#define FOLDED 7

/* All that is opened at zeta as one: a commitment and its value. */
static void
fold(struct g1 *digest, fr *value, uint8_t linear[32], struct transcript *t,
    const struct plonk_key *key, const struct proof *p,
    const struct challenges *c, const struct at_zeta *v)
{
	struct g1 point[FOLDED] = {
		{.infinity = true}, p->wire[0], p->wire[1], p->wire[2],
		key->s[0], key->s[1], key->qc
	};
	fr at[FOLDED] = {
		BN254_FR_ZERO, p->wire_at[0], p->wire_at[1], p->wire_at[2],
		p->s_at[0], p->s_at[1], p->qc_at
	};
	fr power[FOLDED] = {bn254_fr_one()}, gamma;
	struct transcript own = {.n = 0};	/* KZG's, apart from the rest */

	linearise(&point[0], &at[0], key, p, c, v);
	bn254_fr_to_be(linear, at[0]);
	say(&own, "gamma", 5);
	say_scalar(&own, c->zeta);
	for (int i = 0; i < FOLDED; i++)
		say_point(&own, &point[i]);
	for (int i = 0; i < FOLDED; i++)
		say_scalar(&own, at[i]);
	say_scalar(&own, p->z_shifted);
	gamma = draw(&own, NULL);
	say_scalar(t, gamma);
	for (int i = 1; i < FOLDED; i++)
		power[i] = mul(power[i - 1], gamma);
	*digest = g1_sum(point, power, FOLDED);
	*value = BN254_FR_ZERO;
	for (int i = 0; i < FOLDED; i++)
		*value = add(*value, mul(power[i], at[i]));
}

/*
 * Both openings, at zeta and at zeta w, at once: of F - f = (X - zeta) H and
 * Z - z = (X - zeta w) H', by u: e(F - f + zeta H + u (...), 1) = e(H + u H', X).
 */
static int
check_openings(struct transcript *t, const struct plonk_key *key,
    const struct proof *p, fr zeta, const struct g1 *digest, fr value,
    struct err *e)
{
	struct g1 point[5] = {
		*digest, p->z, key->g1, p->opening, p->opening_shifted
	}, pair[2];
	const struct g2_lines *lines[2] = {&key->g2[0], &key->g2[1]};
	fr u, scalar[5];

	say_point(t, digest);
	say_point(t, &p->z);
	say_point(t, &p->opening);
	say_point(t, &p->opening_shifted);
	u = draw(t, NULL);
	scalar[0] = bn254_fr_one();
	scalar[1] = u;
	scalar[2] = bn254_fr_neg(add(value, mul(u, p->z_shifted)));
	scalar[3] = zeta;
	scalar[4] = mul(mul(u, zeta), key->generator);
	pair[0] = g1_sum(point, scalar, 5);
	pair[1] = g1_neg(g1_sum(point + 3, scalar, 2));
	if (!pairing_is_one(pair, lines, 2))
		return err_set(e, EX_NO, "plonk: the pairings do not agree");
	return 0;
}

int
plonk_verify(const struct plonk_key *key, const uint8_t (*input)[32], size_t n,
    const uint8_t *proof, size_t len, uint8_t linear[32], struct err *e)
{
	struct transcript t;
	struct challenges c;
	struct at_zeta v;
	struct proof p;
	struct g1 digest;
	fr x[PLONK_INPUTS], value;

	if (read_proof(&p, proof, len, e))
		return -1;
	if (n != key->ninputs)
		return err_set(e, EX_NO, "%zu public inputs, and the key is "
		    "for %llu", n, (unsigned long long)key->ninputs);
	for (size_t i = 0; i < n; i++)
		if (bn254_fr_from_be(&x[i], input[i]))
			return err_set(e, EX_NO, "public input %zu is not "
			    "below the field's order", i);
	c = draw_challenges(&t, key, x, &p);
	if (evaluate(&v, key, x, &p, c.zeta, e))
		return -1;
	fold(&digest, &value, linear, &t, key, &p, &c, &v);
	return check_openings(&t, key, &p, c.zeta, &digest, value, e);
}

int
plonk_check_raw(const uint8_t *raw, size_t len, const uint8_t *proof,
    const uint8_t linear[32], struct err *e)
{
	/* In gnark's order: where in the proof, how many bytes; counts are u32. */
	static const struct { short at, n; } part[] = {
		{0, 192}, {544, 64}, {192, 192}, {640, 64},
		{-1, 4}, {-2, 32}, {384, 160}, {768, 32},
		{704, 64}, {608, 32}, {-3, 4}, {800, 64}
	};
	static const uint8_t seven[4] = {0, 0, 0, 7}, one[4] = {0, 0, 0, 1};

	if (len != PLONK_PROOF + 4 + 32 + 4)
		goto other;
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		const uint8_t *want = part[i].at == -1 ? seven :
		    part[i].at == -2 ? linear : part[i].at == -3 ? one :
		    proof + part[i].at;

		if (memcmp(raw, want, (size_t)part[i].n) != 0)
			goto other;
		raw += part[i].n;
	}
	return 0;
other:
	return err_set(e, EX_NO, "plonk: the raw proof is another");
}
