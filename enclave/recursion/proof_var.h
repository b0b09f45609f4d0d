#ifndef RECURSION_PROOF_VAR_H
#define RECURSION_PROOF_VAR_H
/*
 * A shard proof as variables, field for field as proof/proof.h has it, and the order
 * in which a program reads it (sp1-proof(7), Recursion verifiers).  Every size follows
 * from the shape.
 */
#include "proof/proof.h"
#include "recursion/gadgets.h"
#include "stark/params.h"

/* What a program needs to know of the proof that it verifies. */
struct proof_shape {
	const struct stark_params *params;
	const struct air_machine *machine;
	unsigned nchips;
	const struct air_chip *const *chip;	/* in name order */
	unsigned multiple[2];	/* stacked columns: preprocessed, main */
	unsigned padding[2];	/* columns of each round's padding, at least 1 */
	/* From these, by proof_shape_finish(): */
	unsigned log_interactions, log_beta, log_area;
	unsigned ntables[2];	/* with the two of the padding */
	unsigned *table_cols[2];
	size_t ncols;		/* of both rounds, padding included */
};

/* Fills what follows; arrays are the circuit's. */
void proof_shape_finish(struct circuit *c, struct proof_shape *s);

struct sumcheck_var {
	unsigned nrounds, ncoeffs;	/* of each polynomial */
	ext *coeff, claim, *point, eval;
};

struct gkr_round_var { ext n0, n1, d0, d1; struct sumcheck_var sc; };

/* What a chip's columns are at a point, and its height's bits, high first. */
struct chip_var { ext *main, *prep; };
struct opened_var { struct chip_var at; felt *height; };

struct gkr_var {
	ext *numerator, *denominator;
	struct gkr_round_var *round;
	ext *point;
	struct chip_var *chip;
	felt witness;
};

struct opening_var {
	unsigned width, log_height;
	felt *values;			/* [queries, width] */
	struct digest_var *paths;	/* [queries, log_height] */
	struct digest_var root;
};

struct pcs_var {
	felt *prefix_sum;		/* [ncols + 1, log_area + 1], high first */
	struct sumcheck_var sumcheck, jagged_eval;
	ext *batch[2];
	ext (*message)[2];
	struct digest_var *fri_commitment;
	struct opening_var component[2], *query;
	ext final_poly;
	felt pow_witness, batch_witness;
	felt *rows[2];			/* of each table */
	struct digest_var commitment[2];
	ext expected_eval;
};

struct proof_var {
	const struct proof_shape *shape;
	felt public_values[STARK_PUBLIC_VALUES];
	struct digest_var main_commitment;
	struct gkr_var gkr;
	struct sumcheck_var zerocheck;
	struct opened_var *opened;
	struct pcs_var pcs;
};

struct vk_var {
	felt pc_start[3], sum_x[7], sum_y[7];
	struct digest_var commit;
	felt untrusted;
};

/* n felts of the witness. */
void input_felts(struct circuit *c, felt *out, size_t n);
/* 8 felts of the witness. */
struct digest_var input_digest(struct circuit *c);
/* A key, as witness_vk() writes it. */
void input_vk(struct circuit *c, struct vk_var *vk);
/* A proof of this shape, as witness_proof() writes it.  Arrays are the circuit's, *s must
 * stay. */
void input_proof(struct circuit *c, struct proof_var *p,
    const struct proof_shape *s);

#endif
