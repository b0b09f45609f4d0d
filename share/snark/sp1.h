#ifndef SNARK_SP1_H
#define SNARK_SP1_H
/*
 * SP1's two SNARK circuits, version v6.1.0: their keys, and a proof of five public
 * inputs: the program's hash, that of its public values, the exit code, the root of the
 * tree of recursion keys, the nonce.  What these must be is the caller's to check.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum snark_kind { SNARK_PLONK, SNARK_GROTH16 };
#define SNARK_INPUTS 5

struct snark_statement {
	enum snark_kind kind;
	uint8_t key_hash[32];	/* SHA-256 of the key that the proof is for; on a
				 * chain, the first four bytes go before it */
	uint8_t input[SNARK_INPUTS][32];	/* big-endian */
	const uint8_t *proof;	/* as contracts take it */
	size_t proof_len;
	const uint8_t *raw;	/* the same as gnark has it; may be left out */
	size_t raw_len;
};

/* gnark's bytes, share/data/{plonk,groth16}_vk.bin. */
const uint8_t *snark_key(enum snark_kind kind, size_t *len);

/* EX_NO with the reason.  Takes some 60 KB of stack, and no other memory; the first call
 * with a kind reads its key, for all threads. */
CHECKED int snark_verify(const struct snark_statement *s, struct err *e);

#endif
