#include "test/lib/stream.h"

static bool
stream_hold(struct stream *s, bool cond, const char *what,
    uint64_t at)
{
	if (cond)
		return true;
	if (!s->bad)
		snprintf(s->why, sizeof s->why, "%s at %llu", what,
		    (unsigned long long)at);
	s->bad = true;
	return false;
}
#define HOLD(s, cond, at) stream_hold(s, cond, #cond, at)

static struct word_state *
stream_slot(struct stream *s, uint64_t addr)
{
	size_t i = (addr / 8 * 0x9e3779b97f4a7c15ull) >> 20 & (s->word_room - 1);

	while (s->words[i].used && s->words[i].addr != addr)
		i = (i + 1) & (s->word_room - 1);
	return &s->words[i];
}

static struct word_state *
stream_word(struct stream *s, uint64_t addr,
    uint64_t first)
{
	struct word_state *w = stream_slot(s, addr);

	if (w->used)
		return w;
	if (2 * s->nwords >= s->word_room) {
		struct word_state *old = s->words;
		size_t n = s->word_room;

		s->word_room *= 2;
		s->words = calloc(s->word_room, sizeof *s->words);
		for (size_t i = 0; i < n; i++)
			if (old[i].used)
				*stream_slot(s, old[i].addr) = old[i];
		free(old);
		w = stream_slot(s, addr);
	}
	*w = (struct word_state){ .addr = addr, .used = true, .first = first,
		.value = first, .chain = first };
	s->nwords++;
	return w;
}

void
stream_open(struct stream *s, const struct rv_program *p)
{
	memset(s, 0, sizeof *s);
	s->program = p;
	s->word_room = 1 << 12;
	s->words = calloc(s->word_room, sizeof *s->words);
	for (size_t i = 0; i < p->nimage; i++)
		stream_word(s, p->image[i].addr, p->image[i].value)->image = true;
	s->clk = 1;
	s->next = (uint32_t)((p->pc_start - p->pc_base) / 4);
}

void
stream_close(struct stream *s)
{
	free(s->buf);
	free(s->words);
	free(s->pieces);
	free(s->pv);
}

static void
stream_piece(struct stream *s, const struct rec_local *l)
{
	if (s->npieces == s->piece_room) {
		s->piece_room = s->piece_room ? 2 * s->piece_room : 1024;
		s->pieces = reallocarray(s->pieces, s->piece_room, sizeof *l);
	}
	s->pieces[s->npieces++] = *l;
}

static void
stream_register(struct stream *s, unsigned r, uint64_t value,
    uint64_t prev_ts, uint64_t ts)
{
	HOLD(s, s->x[r] == value, s->clk);
	HOLD(s, s->ts[r] == prev_ts, s->clk);
	HOLD(s, prev_ts < ts, s->clk);
	s->now.rows[CHIP_MemoryBump] += prev_ts >> 24 != ts >> 24;
	s->ts[r] = ts;
}

static void
stream_access(struct stream *s, uint64_t addr, uint64_t prev,
    uint64_t prev_ts, uint64_t value, uint64_t ts)
{
	struct word_state *w = stream_word(s, addr, prev);

	HOLD(s, addr % 8 == 0, addr);
	HOLD(s, w->value == prev && w->ts == prev_ts, addr);
	HOLD(s, prev_ts < ts, addr);
	w->value = value;
	w->ts = ts;
}

static enum core_chip
stream_chip(const struct rv_insn *i)
{
	if (i->op_a == 0 && i->op <= RV_REMUW)
		return CHIP_AluX0;
	if (i->op_a == 0 && i->op >= RV_LB && i->op <= RV_LD)
		return CHIP_LoadX0;
	return chip_of_opcode[i->op][0];
}

