/*
 * Hooks: what a guest asks the host by WRITE to descriptors 15 to 21, and checks
 * itself (sp1-machine(7), Hooks).  The answers are pushed to the front of the
 * input, so that they are read in order.  What stock panics at is an error.
 */
#include <stdlib.h>
#include <string.h>

#include "vm/calls.h"
#include "vm/input.h"
#include "vm/precompile.h"

enum {
	FD_ECRECOVER = 15, FD_ED_DECOMPRESS, FD_RSA_MUL_MOD, FD_BLS_SQRT,
	FD_BLS_INVERSE, FD_FP_SQRT, FD_FP_INVERSE
};

/* Ours: longer numbers would take the host minutes. */
#define MAX_ELEMENT 1024

/* The answer, in reading order. */
struct answer {
	unsigned n;
	struct { const BIGNUM *v; size_t len; bool big_endian; } item[3];
	bool flagged;		/* the first item is the byte `flag` */
	uint8_t flag;
};

static void
say(struct answer *a, const BIGNUM *v, size_t len, bool big_endian)
{
	a->item[a->n].v = v;
	a->item[a->n].len = len;
	a->item[a->n].big_endian = big_endian;
	a->n++;
}

static void
say_flag(struct answer *a, uint8_t flag)
{
	a->flagged = true;
	a->flag = flag;
}

static int
refuse(struct vm *m, const char *hook, const char *what)
{
	return vm_fail(m, VM_InvalidSyscallUsage, "hook %s: %s", hook, what);
}

static BIGNUM *
fresh(BN_CTX *ctx)
{
	BIGNUM *v = BN_CTX_get(ctx);

	must(v);
	return v;
}

static BIGNUM *
big_endian(BN_CTX *ctx, const uint8_t *p, size_t len)
{
	BIGNUM *v = fresh(ctx);

	must(BN_bin2bn(p, (int)len, v));
	return v;
}

static BIGNUM *
little_endian(BN_CTX *ctx, const uint8_t *p, size_t len)
{
	BIGNUM *v = fresh(ctx);

	must(BN_lebin2bn(p, (int)len, v));
	return v;
}

/* r = v^((p + 1) / 4); is it a root of v, as it stands? */
static bool
root_3_mod_4(BIGNUM *r, const BIGNUM *v, const BIGNUM *p,
    BN_CTX *ctx)
{
	BIGNUM *t = fresh(ctx);

	must(BN_copy(t, p));
	bn_must(BN_add_word(t, 1));
	bn_must(BN_rshift(t, t, 2));
	bn_must(BN_mod_exp(r, v, t, p, ctx));
	bn_must(BN_mod_sqr(t, r, p, ctx));
	return BN_cmp(t, v) == 0;
}

/* 1, or 0: y with y^2 = alpha and the flag's parity, 1/r mod n; or sqrt(3 alpha) */
static int
ecrecover(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	const struct bn_field *f;
	BIGNUM *r, *alpha, *y;

	if (len != 65)
		return refuse(m, "ecrecover", "input is not 65 bytes");
	if ((in[0] & 0x7f) != 1 && (in[0] & 0x7f) != 2)
		return refuse(m, "ecrecover", "unknown curve");
	f = bn_field(m, (in[0] & 0x7f) == 1 ? SECP256K1 : SECP256R1);
	r = big_endian(ctx, in + 1, 32);
	alpha = big_endian(ctx, in + 33, 32);
	y = fresh(ctx);
	if (BN_cmp(r, f->p) >= 0 || BN_cmp(alpha, f->p) >= 0)
		return refuse(m, "ecrecover", "a number is not below p");
	if ((in[0] & 0x7f) == 1 && BN_is_zero(alpha))
		return refuse(m, "ecrecover", "alpha is 0");
	if (root_3_mod_4(y, alpha, f->p, ctx)) {
		if (BN_is_zero(r) || BN_cmp(r, f->n) >= 0)
			return refuse(m, "ecrecover", "r is no scalar");
		if (BN_is_odd(y) != in[0] >> 7 && !BN_is_zero(y))
			bn_must(BN_sub(y, f->p, y));
		bn_inverse(r, r, f->n, ctx);
		say_flag(a, 1);
		say(a, y, 32, true);
		say(a, r, 32, true);
		return 0;
	}
	bn_must(BN_mul_word(alpha, 3));
	bn_must(BN_nnmod(alpha, alpha, f->p, ctx));
	must(root_3_mod_4(y, alpha, f->p, ctx));
	say_flag(a, 0);
	say(a, y, 32, true);
	return 0;
}

