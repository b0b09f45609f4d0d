#ifndef PROOF_PROOF_H
#define PROOF_PROOF_H
/*
 * A shard proof in memory, field for field as bincode has it (sp1-proof(7),
 * Shard bytes).  All arrays live in the arena that the reader or the prover was
 * given.  Values are in Montgomery form; the bytes are canonical.  Digests are
 * of the hash that the machine is proved with (stark/params.h).
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "field/ef.h"
#include "poly/hasher.h"
#include "proof/vk.h"

#define STARK_PUBLIC_VALUES 187

struct kb_vec { size_t n; kb *v; };
struct ef_vec { size_t n; ef *v; };
struct digest_vec { size_t n; any_digest *v; };
struct dims { size_t n; uint64_t v[3]; };	/* a tensor's dimensions */

struct sumcheck_proof {
	size_t nrounds;
	struct ef_vec *poly;	/* coefficients, low degree first */
	ef claim;
	struct ef_vec point;	/* first challenge last */
	ef eval;
};

struct gkr_round { ef n0, n1, d0, d1; struct sumcheck_proof sc; };

struct chip_openings {		/* one chip's entry in the GKR openings */
	const char *name; size_t name_len;
	struct ef_vec main; struct dims main_dims;
	int has_prep;
	struct ef_vec prep; struct dims prep_dims;
};

struct gkr_proof {
	struct ef_vec numerator, denominator;
	struct dims numerator_dims, denominator_dims;
	size_t nrounds; struct gkr_round *round;
	struct ef_vec point;
	size_t nchips; struct chip_openings *chip;
	kb witness;
};

struct opened_chip {		/* one chip's opened values */
	const char *name; size_t name_len;
	struct ef_vec prep, main;
	struct kb_vec degree;	/* height in bits, high first */
};

struct merkle_opening {
	struct kb_vec values; struct dims values_dims;	/* [queries, width] */
	any_digest root;
	uint64_t log_height, width;
	/* [queries, log_height] */
	struct digest_vec paths; struct dims paths_dims;
};

struct basefold_proof {
	size_t nmessages; ef (*message)[2];
	struct digest_vec fri_commitments;
	size_t ncomponents; struct merkle_opening *component;
	size_t nqueries; struct merkle_opening *query;	/* one a FRI layer */
	ef final_poly;
	kb pow_witness, batch_witness;
};

struct row_col { uint64_t rows, cols; };
struct round_counts { size_t n; struct row_col *v; };

struct pcs_proof {
	struct basefold_proof basefold;
	size_t nbatch; struct ef_vec *batch; struct dims *batch_dims;
	struct sumcheck_proof sumcheck, jagged_eval;
	size_t nrounds; struct round_counts *counts;
	struct digest_vec merkle_commitments;
	ef expected_eval;
	uint64_t max_log_row_count, log_m;
};

struct shard_proof {
	struct kb_vec public_values;
	any_digest main_commitment;
	struct gkr_proof gkr;
	struct sumcheck_proof zerocheck;
	size_t nopened; struct opened_chip *opened;
	struct pcs_proof pcs;
};

/* What follows the proof in every container (sp1-proof(7), Containers).  The bytes
 * of public values, version and TEE proof are arrays of the arena too. */
enum proof_form {
	PROOF_SAVED,		/* SP1ProofWithPublicValues: ends with the TEE
				 * proof's Option */
	PROOF_NETWORK		/* ProofFromNetwork: ends with the version */
};
struct byte_vec { size_t n; uint8_t *v; };
struct proof_tail {
	struct byte_vec public_values;
	struct byte_vec version;
	enum proof_form form;
	int has_tee;		/* PROOF_SAVED alone */
	struct byte_vec tee;
};

/* What a file or the network holds of a core proof. */
struct core_proof {
	size_t nshards; struct shard_proof *shard;
	struct proof_tail tail;
};