static void
stream_instr(struct stream *s, const struct rec_instr *e)
{
	const struct rv_program *p = s->program;
	const struct rv_insn *i;
	uint64_t inc, pc, next;
	bool taken = false, jumps, reads;

	if (!HOLD(s, e->index < p->n, e->index))
		return;
	i = &p->insn[e->index];
	if (!s->in_shard) {
		s->in_shard = true;
		s->shard_clk = e->clk;
		for (int r = 0; r < 32; r++)
			s->ts[r] = e->clk - 1;
	}
	HOLD(s, e->clk == s->clk && e->index == s->next && !s->halted, e->clk);
	s->ninstr++;
	s->now.rows[stream_chip(i)]++;
	reads = i->op >= RV_SB && i->op <= RV_BGEU;
	inc = i->op == RV_ECALL ? 264 : 8;
	pc = p->pc_base + 4ull * e->index;
	next = pc + 4;
	if (i->imm_c)
		HOLD(s, e->c == i->op_c && e->ts_c == 0, e->clk);
	else
		stream_register(s, (unsigned)i->op_c, e->c, e->ts_c, e->clk + 2);
	if (i->imm_b)
		HOLD(s, e->b == i->op_b && e->ts_b == 0, e->clk);
	else
		stream_register(s, (unsigned)i->op_b, e->b, e->ts_b, e->clk + 3);
	if (i->op >= RV_LB && i->op <= RV_SD) {
		uint64_t addr = (e->b + e->c) & ~7ull;

		stream_access(s, addr, e->mem_prev, e->mem_prev_ts, e->mem_value,
		    e->clk + 1);
		if (i->op < RV_SB)
			HOLD(s, e->mem_value == e->mem_prev, e->clk);
	}
	s->ecall_open = i->op == RV_ECALL;
	s->ecall_clk = e->clk;
	s->ecall_code = (uint32_t)e->prev_a;
	stream_register(s, i->op_a, e->prev_a, e->ts_a, e->clk + 4);
	if (reads)
		HOLD(s, e->a == e->prev_a, e->clk);
	if (i->op_a == 0)
		HOLD(s, e->a == 0, e->clk);
	s->x[i->op_a] = e->a;
	switch (i->op) {
	case RV_BEQ: taken = e->a == e->b; break;
	case RV_BNE: taken = e->a != e->b; break;
	case RV_BLT: taken = (int64_t)e->a < (int64_t)e->b; break;
	case RV_BGE: taken = (int64_t)e->a >= (int64_t)e->b; break;
	case RV_BLTU: taken = e->a < e->b; break;
	case RV_BGEU: taken = e->a >= e->b; break;
	case RV_JAL: next = pc + e->b; break;
	case RV_JALR: next = (e->b + e->c) & ~1ull; break;
	case RV_ECALL: s->halted = s->ecall_code == 0; break;
	}
	if (taken)
		next = pc + e->c;
	jumps = i->op >= RV_BEQ && i->op <= RV_JALR;
	s->now.rows[CHIP_StateBump] += e->clk % (1 << 24) + inc >= 1 << 24 ||
	    (!jumps && !s->halted && next >> 16 != pc >> 16);
	s->next = (uint32_t)((next - p->pc_base) / 4);
	s->clk += inc;
}

static void
stream_precompile(struct stream *s, const uint8_t *p,
    size_t len)
{
	const struct rec_precompile *h = (const void *)p;
	const struct rec_access *a = (const void *)(h + 1);
	const struct rec_local *l;
	const struct exec_call *c = NULL;
	unsigned k;

	if (!HOLD(s, len >= sizeof *h && len == sizeof *h + h->naccess *
	    sizeof *a + h->nlocal * sizeof *l, len))
		return;
	l = (const void *)(a + h->naccess);
	c = precompile_of(h->code);
	if (!HOLD(s, c, h->code))
		return;
	k = (unsigned)(c - exec_calls);
	HOLD(s, s->ecall_open && s->ecall_clk == h->clk &&
	    s->ecall_code == h->code, h->clk);
	s->ecall_open = false;
	HOLD(s, h->flags == (c->retained ? 0 : REC_DEFERRED), h->clk);
	HOLD(s, c->retained == (h->nlocal == 0), h->clk);
	for (unsigned i = 0; i < h->naccess; i++) {
		HOLD(s, a[i].ts >= h->clk && a[i].ts < h->clk + 256, h->clk);
		if (a[i].addr < 32)
			stream_register(s, (unsigned)a[i].addr, a[i].prev,
			    a[i].prev_ts, a[i].ts);
		else
			stream_access(s, a[i].addr, a[i].prev, a[i].prev_ts,
			    a[i].value, a[i].ts);
	}
	for (unsigned i = 0; i < h->nlocal; i++) {
		if (i > 0)
			HOLD(s, l[i - 1].addr < l[i].addr, h->clk);
		stream_piece(s, &l[i]);
	}
	s->calls[k]++;
	s->call_locals[k] += h->nlocal;
	if (c->retained) {
		s->now.rows[c->chip] += core_chips[c->chip].rows;
		if (chip_control_width[c->chip] > 0)	/* which follows it */
			s->now.rows[c->chip + 1]++;
	} else {
		s->now.rows[CHIP_SyscallCore]++;
	}
}