static int
ed_decompress(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	const struct bn_field *f = bn_field(m, ED25519);
	uint8_t bytes[32];
	BIGNUM *y, *v, *u, *root;

	if (len < 32 || len > MAX_ELEMENT)
		return refuse(m, "ed_decompress", "input is not 64 bytes");
	memcpy(bytes, in, sizeof bytes);
	bytes[31] &= 0x7f;
	y = little_endian(ctx, bytes, 32);
	v = little_endian(ctx, in + 32, len - 32);
	u = fresh(ctx);
	root = fresh(ctx);
	if (BN_cmp(y, f->p) >= 0) {
		say_flag(a, 0);
		return 0;
	}
	if (BN_cmp(v, f->p) >= 0)
		return refuse(m, "ed_decompress", "v is not below p");
	bn_inverse(v, v, f->p, ctx);
	bn_must(BN_mod_sqr(u, y, f->p, ctx));
	bn_must(BN_mod_sub(u, u, BN_value_one(), f->p, ctx));
	bn_must(BN_mod_mul(u, u, v, f->p, ctx));
	if (bn_ed_sqrt(root, u, f->p, ctx)) {
		say_flag(a, 1);
		return 0;
	}
	bn_must(BN_mod_lshift1(u, u, f->p, ctx));	/* 2 is no square */
	must(bn_ed_sqrt(root, u, f->p, ctx));
	say_flag(a, 0);
	say(a, v, 32, false);
	say(a, root, 32, false);
	return 0;
}

static int
rsa_mul_mod(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	size_t k = len / 3;
	BIGNUM *product, *modulus, *q = fresh(ctx), *r = fresh(ctx);

	if (len != 3 * 256 && len != 3 * 384 && len != 3 * 512)
		return refuse(m, "rsa_mul_mod", "unknown key size");
	product = little_endian(ctx, in, 2 * k);
	modulus = little_endian(ctx, in + 2 * k, k);
	if (BN_is_zero(modulus))
		return refuse(m, "rsa_mul_mod", "the modulus is 0");
	bn_must(BN_div(q, r, product, modulus, ctx));
	say(a, r, k, false);
	say(a, q, k, false);
	return 0;
}

static int
bls_sqrt(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	const struct bn_field *f = bn_field(m, BLS12381);
	BIGNUM *v, *root = fresh(ctx);

	if (len < 48)
		return refuse(m, "bls12_381_sqrt", "input is not 48 bytes");
	v = big_endian(ctx, in, 48);
	if (root_3_mod_4(root, v, f->p, ctx)) {
		say_flag(a, 1);
		say(a, root, 48, true);
		return 0;
	}
	/* 2 is no square; an element that is not reduced may have no root yet */
	bn_must(BN_lshift1(v, v));
	bn_must(BN_nnmod(v, v, f->p, ctx));
	if (!root_3_mod_4(root, v, f->p, ctx))
		return refuse(m, "bls12_381_sqrt", "the element is not below p");
	say_flag(a, 0);
	say(a, root, 48, true);
	return 0;
}

static int
bls_inverse(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	const struct bn_field *f = bn_field(m, BLS12381);
	BIGNUM *v;

	if (len < 48)
		return refuse(m, "bls12_381_inverse", "input is not 48 bytes");
	v = big_endian(ctx, in, 48);
	if (BN_is_zero(v))
		return refuse(m, "bls12_381_inverse", "the element is 0");
	bn_inverse(v, v, f->p, ctx);
	say(a, v, 48, true);
	return 0;
}

/* u32 length, then n numbers of that length; the length. */
static int
elements(struct vm *m, const char *hook, const uint8_t *in,
    size_t len, unsigned n, size_t *size)
{
	if (len < 4)
		return refuse(m, hook, "input cut short");
	*size = (size_t)in[0] << 24 | in[1] << 16 | in[2] << 8 | in[3];
	if (*size > MAX_ELEMENT)
		return refuse(m, hook, "numbers of more than 1024 bytes");
	if (len != 4 + n * *size)
		return refuse(m, hook, "input of a wrong length");
	return 0;
}

/* Tonelli and Shanks with the non-square given: whose root comes out is part of
 * the guest's run, so the steps are those of the facts. */
