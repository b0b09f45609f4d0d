#ifndef VM_SHARD_H
#define VM_SHARD_H
/* Execution shards: with records only. */
#include "vm/record.h"

/* Begins a shard at pc. */
void shard_open(struct vm *m, uint64_t pc);
/* Ends it: LOCAL and SHARD frames; where it is not the last, begins the next at
 * next_pc.  chunk_end: a chunk ends with it. */
CHECKED int shard_close(struct vm *m, uint64_t next_pc, bool last,
    bool chunk_end);
/* A new piece of the history of word k of the page begins; before its value changes. */
CHECKED int shard_local(struct vm *m, struct page *p, unsigned k,
    uint64_t addr);
/* A deferred precompile takes the word: its history so far ends. */
CHECKED int shard_external(struct vm *m, struct page *p, unsigned k,
    uint64_t addr);
/* n rows of a chip, and their area, for the cut. */
void shard_rows(struct vm *m, enum core_chip chip, uint64_t n, uint64_t area);
/* A call of a precompile; before its accesses. */
void shard_call(struct vm *m, const struct exec_call *c);
/* Bumps after an instruction: of the registers' timestamps, of clk or pc. */
void shard_bumps(struct vm *m, bool memory, bool state);

/* Notes an access at ts of word k, before its value changes; its previous
 * timestamp.  `records` is a constant of the caller's. */
static inline uint64_t
touch(struct vm *m, struct page *p, unsigned k,
    uint64_t addr, uint64_t ts, const bool records)
{
	uint64_t prev = p->ts[k];

	m->gas_local += prev < m->gas_start;
	if (records) {
		uint32_t slot = p->local[k];

		m->rec->l += prev < m->rec->initial_clk ||
		    (slot == LOCAL_EXTERNAL && !m->rec->external_now);
		if (unlikely(m->rec->external_now))
			ignore(shard_external(m, p, k, addr));
		else if (slot == 0 || slot == LOCAL_EXTERNAL)
			ignore(shard_local(m, p, k, addr));
	}
	p->ts[k] = ts;
	return prev;
}

#endif