static int
stream_by_address(const void *a, const void *b)
{
	const struct rec_local *p = a, *q = b;

	if (p->addr != q->addr)
		return p->addr < q->addr ? -1 : 1;
	return p->initial_ts < q->initial_ts ? -1 : p->initial_ts > q->initial_ts;
}

static void
stream_local(struct stream *s, const struct rec_local *l)
{
	if (s->any_local)
		HOLD(s, stream_by_address(&s->last_local, l) < 0, l->addr);
	s->any_local = true;
	s->last_local = *l;
	HOLD(s, l->initial_ts < l->final_ts, l->addr);
	s->now.rows[CHIP_MemoryLocal]++;
	stream_piece(s, l);
}

static void
stream_shard(struct stream *s, const struct rec_shard *h)
{
	HOLD(s, h->initial_clk == s->shard_clk && h->last_clk == s->clk &&
	    h->ninstr == s->ninstr, h->last_clk);
	HOLD(s, h->last == s->halted, h->last_clk);
	HOLD(s, h->next_pc == (h->last ? 1 :
	    s->program->pc_base + 4ull * s->next), h->last_clk);
	for (int r = 0; r < 32; r++)
		if (!h->last) {
			s->ts[r] = h->last_clk - 1;
			s->now.rows[CHIP_MemoryBump]++;
		}
	if (s->npieces > 0)
		qsort(s->pieces, s->npieces, sizeof *s->pieces,
		    stream_by_address);
	for (size_t i = 0; i < s->npieces; i++) {
		const struct rec_local *l = &s->pieces[i];
		bool ends = i + 1 == s->npieces || l[1].addr != l->addr;
		uint64_t *chain, *chain_ts, value, ts;

		if (l->addr < 32) {
			chain = &s->reg_chain[l->addr];
			chain_ts = &s->reg_chain_ts[l->addr];
			value = s->x[l->addr];
			ts = s->ts[l->addr];
		} else {
			struct word_state *w = stream_word(s, l->addr, l->initial);

			chain = &w->chain;
			chain_ts = &w->chain_ts;
			value = w->value;
			ts = w->ts;
		}
		HOLD(s, *chain == l->initial && *chain_ts == l->initial_ts,
		    l->addr);
		*chain = l->final;
		*chain_ts = l->final_ts;
		if (ends)
			HOLD(s, *chain == value && *chain_ts == ts, l->addr);
	}
	/* what was accessed has its pieces */
	for (size_t i = 0; i < s->word_room; i++)
		if (s->words[i].used)
			HOLD(s, s->words[i].ts == s->words[i].chain_ts,
			    s->words[i].addr);
	for (int r = 0; r < 32; r++)
		HOLD(s, s->ts[r] == s->reg_chain_ts[r] || h->last, r);
	s->now.info = *h;
	s->now.rows[CHIP_Global] = 2 * s->now.rows[CHIP_MemoryLocal] +
	    s->now.rows[CHIP_SyscallCore];
	if (s->nshards < MAX_SHARDS)	/* the others are checked, not kept */
		s->shard[s->nshards] = s->now;
	s->nshards++;
	memset(&s->now, 0, sizeof s->now);
	s->npieces = 0;
	s->ninstr = 0;
	s->in_shard = s->any_local = false;
}

static void
stream_memory(struct stream *s, const struct rec_memory *m,
    bool init)
{
	uint64_t *last = init ? &s->last_init : &s->last_finalize;
	uint64_t *n = init ? &s->ninit : &s->nfinalize;

	HOLD(s, *n == 0 || *last < m->addr, m->addr);
	*last = m->addr;
	++*n;
	if (m->addr < 32) {
		HOLD(s, init ? m->value == 0 && m->ts == 0 :
		    m->value == s->reg_chain[m->addr] &&
		    m->ts == s->reg_chain_ts[m->addr], m->addr);
	} else if (init) {
		struct word_state *w = stream_word(s, m->addr, m->value);

		HOLD(s, !w->image && w->first == m->value && m->ts == 0, m->addr);
		w->image = true;	/* it has a beginning now */
	} else {
		struct word_state *w = stream_slot(s, m->addr);

		if (!HOLD(s, w->used && w->image, m->addr))
			return;
		HOLD(s, w->value == m->value && w->ts == m->ts, m->addr);
		w->image = false;	/* and now an end */
	}
}

