#ifndef VM_PRECOMPILE_H
#define VM_PRECOMPILE_H
/* The precompiles of syscalls.def, and the big numbers that they share with the
 * hooks.  A curve or field is that of the call's name. */
#include <openssl/bn.h>

#include "base/err.h"
#include "vm/calls.h"

/* ---- precompile.c: what they do to memory, at clk + offset; n words each from addr,
 * which must be a multiple of 8, and provable with records. */
CHECKED int pre_read(struct vm *m, uint64_t *out, uint64_t addr, unsigned n,
    unsigned offset);
CHECKED int pre_write(struct vm *m, const uint64_t *in, uint64_t addr,
    unsigned n, unsigned offset);
/* A read that leaves no timestamp: the operand that pre_write() overwrites. */
CHECKED int pre_peek(struct vm *m, uint64_t *out, uint64_t addr, unsigned n);
/* A register's value, read at clk: x12 to x14. */
uint64_t pre_register(struct vm *m, unsigned r);

/* ---- precompile_{hash,curve,field}.c: the calls. */
HANDLER(pre_sha_extend);
HANDLER(pre_sha_compress);
HANDLER(pre_keccak);
HANDLER(pre_poseidon2);
HANDLER(pre_ed_add);
HANDLER(pre_ed_decompress);
HANDLER(pre_curve_add);
HANDLER(pre_curve_double);
HANDLER(pre_uint256_mul);
HANDLER(pre_uint256_carry);
HANDLER(pre_fp);
HANDLER(pre_fp2);

/* bn.c: fields and curves y^2 = x^3 + ax + b.  ed25519: -x^2 + y^2 = 1 + b x^2 y^2. */
enum field { SECP256K1, SECP256R1, BN254, BLS12381, ED25519, FIELD_COUNT };
struct bn_field {
	BIGNUM *p, *a, *b, *n;	/* n: the group's order, where hooks need it */
	unsigned words;		/* 64-bit words of an element */
};
/* The table; made at the first call.  NULL after vm_fail(). */
const struct bn_field *bn_field(struct vm *m, enum field f);
BN_CTX *bn_ctx(struct vm *m);
void bn_free(struct bn_space *s);

/* Little-endian words or bytes; bn_put truncates to n. */
BIGNUM *bn_words(BN_CTX *ctx, const uint64_t *w, unsigned n);
void bn_put_words(uint64_t *w, unsigned n, const BIGNUM *v);
void bn_put_bytes(uint8_t *out, size_t n, const BIGNUM *v, bool big_endian);
/* r = 1/v mod p, 0 for v = 0 (as v^(p-2)). */
void bn_inverse(BIGNUM *r, const BIGNUM *v, const BIGNUM *p, BN_CTX *ctx);
/* With records only: what the chips of a field or curve cannot show, of operands
 * that need not be below p (prover.md 3.2).  x - y is claimed as x = y + result -
 * carry * p, where carry is not negative; x * y with a quotient of `words`. */
CHECKED bool bn_shows_sub(const BIGNUM *x, const BIGNUM *y,
    const struct bn_field *f, BN_CTX *ctx);
CHECKED bool bn_shows_mul(const BIGNUM *x, const BIGNUM *y,
    const struct bn_field *f, BN_CTX *ctx);
int bn_unprovable(struct vm *m, const struct exec_call *c, const char *what);
/* The even root of v in ed25519's field; false: there is none. */
CHECKED bool bn_ed_sqrt(BIGNUM *r, const BIGNUM *v, const BIGNUM *p,
    BN_CTX *ctx);

/* OpenSSL's functions fail for want of memory only, as they are called here. */
#define bn_must(call) must((call) == 1)

#endif
