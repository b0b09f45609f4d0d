#ifndef TEST_LIB_FORGED_H
#define TEST_LIB_FORGED_H
/*
 * Forged witnesses of a program that verifies a shard: one thing is altered, and what would
 * be refused after it is altered too, until a single site refuses the rest.
 *
 * Addresses of what a program reads are the numbers of the witness's blocks, since it
 * reads first; so a variable names its value.
 */
#include "recursion/proof_var.h"
#include "test/lib/assertions.h"

struct forged {
	struct asserted s;
	struct vk_var vk;
	struct proof_var p;
	struct proof_shape shape;
	struct circuit c;	/* of the variables, and their program */
	struct program read;
	bool pinned;		/* the permutations are */
};

/* Reads the variables of a key and a proof of this shape, as a program does first; then
 * more may be read of f->c. */
void forged_read(struct forged *f, struct proof_shape shape);
void forged_free(struct forged *f);

ef *ext_at(struct forged *f, ext x);
kb *felt_at(struct forged *f, felt x);
void add_to_felt(struct forged *f, felt x, uint32_t more);
void add_to_ext(struct forged *f, ext x, ef more);
/* Its bits, high first. */
void set_bits(struct forged *f, const felt *bit, unsigned n, uint64_t x);
uint64_t bits_at(struct forged *f, const felt *bit, unsigned n);

/* Pins the instruction that computes this value without being held to it: a hint. */
void pin_hint(struct forged *f, uint32_t addr);
/* What an assertion compares: 0, 1. */
uint32_t compared(const struct forged *f, size_t assertion, int which);
/* What assertion n of the site at this place (asserted_site()) lacks. */
ef lack(const struct forged *f, const char *place, size_t n);
void probe(struct forged *f);

/* ---- sumchecks ---- */

/* Polynomial i gives `sum` more in 0 and 1 together, and `at` more at its challenge. */
void bend(struct forged *f, const struct sumcheck_var *s, unsigned i, ef sum, ef at);
/* Another claim, and a first polynomial that gives it. */
void shift_claim(struct forged *f, const struct sumcheck_var *s, ef more);
/* Another evaluation, and a last polynomial that gives it. */
void shift_eval(struct forged *f, const struct sumcheck_var *s, ef more);

/* ---- what follows from an alteration ---- */

/* x is one more; y what it must be for what the assertion lacks, affine in y, to be 0. */
void cancel(struct forged *f, ext x, ext y, size_t assertion);
/* The openings of LogUp-GKR again give the last layer; zerocheck's claim is theirs, its
 * evaluation that of the constraints. */
void repair_openings(struct forged *f);
/* The sumcheck of the layout again ends in the layout's value. */
void repair_layout(struct forged *f);
/* Chip i has so many rows, and the tables of it. */
void set_height(struct forged *f, unsigned chip, uint32_t rows);
/* The padding fills the area. */
void set_padding(struct forged *f);
/* Where columns begin, by the tables. */
void set_prefix_sums(struct forged *f);
/* The chip of this name. */
unsigned chip_named(const struct forged *f, const char *name);

/* ---- verdicts ---- */

/* The witness at hand is refused by the site at this place alone, and accepted without
 * it; then it is made valid again. */
void refused_by(struct forged *f, const char *place, const char *what);
#define FORGED(f, place, what, ...) do { \
	asserted_restore(&(f)->s); \
	__VA_ARGS__; \
	refused_by(f, place, what); \
} while (0)

/* Sites for which there is no such witness, with the reason. */
struct excuse { const char *place, *why; };
/* Notes a program's sites in these files (site_in()). */
void note_sites(const struct program *p, const char *files);
/* Each site noted was that of a refused_by(), or is excused, and not both; tells how
 * many. */
void all_refuse(const struct excuse *e, size_t n);

#endif
