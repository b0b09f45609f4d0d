#ifndef VERIFY_SUBJECT_H
#define VERIFY_SUBJECT_H
/*
 * The program that proofs are about, as sp1-verify is told it: by its ELF, by its verifying
 * key, or by its hash alone, which is enough for all but core proofs.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sp1verify/any_proof.h"

enum subject_kind { SUBJECT_ELF, SUBJECT_KEY, SUBJECT_HASH };

struct subject {
	enum subject_kind kind;
	uint8_t *bytes;		/* of the ELF or the key */
	size_t n;
	bool made;		/* these are known, but vk where the hash is given: */
	struct vk vk;
	uint8_t bytes32[32];	/* vk_bytes32() */
};

/* The hash in hexadecimal.  -1: it is not 32 bytes. */
CHECKED int subject_hash(struct subject *s, const char *hex);
/* Reads the file of an ELF or of a key, and looks no further: no stranger's bytes before
 * the sandbox.  Free with subject_free().  Fails as read_file() does. */
CHECKED int subject_read(struct subject *s, enum subject_kind kind,
    const char *path, struct err *e);
/* Makes key and hash, once; EX_DATAERR: there are none, EX_OSERR. */
CHECKED int subject_make(struct subject *s, struct err *e);
/* Does the proof, which is well formed, hold for the program?  Makes the key first.  Fails
 * as subject_make() and any_proof_verify() do; EX_USAGE: the hash is not enough. */
CHECKED int subject_verify(struct subject *s, const struct any_proof *p,
    const struct verify_options *o, struct err *e);
/* Frees what subject_read() read. */
void subject_free(struct subject *s);

#endif
