#ifndef SHARDS_READER_H
#define SHARDS_READER_H
/*
 * The record stream, read a shard at a time (run/record.h).  Everything in a frame is
 * checked before it is used: a stream that is damaged, cut short or made
 * for another program ends with EX_DATAERR, never with a wrong trace.
 */
#include <stdbool.h>

#include "base/err.h"
#include "rows/trace.h"

/* A proof that the guest's input carries: SP1RecursionProof in bincode. */
struct record_proof { uint8_t *bytes; size_t n; };

struct record_reader {
	int fd;
	/* A frame is about to be read: bytes that the shard's records take with it.
	 * It may wait.  NULL: not called. */
	void (*on_frame)(void *ctx, size_t bytes);
	void *ctx;			/* on_frame's */
	const struct rv_program *program;
	struct rec_header header;
	struct rec_frame frame;		/* read, its payload not yet */
	int have_frame;
	bool begun;			/* the proofs are behind */
	size_t nproofs;			/* record_take_proofs() */
	struct record_proof *proof;
	/* After the last execution shard: */
	size_t ninit, nfinalize;
	struct rec_memory *init, *finalize;
	struct rec_end end;
	uint8_t *public_values;		/* end.pv_len bytes */
};

/* Reads the header.  `magic` are the stream's first 8 bytes where the caller has
 * taken them already (to tell records from an SP1Stdin); NULL: not yet. */
CHECKED int record_open(struct record_reader *r, int fd,
    const struct rv_program *p, const uint64_t *magic, struct err *e);

/* Fills nproofs and proof: what stands before the first shard, so call it before
 * record_next(), which passes over what is still there. */
CHECKED int record_take_proofs(struct record_reader *r, struct err *e);
/* 1: *s is the next execution shard; 0: there is none, and the fields after "after
 * the last" are filled; -1: error.  Free *s with shard_events_free. */
CHECKED int record_next(struct record_reader *r, struct shard_events *s,
    struct err *e);
/* Bytes of the proofs that were taken. */
size_t record_proofs_size(const struct record_reader *r);
/* Wipes and frees the proofs, init and finalize, frees the public values, clears *r.  fd
 * stays open. */
void record_close(struct record_reader *r);

/* But for init and finalize, which point into a reader's lists. */
void shard_events_free(struct shard_events *s);

/* Bytes that they take; likewise. */
size_t shard_events_size(const struct shard_events *s);
/* The same of one call: bytes of its head, accesses and local entries. */
size_t precompile_event_size(const struct precompile_event *e);

#endif
