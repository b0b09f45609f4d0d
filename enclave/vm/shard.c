/*
 * Execution shards: where they are cut (sp1-proof(7), Shard cut: the library's
 * sequential routine), and the history of each address in them.
 */
#include "vm/shard.h"

#include <stdlib.h>
#include <string.h>

#include "vm/mem.h"

#define PROGRAM_COST	17	/* columns of the preprocessed chips, main added */
#define BYTE_AREA	(65536 * 13)
#define RANGE_AREA	(131072 * 3)
#define PADDING_AREA	(1u << 18)
#define CYCLE_AREA	(1u << 18)	/* the most that an instruction adds */
#define HALT_AREA	(1u << 18)	/* left for the way to HALT */
#define HALT_ROWS	(1u << 10)
#define REGISTERS	32

#define OPEN UINT64_MAX		/* final_ts of a piece of history not ended */

void
shard_open(struct vm *m, uint64_t pc)
{
	struct rec *r = m->rec;
	uint64_t rows = (m->program->n + 31ull) / 32 * 32;

	r->initial_clk = m->clk;
	r->pc_start = pc;
	r->ninstr = 0;
	r->high = false;
	r->commit = r->commit_deferred = false;
	r->area = rows * PROGRAM_COST + BYTE_AREA + RANGE_AREA + PADDING_AREA +
	    CYCLE_AREA;
	r->area_limit = m->config.element_threshold > HALT_AREA ?
	    m->config.element_threshold - HALT_AREA : 0;
	r->row_limit = m->config.height_threshold > HALT_ROWS ?
	    m->config.height_threshold - HALT_ROWS : 0;
	memset(r->rows, 0, sizeof r->rows);
	r->l = REGISTERS;	/* stock supposes that all are touched */
	r->nlocal = r->nexternal = 0;
	memcpy(r->start, m->x, sizeof r->start);
	for (int i = 0; i < REGISTERS; i++)
		r->ts[i] = m->clk - 1;
}

static int
grow(struct vm *m, void **list, size_t *room, size_t n, size_t size)
{
	void *more;

	if (n < *room)
		return 0;
	more = reallocarray(*list, *room ? 2 * *room : 4096, size);
	if (!more)
		return vm_fail(m, VM_HostError, "out of memory");
	*list = more;
	*room = *room ? 2 * *room : 4096;
	return 0;
}

int
shard_local(struct vm *m, struct page *p, unsigned k, uint64_t addr)
{
	struct rec *r = m->rec;

	if (grow(m, (void **)&r->local, &r->local_room, r->nlocal,
	    sizeof *r->local))
		return -1;
	r->local[r->nlocal] = (struct rec_local){
		.addr = addr, .initial = p->value[k], .initial_ts = p->ts[k],
		.final_ts = OPEN,
	};
	p->local[k] = (uint32_t)++r->nlocal;
	return 0;
}

int
shard_external(struct vm *m, struct page *p, unsigned k, uint64_t addr)
{
	struct rec *r = m->rec;
	uint32_t slot = p->local[k];

	if (slot == LOCAL_EXTERNAL)
		return 0;
	if (slot != 0) {
		r->local[slot - 1].final = p->value[k];
		r->local[slot - 1].final_ts = p->ts[k];
	}
	if (grow(m, (void **)&r->external, &r->external_room, r->nexternal,
	    sizeof *r->external))
		return -1;
	r->external[r->nexternal++] = addr;
	p->local[k] = LOCAL_EXTERNAL;
	return 0;
}

void
shard_rows(struct vm *m, enum core_chip chip, uint64_t n, uint64_t area)
{
	struct rec *r = m->rec;

	r->rows[chip] += n;
	r->area += area;
	if (r->rows[chip] >= r->row_limit)
		r->high = true;
}

void
shard_call(struct vm *m, const struct exec_call *c)
{
	const struct chip_info *chip = &core_chips[c->chip];

	if (c->retained) {
		/* the controls' rows are not counted, their area is */
		shard_rows(m, c->chip, chip->rows, chip->rows * chip->width +
		    chip_control_width[c->chip]);
		return;
	}
	shard_rows(m, CHIP_Global, 1, core_chips[CHIP_Global].width);
	shard_rows(m, CHIP_SyscallCore, 1, core_chips[CHIP_SyscallCore].width);
	m->rec->external_now = true;
}

void
shard_bumps(struct vm *m, bool memory, bool state)
{
	if (memory)
		shard_rows(m, CHIP_MemoryBump, REGISTERS,
		    REGISTERS * core_chips[CHIP_MemoryBump].width);
	if (state)
		shard_rows(m, CHIP_StateBump, 1, core_chips[CHIP_StateBump].width);
}

static int
by_address(const void *a, const void *b)
{
	const struct rec_local *p = a, *q = b;

	if (p->addr != q->addr)
		return p->addr < q->addr ? -1 : 1;
	return p->initial_ts < q->initial_ts ? -1 : p->initial_ts > q->initial_ts;
}

/* Ends the open pieces, takes the marks away, puts all in order. */
static void
close_words(struct vm *m)
{
	struct rec *r = m->rec;

	for (size_t i = 0; i < r->nlocal; i++) {
		struct rec_local *l = &r->local[i];
		struct page *p = mem_find(&m->mem, l->addr);
		unsigned k = l->addr / 8 % PAGE_WORDS;

		must(p);
		if (l->final_ts == OPEN) {
			l->final = p->value[k];
			l->final_ts = p->ts[k];
		}
		p->local[k] = 0;
	}
	for (size_t i = 0; i < r->nexternal; i++)
		mem_find(&m->mem, r->external[i])->
		    local[r->external[i] / 8 % PAGE_WORDS] = 0;
	if (r->nlocal > 0)
		qsort(r->local, r->nlocal, sizeof *r->local, by_address);
}

/* Registers first: they are the lowest addresses.  A shard that is not the last
 * ends with a read of each at its last timestamp - 1 (sp1-proof(7), Bumps). */
static int
write_locals(struct vm *m, bool last)
{
	struct rec *r = m->rec;
	struct rec_local l[REGISTERS];
	size_t n = 0;

	for (uint64_t i = 0; i < REGISTERS; i++) {
		if (last && r->ts[i] == r->initial_clk - 1)
			continue;
		l[n++] = (struct rec_local){
			.addr = i, .initial = r->start[i],
			.initial_ts = r->initial_clk - 1, .final = m->x[i],
			.final_ts = last ? r->ts[i] : m->clk - 1,
		};
	}
	close_words(m);
	if (rec_frame(m, REC_LOCAL, l, n * sizeof *l) ||
	    rec_frame(m, REC_LOCAL, r->local, r->nlocal * sizeof *l))
		return -1;
	return 0;
}

int
shard_close(struct vm *m, uint64_t next_pc, bool last, bool chunk_end)
{
	struct rec *r = m->rec;
	struct rec_shard s = {
		.initial_clk = r->initial_clk, .last_clk = m->clk,
		.pc_start = r->pc_start, .next_pc = next_pc,
		.ninstr = r->ninstr, .area = r->area,
		.last = last, .chunk_end = chunk_end || last,
		.exit_code = last ? (uint32_t)m->result.exit_code : 0,
		.commit = r->commit, .commit_deferred = r->commit_deferred,
	};

	memcpy(s.digest, m->result.digest, sizeof s.digest);
	memcpy(s.deferred_digest, m->result.deferred_digest, sizeof s.deferred_digest);
	if (write_locals(m, last) ||
	    rec_frame(m, REC_SHARD, &s, sizeof s))
		return -1;
	if (!last)
		shard_open(m, next_pc);
	return 0;
}
