#ifndef POLY_NTT_H
#define POLY_NTT_H
/*
 * out[bitrev(i)] = sum_j in[j] * g^(i j), i < 2^(log_n + log_blowup), j < 2^log_n, with
 * g = kb_root(log_n + log_blowup): a Reed-Solomon codeword in bit-reversed order,
 * the input taken as coefficients (sp1-proof(7), Commitments).  No coset.  in
 * and out must not overlap.  log_n + log_blowup <= 24.  Runs on the pool's
 * threads.
 */
#include "field/kb.h"

/* The whole codeword: out[2^(log_n + log_blowup)] of in[2^log_n]. */
void ntt_extend(kb *out, const kb *in, unsigned log_n, unsigned log_blowup);

/* out[2^log_n]: the elements of it from block * 2^log_n on, which are the values on a
 * coset: the same whatever log_blowup. */
void ntt_coset(kb *out, const kb *in, unsigned log_n, uint32_t block);

#endif