static bool
tonelli_shanks(BIGNUM *r, const BIGNUM *v, const BIGNUM *p,
    const BIGNUM *nqr, BN_CTX *ctx)
{
	BIGNUM *q = fresh(ctx), *c = fresh(ctx), *t = fresh(ctx);
	BIGNUM *tt = fresh(ctx), *b = fresh(ctx);
	int s = 0;

	must(BN_copy(q, p));
	bn_must(BN_sub_word(q, 1));
	bn_must(BN_rshift1(b, q));
	bn_must(BN_mod_exp(b, v, b, p, ctx));
	if (!BN_is_one(b))
		return false;
	while (!BN_is_odd(q) && !BN_is_zero(q)) {
		bn_must(BN_rshift1(q, q));
		s++;
	}
	bn_must(BN_mod_exp(c, nqr, q, p, ctx));
	bn_must(BN_mod_exp(t, v, q, p, ctx));
	bn_must(BN_add_word(q, 1));
	bn_must(BN_rshift1(q, q));
	bn_must(BN_mod_exp(r, v, q, p, ctx));
	while (!BN_is_one(t)) {
		int i = 0;

		for (must(BN_copy(tt, t)); !BN_is_one(tt);) {
			bn_must(BN_mod_sqr(tt, tt, p, ctx));
			if (++i == s)
				return false;
		}
		must(BN_copy(b, c));
		for (int k = 0; k < s - i - 1; k++)
			bn_must(BN_mod_sqr(b, b, p, ctx));
		bn_must(BN_mod_mul(r, r, b, p, ctx));
		bn_must(BN_mod_sqr(c, b, p, ctx));
		bn_must(BN_mod_mul(t, t, c, p, ctx));
		s = i;
	}
	return true;
}

static bool
fp_root(BIGNUM *r, const BIGNUM *v, const BIGNUM *p,
    const BIGNUM *nqr, BN_CTX *ctx)
{
	if (BN_is_bit_set(p, 0) && BN_is_bit_set(p, 1))
		return root_3_mod_4(r, v, p, ctx);
	return tonelli_shanks(r, v, p, nqr, ctx);
}

static int
fp_sqrt(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	BIGNUM *v, *p, *nqr, *root = fresh(ctx);
	size_t n;

	if (elements(m, "fp_sqrt", in, len, 3, &n))
		return -1;
	v = big_endian(ctx, in + 4, n);
	p = big_endian(ctx, in + 4 + n, n);
	nqr = big_endian(ctx, in + 4 + 2 * n, n);
	if (BN_cmp(v, p) >= 0 || BN_cmp(nqr, p) >= 0)
		return refuse(m, "fp_sqrt", "a number is not below the modulus");
	if (BN_is_zero(v)) {
		say_flag(a, 1);
		say(a, v, n, true);
		return 0;
	}
	if (fp_root(root, v, p, nqr, ctx)) {
		say_flag(a, 1);
		say(a, root, n, true);
		return 0;
	}
	bn_must(BN_mod_mul(v, v, nqr, p, ctx));
	if (BN_is_zero(v) || !fp_root(root, v, p, nqr, ctx))
		return refuse(m, "fp_sqrt", "neither the element nor its "
		    "product with the non-square has a root");
	say_flag(a, 0);
	say(a, root, n, true);
	return 0;
}

/* element^(modulus - 2), whatever the modulus */
static int
fp_inverse(struct vm *m, struct answer *a, BN_CTX *ctx,
    const uint8_t *in, size_t len)
{
	BIGNUM *v, *p, *e = fresh(ctx);
	size_t n;

	if (elements(m, "fp_inverse", in, len, 2, &n))
		return -1;
	v = big_endian(ctx, in + 4, n);
	p = big_endian(ctx, in + 4 + n, n);
	if (BN_is_zero(v))
		return refuse(m, "fp_inverse", "the element is 0");
	if (BN_is_zero(p) || BN_is_one(p))
		return refuse(m, "fp_inverse", "the modulus is below 2");
	must(BN_copy(e, p));
	bn_must(BN_sub_word(e, 2));
	bn_must(BN_mod_exp(v, v, e, p, ctx));
	say(a, v, n, true);
	return 0;
}

/* Pushed last to first. */
static int
push_answer(struct vm *m, const struct answer *a)
{
	uint8_t *p;

	for (unsigned i = a->n; i-- > 0;) {
		p = input_push(m, a->item[i].len);
		if (!p)
			return -1;
		bn_put_bytes(p, a->item[i].len, a->item[i].v,
		    a->item[i].big_endian);
	}
	if (!a->flagged)
		return 0;
	p = input_push(m, 1);
	if (!p)
		return -1;
	*p = a->flag;
	return 0;
}

int
hook_call(struct vm *m, uint32_t fd, const uint8_t *in, size_t len)
{
	static int (*const hooks[])(struct vm *, struct answer *, BN_CTX *,
	    const uint8_t *, size_t) = {
		ecrecover, ed_decompress, rsa_mul_mod, bls_sqrt, bls_inverse,
		fp_sqrt, fp_inverse,
	};
	struct answer a = { 0 };
	BN_CTX *ctx;
	int rc;

	if (fd < FD_ECRECOVER || fd > FD_FP_INVERSE)
		return 0;	/* stock only warns */
	ctx = bn_ctx(m);
	BN_CTX_start(ctx);
	rc = hooks[fd - FD_ECRECOVER](m, &a, ctx, in, len);
	if (rc == 0)
		rc = push_answer(m, &a);
	BN_CTX_end(ctx);
	return rc;
}
