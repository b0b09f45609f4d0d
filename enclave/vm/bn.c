#include "vm/precompile.h"

#include <stdlib.h>
#include <string.h>

struct bn_space {
	BN_CTX *ctx;
	struct bn_field field[FIELD_COUNT];
};

static const struct {
	const char *p, *a, *b, *n;
	unsigned words;
} table[FIELD_COUNT] = {
	[SECP256K1] = {
		"fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
		"0", "7",
		"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
		4 },
	[SECP256R1] = {
		"ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
		"ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
		"5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
		"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
		4 },
	[BN254] = {
		"30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47",
		"0", "3", "0", 4 },
	[BLS12381] = {
		"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624"
		"1eabfffeb153ffffb9feffffffffaaab",
		"0", "4", "0", 6 },
	[ED25519] = {
		"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
		"0",
		"52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3",
		"0", 4 },
};

static struct bn_space *
space(struct vm *m)
{
	struct bn_space *s = m->bn;

	if (s)
		return s;
	s = m->bn = calloc(1, sizeof *s);
	must(s);
	s->ctx = BN_CTX_new();
	must(s->ctx);
	for (int i = 0; i < FIELD_COUNT; i++) {
		struct bn_field *f = &s->field[i];

		f->words = table[i].words;
		must(BN_hex2bn(&f->p, table[i].p) && BN_hex2bn(&f->a, table[i].a) &&
		    BN_hex2bn(&f->b, table[i].b) && BN_hex2bn(&f->n, table[i].n));
	}
	return s;
}

const struct bn_field *
bn_field(struct vm *m, enum field f)
{
	return &space(m)->field[f];
}

BN_CTX *
bn_ctx(struct vm *m)
{
	return space(m)->ctx;
}

void
bn_free(struct bn_space *s)
{
	if (!s)
		return;
	for (int i = 0; i < FIELD_COUNT; i++) {
		BN_free(s->field[i].p);
		BN_free(s->field[i].a);
		BN_free(s->field[i].b);
		BN_free(s->field[i].n);
	}
	BN_CTX_free(s->ctx);
	free(s);
}

BIGNUM *
bn_words(BN_CTX *ctx, const uint64_t *w, unsigned n)
{
	BIGNUM *v = BN_CTX_get(ctx);

	must(v && BN_lebin2bn((const uint8_t *)w, (int)(8 * n), v));
	return v;
}

void
bn_put_bytes(uint8_t *out, size_t n, const BIGNUM *v, bool big_endian)
{
	size_t len = (size_t)BN_num_bytes(v);
	uint8_t *all = malloc(len + 1);

	must(all && (size_t)BN_bn2bin(v, all) == len);
	memset(out, 0, n);
	for (size_t i = 0; i < len && i < n; i++)
		out[big_endian ? n - 1 - i : i] = all[len - 1 - i];
	free(all);
}

void
bn_put_words(uint64_t *w, unsigned n, const BIGNUM *v)
{
	bn_put_bytes((uint8_t *)w, 8 * (size_t)n, v, false);
}

void
bn_inverse(BIGNUM *r, const BIGNUM *v, const BIGNUM *p, BN_CTX *ctx)
{
	BN_CTX_start(ctx);
	{
		BIGNUM *t = BN_CTX_get(ctx);

		must(t);
		bn_must(BN_nnmod(t, v, p, ctx));
		if (BN_is_zero(t))
			BN_zero(r);
		else
			must(BN_mod_inverse(r, t, p, ctx));
	}
	BN_CTX_end(ctx);
}

bool
bn_shows_sub(const BIGNUM *x, const BIGNUM *y, const struct bn_field *f,
    BN_CTX *ctx)
{
	BIGNUM *t;
	bool good;

	BN_CTX_start(ctx);
	t = BN_CTX_get(ctx);
	must(t);
	bn_must(BN_mod_sub(t, x, y, f->p, ctx));
	bn_must(BN_add(t, t, y));
	good = BN_cmp(t, x) >= 0;
	BN_CTX_end(ctx);
	return good;
}

bool
bn_shows_mul(const BIGNUM *x, const BIGNUM *y, const struct bn_field *f,
    BN_CTX *ctx)
{
	BIGNUM *t;
	bool good;

	BN_CTX_start(ctx);
	t = BN_CTX_get(ctx);
	must(t);
	bn_must(BN_mul(t, x, y, ctx));
	bn_must(BN_div(t, NULL, t, f->p, ctx));
	good = BN_num_bits(t) <= 64 * (int)f->words;
	BN_CTX_end(ctx);
	return good;
}

bool
bn_ed_sqrt(BIGNUM *r, const BIGNUM *v, const BIGNUM *p, BN_CTX *ctx)
{
	BIGNUM *e, *root, *square, *minus;
	bool found;

	BN_CTX_start(ctx);
	e = BN_CTX_get(ctx);
	root = BN_CTX_get(ctx);
	square = BN_CTX_get(ctx);
	minus = BN_CTX_get(ctx);
	must(minus);
	/* p = 5 mod 8: v^((p+3)/8) is a root of v or of -v */
	must(BN_copy(e, p));
	bn_must(BN_add_word(e, 3));
	bn_must(BN_rshift(e, e, 3));
	bn_must(BN_mod_exp(root, v, e, p, ctx));
	bn_must(BN_mod_sqr(square, root, p, ctx));
	bn_must(BN_mod_sub(minus, p, v, p, ctx));
	found = BN_cmp(square, v) == 0;
	if (!found && BN_cmp(square, minus) == 0) {
		/* times sqrt(-1) = 2^((p-1)/4) */
		must(BN_copy(e, p));
		bn_must(BN_sub_word(e, 1));
		bn_must(BN_rshift(e, e, 2));
		bn_must(BN_set_word(square, 2));
		bn_must(BN_mod_exp(square, square, e, p, ctx));
		bn_must(BN_mod_mul(root, root, square, p, ctx));
		found = true;
	}
	if (BN_is_odd(root))
		bn_must(BN_sub(root, p, root));
	must(BN_copy(r, root));
	BN_CTX_end(ctx);
	return found;
}
