#ifndef STARK_SETUP_H
#define STARK_SETUP_H
/*
 * A program's keys: preprocessed traces (Program, Byte, Range), their commitment,
 * the sum of the memory image (sp1-proof(7), Key set-up).  test/vectors/vk.tsv
 * has stock ones.
 */
#include "base/err.h"
#include "poly/commit.h"
#include "proof/proof.h"
#include "riscv/rv.h"
#include "stark/params.h"

/* What a program of any machine is proved with: its chips' preprocessed columns, and
 * the commitment to them. */
struct proving_key {
	struct vk vk;
	size_t nprep;		/* chips with preprocessed columns */
	size_t *rows;		/* of each of these, in cluster order */
	kb *prep;		/* dense: chip after chip, column after column, zero-
				 * padded to a multiple of 2^log_stack */
	size_t prep_area;	/* without the padding */
	struct stacked_commitment commitment;
};

/* A RISC-V program's key: Byte (2^16 rows, 7 columns), Program, Range (2^17, 2).  -1:
 * EX_OSERR, no memory; EX_DATAERR, a program that has none. */
CHECKED int setup_key(struct proving_key *k, const struct rv_program *p,
    struct err *e);
/* Its traces, and all of the vk but the commitment, which takes most of the time: for tests
 * that look at traces.  Fails as setup_key() does. */
CHECKED int setup_tables(struct proving_key *k, const struct rv_program *p,
    struct err *e);
/* Its vk alone: the key is made and freed.  Fails as setup_key() does. */
CHECKED int setup_vk(struct vk *vk, const struct rv_program *p, struct err *e);
/* The same of an ELF's bytes; fails as rv_load() does too. */
CHECKED int setup_vk_elf(struct vk *vk, const uint8_t *elf, size_t len,
    struct err *e);
/* The same of a file; fails as rv_load_file() does too. */
CHECKED int setup_vk_file(struct vk *vk, const char *path, struct err *e);
/* The last step, for any machine: commits to k->prep, which is left where it is, and fills
 * commitment and vk.commit.  width: columns of each of the nprep chips.  -1: EX_OSERR. */
CHECKED int setup_commit(struct proving_key *k,
    const struct stark_params *params, const size_t *width, struct err *e);
/* Frees rows, prep and the commitment. */
void setup_free(struct proving_key *k);

#endif
