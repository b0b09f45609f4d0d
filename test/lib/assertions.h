#ifndef TEST_LIB_ASSERTIONS_H
#define TEST_LIB_ASSERTIONS_H
/*
 * A recursion program, whose assertions can be taken out, over a witness that can be
 * altered: which assertions does not the altered one hold?
 *
 * An assertion is a division that fails where it does not hold, and gives what nothing
 * reads; taken out, it divides a value by itself.  A site is a place in the source that
 * asserts (struct assertion, at): a program has many assertions of one.
 *
 * What an instruction gives can be pinned: it gives what it gave when the witness was
 * valid, whatever it is given now.  With all permutations pinned, challenges and Merkle
 * nodes stay, as if who made the proof could choose what the hash gives: checks are then
 * met that an altered proof never comes to, since all that follows depends on what was
 * altered.  A hint that is pinned is the prover's choice, which it is: no instruction
 * computes it.
 */
#include "recursion/run.h"

struct asserted {
	struct program p;
	struct witness w;
	const char **site;	/* each once, in the order of first assertions */
	size_t nsites;
	size_t *of;		/* the site of each assertion */
	bool *ne;		/* of each: what it lacks is not to be 0, else to be */
	/* From asserted_probe(): */
	ef *lack;		/* of each assertion */
	bool chips_hold;	/* what chips' constraints say, and no assertion */
	bool *fails;		/* of each site: some assertion does not hold */
	/* As it was when it was valid. */
	ef *valid, *memory;
	size_t nconstants;
	uint32_t *pinned;	/* of each address: a constant's number + 1, 0: none */
};

/* Takes the program and its witness, both to be freed by asserted_free(). */
void asserted_init(struct asserted *s, struct program *p, struct witness *w);
void asserted_free(struct asserted *s);
/* Pins all permutations, with the memory of the run at hand. */
void asserted_pin_hashes(struct asserted *s);
/* Pins instruction i. */
void asserted_pin(struct asserted *s, size_t i);
/* The value at an address, pinned. */
ef *asserted_pinned(struct asserted *s, uint32_t addr);
/* The witness, and what is pinned, as they were. */
void asserted_restore(struct asserted *s);
/* The witness at hand is what asserted_restore() gives. */
void asserted_keep(struct asserted *s);

/* Runs it without its assertions, and tells what each lacks.  false: an instruction
 * other than an assertion fails. */
bool asserted_probe(struct asserted *s);
/* Sites of which some assertion did not hold then. */
size_t asserted_failing(const struct asserted *s);
/* Whether the program with all its assertions accepts the witness. */
bool asserted_accepted(struct asserted *s);
/* Whether the program with all its assertions refuses the witness, at this site, and
 * without those of this site accepts it. */
bool asserted_told_by(struct asserted *s, const char *site);

/* Of n sites the one in enclave/recursion that place tells, as "FILE: TEXT" or "FILE:
 * BEFORE ... TEXT": the first from the line on that has the text, of those after one that
 * has BEFORE.  It must be there. */
const char *site_at(const char *const *site, size_t n, const char *place);
/* The same of the program's. */
const char *asserted_site(const struct asserted *s, const char *place);
/* Whether the site is in one of these files, names with spaces between. */
bool site_in(const char *site, const char *files);
/* Number n of the site's assertions. */
size_t asserted_assertion(const struct asserted *s, const char *site, size_t n);
/* The first line of a site's statement. */
const char *site_text(const char *site);

#endif
