/* Arithmetic in the base fields of BN254 and BLS12-381, and of 256-bit integers. */
#include <string.h>

#include "vm/precompile.h"

enum operation { ADD, SUB, MUL };

static enum field
field_of(const struct exec_call *c)
{
	return strncmp(c->name, "BN254", 5) == 0 ? BN254 : BLS12381;
}

static enum operation
operation_of(const struct exec_call *c)
{
	const char *op = c->name + strlen(c->name) - 3;

	return strcmp(op, "ADD") == 0 ? ADD : strcmp(op, "SUB") == 0 ? SUB : MUL;
}

/* Of one element: can its chip show the operation? */
static bool
shows(const struct vm *m, enum operation op, const BIGNUM *x, const BIGNUM *y,
    const struct bn_field *f, BN_CTX *ctx)
{
	if (!m->rec || op == ADD)
		return true;
	return op == SUB ? bn_shows_sub(x, y, f, ctx) :
	    bn_shows_mul(x, y, f, ctx);
}

static int
far_above(struct vm *m, const struct exec_call *c)
{
	return vm_unprovable(m, c, "an operand is far above p");
}

HANDLER(pre_fp)
{
	const struct bn_field *f = bn_field(m, field_of(c));
	BN_CTX *ctx = bn_ctx(m);
	uint64_t x[6], y[6];
	BIGNUM *r, *a, *b;
	bool good;

	if (pre_peek(m, x, a0, f->words) || pre_read(m, y, a1, f->words, 0))
		return -1;
	BN_CTX_start(ctx);
	a = bn_words(ctx, x, f->words);
	b = bn_words(ctx, y, f->words);
	r = BN_CTX_get(ctx);
	must(r);
	switch (operation_of(c)) {
	case ADD: bn_must(BN_mod_add(r, a, b, f->p, ctx)); break;
	case SUB: bn_must(BN_mod_sub(r, a, b, f->p, ctx)); break;
	case MUL: bn_must(BN_mod_mul(r, a, b, f->p, ctx)); break;
	}
	bn_put_words(x, f->words, r);
	good = shows(m, operation_of(c), a, b, f, ctx);
	BN_CTX_end(ctx);
	return good ? pre_write(m, x, a0, f->words, 1) : far_above(m, c);
}

/* c0 and c1 = the two halves; u^2 = -1. */
static int
fp2(struct vm *m, const struct exec_call *c, uint64_t *x,
    const uint64_t *y, const struct bn_field *f, BN_CTX *ctx)
{
	BIGNUM *x0 = bn_words(ctx, x, f->words);
	BIGNUM *x1 = bn_words(ctx, x + f->words, f->words);
	BIGNUM *y0 = bn_words(ctx, y, f->words);
	BIGNUM *y1 = bn_words(ctx, y + f->words, f->words);
	BIGNUM *r0 = BN_CTX_get(ctx), *r1 = BN_CTX_get(ctx);
	BIGNUM *t = BN_CTX_get(ctx);
	enum operation op = operation_of(c);

	must(t);
	switch (op) {
	case ADD:
		bn_must(BN_mod_add(r0, x0, y0, f->p, ctx));
		bn_must(BN_mod_add(r1, x1, y1, f->p, ctx));
		break;
	case SUB:
		/* stock subtracts y from x + p, unreduced, and must not go below 0 */
		bn_must(BN_add(r0, x0, f->p));
		bn_must(BN_add(r1, x1, f->p));
		if (BN_cmp(r0, y0) < 0 || BN_cmp(r1, y1) < 0)
			return vm_fail(m, VM_InvalidSyscallUsage,
			    "%s: an operand is far above p", c->name);
		bn_must(BN_mod_sub(r0, x0, y0, f->p, ctx));
		bn_must(BN_mod_sub(r1, x1, y1, f->p, ctx));
		break;
	case MUL:
		bn_must(BN_mod_mul(r0, x0, y0, f->p, ctx));
		bn_must(BN_mod_mul(t, x1, y1, f->p, ctx));
		bn_must(BN_mod_sub(r0, r0, t, f->p, ctx));
		bn_must(BN_mod_mul(r1, x0, y1, f->p, ctx));
		bn_must(BN_mod_mul(t, x1, y0, f->p, ctx));
		bn_must(BN_mod_add(r1, r1, t, f->p, ctx));
		break;
	}
	if (!shows(m, op, x0, y0, f, ctx) || !shows(m, op, x1, y1, f, ctx))
		return far_above(m, c);
	if (op == MUL &&
	    (!shows(m, op, x0, y1, f, ctx) || !shows(m, op, x1, y0, f, ctx)))
		return far_above(m, c);
	bn_put_words(x, f->words, r0);
	bn_put_words(x + f->words, f->words, r1);
	return 0;
}

