#ifndef SP1VERIFY_ANY_PROOF_H
#define SP1VERIFY_ANY_PROOF_H
/*
 * A proof of any of the four modes in its container, as its first bytes tell: read,
 * then verified.  For whoever takes what comes; stark/ and snark/verify.h have the modes
 * one by one.
 */
#include <stdbool.h>

#include "base/err.h"
#include "snark/calldata.h"
#include "snark/verify.h"

struct any_proof {
	bool known;		/* there is a mode: */
	enum proof_mode mode;
	bool calldata;		/* made from calldata, which does not tell by which
				 * digest it binds the public values: either will do */
	bool well_formed;	/* and all of it was read.  What it says of itself,
				 * only claims until it is verified: */
	uint32_t exit_code;
	uint64_t shards;	/* of a compressed proof: made from how many; of a
				 * SNARK, which does not tell, 0 */
	struct proof_tail tail;
	union {
		struct core_proof core;
		struct compressed_proof compressed;
		struct snark_proof snark;
	} as;
};

/* EX_DATAERR with the place where it is malformed, EX_OSERR when the arena refuses
 * (core_proof_ceiling(len) is enough).  Nothing of `in` is referred to afterwards; *p
 * lives as long as the arena. */
CHECKED int any_proof_read(struct any_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);

/* The same of a Groth16 or PLONK proof as contracts take it (snark/calldata.h), for the
 * program with this hash and these public values.  p refers to `values` and `in`.
 * EX_DATAERR: it is none of this version. */
CHECKED int any_proof_from_calldata(struct any_proof *p,
    const uint8_t bytes32[32], const struct byte_vec *values, uint8_t *in,
    size_t len, struct err *e);

CHECKED bool proof_mode_snark(enum proof_mode m);	/* PLONK, Groth16 */
/* All but core: the program's hash is all that such a proof knows of it. */
CHECKED bool proof_mode_by_hash(enum proof_mode m);

/* Of a well-formed proof: does it hold for the program?  That is its key, or where only
 * vk_bytes32() of that is known, the hash, and vk is NULL: enough for all but core; either
 * may be.  o may be NULL.  EX_NO with the first reason, EX_OSERR: no memory. */
CHECKED int any_proof_verify(const struct any_proof *p, const struct vk *vk,
    const uint8_t bytes32[32], const struct verify_options *o, struct err *e);

/* The proof as contracts take it (snark/calldata.h), to out.  Its bytes; 0: contracts take
 * none of its mode, or not this one. */
size_t any_proof_calldata(uint8_t out[static CALLDATA_MAX],
    const struct any_proof *p);

/* Bytes that a TEE proof, or its absence, takes at the end of the container: without
 * them it is the network's form, which has none. */
size_t any_proof_tee_size(const struct any_proof *p);

#endif
