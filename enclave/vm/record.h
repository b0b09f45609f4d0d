#ifndef VM_RECORD_H
#define VM_RECORD_H
/* Writing the record stream (run/record.h), and the shard that is being told. */
#include "run/record.h"
#include "vm/machine.h"

#define REC_BUFFER REC_FRAME_MAX
struct rec {
	uint8_t *buf;
	size_t used;
	size_t frame;			/* start of the open INSTR frame */
	bool open;
	bool broken;			/* the sink has failed */
	bool high;			/* a chip other than the instruction's is full */
	uint64_t initial_clk, pc_start, ninstr;
	uint64_t area, rows[CHIP_COUNT];
	uint64_t base_area, area_limit, row_limit;
	uint64_t l;			/* local accesses of this instruction */
	uint64_t ts[32];
	uint64_t start[32];		/* registers at the shard's start */
	bool commit, commit_deferred;
	struct rec_local *local;
	size_t nlocal, local_room;
	uint64_t *external;		/* words whose mark is to be cleared */
	size_t nexternal, external_room;
	bool external_now;		/* a deferred precompile is at work */
	bool pending;			/* a precompile to be told */
	struct rec_precompile head;
	struct rec_access access[256];
	struct rec_memory *hint;	/* words that hints wrote, in order */
	size_t nhint, hint_room;
	struct { const uint8_t *p; size_t n; } *proof;	/* carried */
	size_t nproofs;
};

/* Allocates the buffer, puts the header into it, and tells the carried proofs. */
CHECKED int rec_start(struct vm *m);
/* Gives the sink what is buffered; ends the open INSTR frame. */
CHECKED int rec_flush(struct vm *m);
/* Frames of one type, of len bytes of fixed-size elements in all; cut into pieces of at
 * most REC_BUFFER. */
CHECKED int rec_frame(struct vm *m, enum rec_type type, const void *body,
    size_t len);
/* Tells the pending precompile: head, accesses, a deferred one's own histories. */
CHECKED int rec_precompile(struct vm *m);
/* A hint wrote this word, before which the guest did not use it. */
CHECKED int rec_hint(struct vm *m, uint64_t addr, uint64_t value);
/* After the last shard: INIT, FINALIZE, END. */
CHECKED int rec_finish(struct vm *m);
/* Of a run that failed: what there is, then FAILED. */
void rec_failed(struct vm *m);
/* Wipes and frees it; NULL does nothing. */
void rec_free(struct rec *r);

/* Room for the next instruction's record in the INSTR frame, uninitialised. */
static inline struct rec_instr *
rec_instr(struct vm *m)
{
	struct rec *r = m->rec;
	struct rec_instr *e;

	if (unlikely(!r->open ||
	    r->used + sizeof *e > REC_BUFFER)) {
		if (r->used + sizeof(struct rec_frame) + sizeof *e >
		    REC_BUFFER || r->open)
			ignore(rec_flush(m));
		r->frame = r->used;
		r->used += sizeof(struct rec_frame);
		r->open = true;
	}
	e = (struct rec_instr *)(r->buf + r->used);
	r->used += sizeof *e;
	r->ninstr++;
	return e;
}

#endif