HANDLER(pre_fp2)
{
	const struct bn_field *f = bn_field(m, field_of(c));
	BN_CTX *ctx = bn_ctx(m);
	uint64_t x[12], y[12];
	int rc;

	if (pre_peek(m, x, a0, 2 * f->words) ||
	    pre_read(m, y, a1, 2 * f->words, 0))
		return -1;
	BN_CTX_start(ctx);
	rc = fp2(m, c, x, y, f, ctx);
	BN_CTX_end(ctx);
	return rc ? -1 : pre_write(m, x, a0, 2 * f->words, 1);
}

HANDLER(pre_uint256_mul)
{
	BN_CTX *ctx = bn_ctx(m);
	uint64_t x[4], y[8];
	BIGNUM *product, *modulus, *r, *q;
	int bits;

	if (pre_peek(m, x, a0, 4) || pre_read(m, y, a1, 8, 0))
		return -1;
	BN_CTX_start(ctx);
	product = BN_CTX_get(ctx);
	r = BN_CTX_get(ctx);
	q = BN_CTX_get(ctx);
	modulus = bn_words(ctx, y + 4, 4);
	if (BN_is_zero(modulus))
		bn_must(BN_set_bit(modulus, 256));
	bn_must(BN_mul(product, bn_words(ctx, x, 4), bn_words(ctx, y, 4), ctx));
	bn_must(BN_div(q, r, product, modulus, ctx));
	bn_put_words(x, 4, r);
	bits = BN_num_bits(q);
	BN_CTX_end(ctx);
	/* the chip's quotient has 32 bytes (sp1-exec(1), Report) */
	if (m->rec && bits > 256)
		return vm_fail(m, VM_Unprovable,
		    "UINT256_MUL: the quotient has more than 256 bits");
	return pre_write(m, x, a0, 4, 1);
}

HANDLER(pre_uint256_carry)
{
	BN_CTX *ctx = bn_ctx(m);
	uint64_t a[4], b[4], k[4], out[8];
	uint64_t pk = pre_register(m, 12);
	uint64_t pd = pre_register(m, 13);
	uint64_t pe = pre_register(m, 14);
	BIGNUM *x, *y, *t;

	if (pre_read(m, a, a0, 4, 0) || pre_read(m, b, a1, 4, 1) ||
	    pre_read(m, k, pk, 4, 2))
		return -1;
	BN_CTX_start(ctx);
	x = bn_words(ctx, a, 4);
	y = bn_words(ctx, b, 4);
	t = BN_CTX_get(ctx);
	must(t);
	if (c == &exec_calls[CALL_UINT256_ADD_CARRY])
		bn_must(BN_add(t, x, y));
	else
		bn_must(BN_mul(t, x, y, ctx));
	bn_must(BN_add(t, t, bn_words(ctx, k, 4)));
	bn_put_words(out, 8, t);
	BN_CTX_end(ctx);
	if (pre_write(m, out, pd, 4, 3))
		return -1;
	return pre_write(m, out + 4, pe, 4, 4);
}