static void
stream_end(struct stream *s, const uint8_t *p, size_t len)
{
	if (!HOLD(s, len >= sizeof s->end, len))
		return;
	memcpy(&s->end, p, sizeof s->end);
	HOLD(s, len == sizeof s->end + (s->end.pv_len + 7) / 8 * 8, len);
	s->pv = malloc(s->end.pv_len + 1);
	memcpy(s->pv, p + sizeof s->end, s->end.pv_len);
	s->ended = true;
	/* every word that was touched or of the image had both ends */
	for (size_t i = 0; i < s->word_room; i++)
		if (s->words[i].used)
			HOLD(s, !s->words[i].image, s->words[i].addr);
	for (size_t i = 0; i < s->word_room; i++)
		if (s->words[i].used && s->words[i].ts != 0)
			HOLD(s, s->words[i].chain_ts == s->words[i].ts,
			    s->words[i].addr);
}

static void
stream_proof(struct stream *s, const uint8_t *p, size_t len)
{
	struct rec_proof head;

	if (!HOLD(s, len >= sizeof head && !s->nshards && !s->in_shard, len))
		return;
	memcpy(&head, p, sizeof head);
	HOLD(s, head.len <= REC_PROOF_MAX &&
	    len == sizeof head + (head.len + 7) / 8 * 8, head.len);
	s->nproofs++;
	s->proof_bytes += head.len;
}

static void
stream_last(struct stream *s)
{
	if (s->has_last)
		stream_instr(s, &s->last);
	s->has_last = false;
}

static void
stream_next(struct stream *s, const struct rec_instr *e)
{
	stream_last(s);
	s->last = *e;
	s->has_last = true;
}

static void
stream_failed(struct stream *s, const struct rec_failed *f)
{
	HOLD(s, !s->told && !s->ended && f->cause != VM_halted &&
	    f->reserved == 0, f->cycles);
	s->told = true;
	s->failed = *f;
}

static void
stream_frame(struct stream *s, const struct rec_frame *f,
    const uint8_t *p)
{
	if (f->type != REC_FAILED)
		stream_last(s);
	HOLD(s, !s->told, f->type);
#define EACH(type, call) \
	for (size_t i_ = 0; i_ + sizeof(type) <= f->len; i_ += sizeof(type)) { \
		const type *e_ = (const void *)(p + i_); \
		call; \
	} \
	HOLD(s, f->len % sizeof(type) == 0, f->len);
	switch (f->type) {
	case REC_PROOF: stream_proof(s, p, f->len); break;
	case REC_INSTR: EACH(struct rec_instr, stream_next(s, e_)) break;
	case REC_PRECOMPILE: stream_precompile(s, p, f->len); break;
	case REC_LOCAL: EACH(struct rec_local, stream_local(s, e_)) break;
	case REC_SHARD: EACH(struct rec_shard, stream_shard(s, e_)) break;
	case REC_INIT:
		EACH(struct rec_memory, stream_memory(s, e_, true)) break;
	case REC_FINALIZE:
		EACH(struct rec_memory, stream_memory(s, e_, false)) break;
	case REC_END: stream_end(s, p, f->len); break;
	case REC_FAILED:
		EACH(struct rec_failed, stream_failed(s, e_)) break;
	default: stream_hold(s, false, "a known frame", f->type);
	}
#undef EACH
}

int
stream_feed(void *ctx, const void *bytes, size_t len)
{
	struct stream *s = ctx;
	size_t at = 0;

	if (s->used + len > s->room) {
		s->room = 2 * (s->used + len);
		s->buf = realloc(s->buf, s->room);
	}
	memcpy(s->buf + s->used, bytes, len);
	s->used += len;
	if (!s->header && s->used >= sizeof s->head) {
		memcpy(&s->head, s->buf, sizeof s->head);
		HOLD(s, s->head.magic == REC_MAGIC &&
		    s->head.version == REC_VERSION, 0);
		at = sizeof s->head;
		s->header = true;
	}
	while (s->header && s->used - at >= sizeof(struct rec_frame)) {
		struct rec_frame f;

		memcpy(&f, s->buf + at, sizeof f);
		if (!HOLD(s, f.len % 8 == 0 &&
		    (f.len <= REC_FRAME_MAX || f.type == REC_END ||
		    f.type == REC_PROOF), f.len))
			break;
		if (f.len > s->used - at - sizeof f)
			break;
		stream_frame(s, &f, s->buf + at + sizeof f);
		at += sizeof f + f.len;
	}
	memmove(s->buf, s->buf + at, s->used - at);
	s->used -= at;
	return 0;
}
