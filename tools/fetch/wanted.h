#ifndef FETCH_WANTED_H
#define FETCH_WANTED_H
/*
 * What a record wants of its proof: the mode, and the program.  That is -p's, else the
 * record's key, else, where the mode's proofs know no more of it, the hash of that key.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sp1verify/any_proof.h"
#include "wire/record.h"

struct wanted {
	bool has_vk;		/* else the hash is all that is known */
	struct vk vk;
	uint8_t vk_hash[32];	/* the network's */
};

/* Of a proof of this mode, which came.  program: an ELF's file, or NULL.  EX_NO: another
 * mode was requested; EX_DATAERR: the record names no program, or two; as setup_vk_file()
 * too. */
CHECKED int wanted_of(struct wanted *w, const struct record *rec,
    const char *program, enum proof_mode mode, struct err *e);

/* Does the proof, which is well formed, hold for that?  Fails as any_proof_verify(); EX_DATAERR:
 * the hash is of no key. */
CHECKED int wanted_verify(const struct wanted *w, const struct any_proof *p,
    const struct verify_options *o, struct err *e);

#endif
