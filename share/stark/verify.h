#ifndef STARK_VERIFY_H
#define STARK_VERIFY_H
/*
 * The verifier (sp1-proof(7)).  Refusals are EX_NO and name the shard, the
 * phase and what differs; EX_OSERR: no memory.  Never crashes or hangs,
 * whatever the proof.  Work is spread over the pool of base/par.h.
 */
#include "air/air.h"
#include "base/err.h"
#include "proof/proof.h"
#include "stark/params.h"

/* One shard of a machine, by itself. */
CHECKED int verify_shard(const struct stark_params *params,
    const struct air_machine *m, const struct vk *vk,
    const struct shard_proof *p, struct err *e);

struct verify_options {
	int allow_exit_code;	/* accept a run that halted with one other than
				 * 0 */
};

/* Every shard, what holds across shards, the version, and that the public
 * values are those committed to (SHA-256 or BLAKE3).  o may be NULL. */
CHECKED int verify_core(const struct air_machine *m, const struct vk *vk,
    const struct core_proof *p, const struct verify_options *o, struct err *e);

/* A compressed proof: a shard of the recursion machine, its program's key among those
 * allowed, complete, of the program whose key has the digest vk_digest(), and the
 * public values as in a core proof. */
CHECKED int verify_compressed(const digest *program,
    const struct compressed_proof *p, const struct verify_options *o,
    struct err *e);
/* Without the container, so without the bytes of public values.  program: vk_digest()
 * of its key; NULL accepts any. */
CHECKED int verify_recursion(const struct recursion_proof *p,
    const digest *program, const struct verify_options *o, struct err *e);
/* The same of a proof that need not be of a whole run, with any exit code: a node of the
 * recursion tree. */
CHECKED int verify_recursion_part(const struct recursion_proof *p,
    const digest *program, struct err *e);
/* As a compressed proof's public values claim. */
uint32_t recursion_proof_exit_code(const struct recursion_proof *p);
/* The number of core shards, as its public values claim; 0: they are too
 * few. */
uint32_t recursion_proof_shards(const struct recursion_proof *p);

/* The last recursion stage's proof, of which SNARKs are made.  Its key is the same
 * whatever tree of keys it was made for; root: NULL is the stock one. */
CHECKED int verify_wrap(const struct shard_proof *p, const digest *root,
    const digest *program, const struct verify_options *o, struct err *e);

/* The last shard's exit code; 0 when there is none. */
uint32_t core_proof_exit_code(const struct core_proof *p);

#endif
