#ifndef PROOFS_KEPT_H
#define PROOFS_KEPT_H
/*
 * A folder that keeps the proofs of finished shards, and of nodes of the recursion tree,
 * so that a run that was cut short goes on where it was.
 *
 * It holds proofs alone, which a core proof shows anyway; never events or traces.
 * A file is one shard's or one node's: it tells the program's key, the shard's number, and what
 * was proved, as a SHA-256 of the shard's events.  (A guess of the input can be
 * checked against that, as it can against the proof: both are functions of it.)
 */
#include "base/err.h"
#include "proof/vk.h"
#include "rows/trace.h"

struct kept {
	int fd;			/* the folder, locked; -1: none */
	const char *path;
	const struct vk *vk;	/* whose proofs these are */
};

/* What was proved. */
struct kept_id { uint8_t sha256[32]; };
/* Of all of a shard's events, and what the run says of it: its calls' number, the run's
 * nonce.  To be called before shard_prepare(). */
void kept_identify(struct kept_id *id, const struct shard_events *s,
    uint32_t code, const uint32_t nonce[4]);

/* Opens the folder and locks it; makes it where it is missing.  path and vk are not copied;
 * *vk may be filled later, before a shard is kept or taken.  -1: EX_CANTCREAT; EX_TEMPFAIL:
 * another process has it. */
CHECKED int kept_open(struct kept *k, const char *path, const struct vk *vk,
    struct err *e);

/*
 * 1: *proof is shard `number`'s, its arrays from a: it has these public values, and
 * it verifies.  0: nothing is kept, or what is kept will not do: then why->msg is
 * not empty.  -1: no memory.
 */
CHECKED int kept_get(const struct kept *k, struct shard_proof *proof,
    struct arena *a, const struct air_machine *m, size_t number,
    const struct kept_id *id, const kb public_values[STARK_PUBLIC_VALUES],
    struct err *why, struct err *e);
/* Keeps it: the file appears when it is whole.  -1: EX_OSERR, no memory; EX_CANTCREAT,
 * EX_IOERR. */
CHECKED int kept_put(const struct kept *k, const struct shard_proof *proof,
    size_t number, const struct kept_id *id, struct err *e);
/* What a node was made of: its kind's name and n bytes that tell the rest. */
void kept_identify_node(struct kept_id *id, const char *what, const void *v,
    size_t n);
/* As kept_get(), of a node. */
CHECKED int kept_get_node(const struct kept *k, struct recursion_proof *proof,
    struct arena *a, size_t number, const struct kept_id *id, struct err *why,
    struct err *e);
/* As kept_put(), of a node. */
CHECKED int kept_put_node(const struct kept *k,
    const struct recursion_proof *proof, size_t number,
    const struct kept_id *id, struct err *e);
/* Unlocks the folder, if it is open. */
void kept_close(struct kept *k);

#endif
