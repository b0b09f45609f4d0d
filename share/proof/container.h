#ifndef PROOF_CONTAINER_H
#define PROOF_CONTAINER_H
/*
 * Proofs as bytes: bincode 1 with fixed-size little-endian integers
 * (sp1-proof(7), Encoding).  What is read is written back byte for byte.
 *
 * Stricter than the stock reader, so that a proof has one encoding: elements
 * not below p, bytes after the end, Option bytes other than 0 and 1, and maps
 * whose names do not ascend are malformed.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "proof/proof.h"

enum proof_mode {
	PROOF_CORE, PROOF_COMPRESSED, PROOF_PLONK, PROOF_GROTH16
};
const char *proof_mode_name(enum proof_mode m);	/* "core" */

/* No proof needs more of an arena than this many times its own size, and a bit:
 * arena_init(&a, core_proof_ceiling(len)). */
#define PROOF_ARENA_FACTOR 8
/* That much for a file of len bytes; SIZE_MAX where it overflows. */
size_t core_proof_ceiling(size_t len);

/* The mode that the first four bytes tell; EX_DATAERR: none of the four. */
CHECKED int proof_mode(enum proof_mode *m, const uint8_t *in, size_t len,
    struct err *e);

/* The version that a container of whatever SDK ends with, as text: its length, and
 * *version in `in`; 0: none is found there.  For a word on what cannot be read. */
size_t proof_version(const char **version, const uint8_t *in, size_t len);

/* Either form of a core proof; EX_DATAERR with the place where it is
 * malformed, EX_OSERR when the arena refuses.  Nothing of `in` is referred to
 * afterwards. */
CHECKED int core_proof_read(struct core_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);
/* Bytes that core_proof_write() writes. */
size_t core_proof_size(const struct core_proof *p);
/* Writes core_proof_size(p) bytes. */
void core_proof_write(uint8_t *out, const struct core_proof *p);

/* The same as core_proof_read(), of a compressed proof. */
CHECKED int compressed_proof_read(struct compressed_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);
/* Bytes that compressed_proof_write() writes. */
size_t compressed_proof_size(const struct compressed_proof *p);
/* Writes compressed_proof_size(p) bytes. */
void compressed_proof_write(uint8_t *out, const struct compressed_proof *p);
/* Its proof without the container: SP1RecursionProof. */
CHECKED int recursion_proof_read(struct recursion_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);
/* Bytes that recursion_proof_write() writes. */
size_t recursion_proof_size(const struct recursion_proof *p);
/* Writes recursion_proof_size(p) bytes. */
void recursion_proof_write(uint8_t *out, const struct recursion_proof *p);

/* A shard alone. */
CHECKED int shard_proof_read(struct shard_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);
/* Bytes that shard_proof_write() writes. */
size_t shard_proof_size(const struct shard_proof *p);
/* Writes shard_proof_size(p) bytes. */
void shard_proof_write(uint8_t *out, const struct shard_proof *p);

/* The last recursion stage's shard, whose digests are BN254 scalars
 * (poly/bn254_hash.h). */
CHECKED int wrap_proof_read(struct shard_proof *p, struct arena *a,
    const uint8_t *in, size_t len, struct err *e);
/* Bytes that wrap_proof_write() writes. */
size_t wrap_proof_size(const struct shard_proof *p);
/* Writes wrap_proof_size(p) bytes. */
void wrap_proof_write(uint8_t *out, const struct shard_proof *p);
/* Its key; EX_DATAERR: in is not 112 bytes, or they are malformed. */
CHECKED int wrap_vk_decode(struct vk *vk, const uint8_t *in, size_t len,
    struct err *e);

#endif
