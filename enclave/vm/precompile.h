#ifndef VM_PRECOMPILE_H
#define VM_PRECOMPILE_H
/* The precompiles of run/syscalls.def, and the big numbers that they share with the
 * hooks.  A curve or field is that of the call's name. */
#include <openssl/bn.h>

#include "base/err.h"
#include "vm/calls.h"

/* ---- precompile.c: what they do to memory.  n words from addr; where that is no multiple
 * of 8, beyond 2^40, or with records below 2^16, they fail. */

/* Reads at clk + offset. */
CHECKED int pre_read(struct vm *m, uint64_t *out, uint64_t addr, unsigned n,
    unsigned offset);
/* Writes at clk + offset. */
CHECKED int pre_write(struct vm *m, const uint64_t *in, uint64_t addr,
    unsigned n, unsigned offset);
/* A read that leaves no timestamp: the operand that pre_write() overwrites. */
CHECKED int pre_peek(struct vm *m, uint64_t *out, uint64_t addr, unsigned n);
/* A register's value, read at clk: x12 to x14. */
uint64_t pre_register(struct vm *m, unsigned r);

/* ---- precompile_{hash,curve,field}.c: the calls.  Results go to a0 where nothing is
 * said; what the guest must not ask for is InvalidSyscallUsage. */

/* w[16] to w[63] of SHA-256 from w[0] to w[15] at a0; a1 must be 0. */
HANDLER(pre_sha_extend);
/* SHA-256's state at a1, by the 64 words at a0. */
HANDLER(pre_sha_compress);
/* Keccak-f[1600] of the 25 words at a0; a1 must be 0. */
HANDLER(pre_keccak);
/* Poseidon2 over KoalaBear of the 16 elements at a0; a1 must be 0. */
HANDLER(pre_poseidon2);
/* ed25519: the sum of the points at a0 and a1. */
HANDLER(pre_ed_add);
/* ed25519: x, put before the y that is at a0 + 32, with the sign a1. */
HANDLER(pre_ed_decompress);
/* Short Weierstrass curves: the sum of the points at a0 and a1. */
HANDLER(pre_curve_add);
/* The point at a0 twice. */
HANDLER(pre_curve_double);
/* a0's number times the first at a1, modulo the second there (0: 2^256). */
HANDLER(pre_uint256_mul);
/* a + b + c or a * b + c: a at a0, b at a1, c at x12; the low half to x13, the high one to
 * x14. */
HANDLER(pre_uint256_carry);
/* Sum, difference or product, by the call's number, of elements at a0 and a1. */
HANDLER(pre_fp);
/* The same of pairs: elements of the quadratic extension. */
HANDLER(pre_fp2);

/* ---- bn.c: fields and curves y^2 = x^3 + ax + b.  ed25519: -x^2 + y^2 = 1 + b x^2 y^2. */
enum field { SECP256K1, SECP256R1, BN254, BLS12381, ED25519, FIELD_COUNT };
struct bn_field {
	BIGNUM *p, *a, *b, *n;	/* n: the group's order, where hooks need it */
	unsigned words;		/* 64-bit words of an element */
};
/* A field's or curve's numbers, which live as long as the machine; all are made at the
 * first call of this or of bn_ctx(). */
const struct bn_field *bn_field(struct vm *m, enum field f);
/* The machine's own context: between BN_CTX_start() and BN_CTX_end(). */
BN_CTX *bn_ctx(struct vm *m);
/* Frees all of it; NULL does nothing. */
void bn_free(struct bn_space *s);

/* A number of ctx of n little-endian words. */
BIGNUM *bn_words(BN_CTX *ctx, const uint64_t *w, unsigned n);
/* The lowest n words of v, little-endian. */
void bn_put_words(uint64_t *w, unsigned n, const BIGNUM *v);
/* The lowest n bytes of v, in either order. */
void bn_put_bytes(uint8_t *out, size_t n, const BIGNUM *v, bool big_endian);
/* r = 1/v mod p, 0 for v = 0 (as v^(p-2)). */
void bn_inverse(BIGNUM *r, const BIGNUM *v, const BIGNUM *p, BN_CTX *ctx);
/* With records only: can the chips of a field or curve show x - y mod p, of operands
 * that need not be below p (sp1-proof(7), Chips)?  It is claimed as x = y +
 * result - carry * p, where carry is not negative. */
CHECKED bool bn_shows_sub(const BIGNUM *x, const BIGNUM *y,
    const struct bn_field *f, BN_CTX *ctx);
/* The same of x * y, which is claimed with a quotient of f->words words. */
CHECKED bool bn_shows_mul(const BIGNUM *x, const BIGNUM *y,
    const struct bn_field *f, BN_CTX *ctx);
/* The even root of v in ed25519's field; false: there is none. */
CHECKED bool bn_ed_sqrt(BIGNUM *r, const BIGNUM *v, const BIGNUM *p,
    BN_CTX *ctx);

/* OpenSSL's functions fail for want of memory only, as they are called here. */
#define bn_must(call) must((call) == 1)

#endif