/* A proof that other proofs hold: the key of the recursion program that says so, its
 * run's shard, and the key's place among the keys that are allowed. */
struct recursion_proof {
	struct vk vk;
	struct shard_proof shard;
	uint64_t vk_index;
	struct digest_vec vk_path;
};

struct compressed_proof {
	struct recursion_proof proof;
	struct proof_tail tail;
};

/* Offsets into a core shard's public values (sp1-proof(7), Public values). */
enum pv_offset {
	PV_PREV_COMMITTED = 0, PV_COMMITTED = 32,
	PV_PREV_DEFERRED = 64, PV_DEFERRED = 72,
	PV_PC_START = 80, PV_NEXT_PC = 83,
	PV_PREV_EXIT_CODE = 86, PV_EXIT_CODE = 87,
	PV_IS_EXECUTION = 88,
	PV_PREV_INIT_ADDR = 89, PV_LAST_INIT_ADDR = 92,
	PV_PREV_FINALIZE_ADDR = 95, PV_LAST_FINALIZE_ADDR = 98,
	PV_PAGE_INDEX = 101,
	PV_INITIAL_TIMESTAMP = 113, PV_LAST_TIMESTAMP = 117,
	PV_HIGH_EQUAL = 121, PV_HIGH_INVERSE = 122,
	PV_LOW_EQUAL = 123, PV_LOW_INVERSE = 124,
	PV_INIT_COUNT = 125, PV_FINALIZE_COUNT = 126,
	PV_PAGE_COUNTS = 127, PV_GLOBAL_COUNT = 129,
	PV_GLOBAL_SUM = 130,
	PV_PREV_COMMIT_SYSCALL = 144, PV_COMMIT_SYSCALL = 145,
	PV_PREV_COMMIT_DEFERRED = 146, PV_COMMIT_DEFERRED = 147,
	PV_INITIAL_INVERSE = 148, PV_LAST_INVERSE = 149,
	PV_IS_FIRST = 150, PV_UNTRUSTED = 151, PV_NONCE = 152,
	PV_USED = 160
};

/* Into a compressed proof's (sp1-proof(7), Recursion proofs), and a wrap proof's,
 * which has its digest at the same place. */
enum recursion_pv_offset {
	RPV_PREV_COMMITTED = 0, RPV_COMMITTED = 32,
	RPV_PREV_DEFERRED = 64, RPV_DEFERRED = 72,
	RPV_PREV_DEFERRED_PROOF = 80, RPV_DEFERRED_PROOF = 81,
	RPV_PC_START = 82, RPV_NEXT_PC = 85,
	RPV_INITIAL_TIMESTAMP = 88, RPV_LAST_TIMESTAMP = 92,
	RPV_PREV_INIT_ADDR = 96, RPV_LAST_INIT_ADDR = 99,
	RPV_PREV_FINALIZE_ADDR = 102, RPV_LAST_FINALIZE_ADDR = 105,
	RPV_PREV_INIT_PAGE = 108, RPV_LAST_INIT_PAGE = 111,
	RPV_PREV_FINALIZE_PAGE = 114, RPV_LAST_FINALIZE_PAGE = 117,
	RPV_START_RECONSTRUCT = 120, RPV_END_RECONSTRUCT = 128,
	RPV_VK_DIGEST = 136, RPV_VK_ROOT = 144, RPV_GLOBAL_SUM = 152,
	RPV_CONTAINS_FIRST = 166, RPV_NUM_SHARDS = 167, RPV_IS_COMPLETE = 168,
	RPV_PREV_EXIT_CODE = 169, RPV_EXIT_CODE = 170,
	RPV_PREV_COMMIT_SYSCALL = 171, RPV_COMMIT_SYSCALL = 172,
	RPV_PREV_COMMIT_DEFERRED = 173, RPV_COMMIT_DEFERRED = 174,
	RPV_DIGEST = 175, RPV_NONCE = 183
};

#endif
