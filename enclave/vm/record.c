/* Writes the stream of run/record.h through a buffer of REC_BUFFER bytes. */
#include "vm/record.h"

#include <stdlib.h>
#include <string.h>

#include "vm/mem.h"

static int
sink(struct vm *m, const void *bytes, size_t len)
{
	if (len > 0 && !m->failed &&
	    m->config.on_records(m->config.ctx, bytes, len)) {
		vm_fail(m, VM_HostError, "cannot write the records");
		m->rec->broken = true;
	}
	/* makes the interpreter look at the failure */
	if (m->failed)
		m->rec->high = true;
	return m->failed ? -1 : 0;
}

static void
close_frame(struct rec *r)
{
	struct rec_frame f = { .type = REC_INSTR };

	if (!r->open)
		return;
	f.len = r->used - r->frame - sizeof f;
	memcpy(r->buf + r->frame, &f, sizeof f);
	r->open = false;
}

int
rec_flush(struct vm *m)
{
	struct rec *r = m->rec;
	size_t n;

	close_frame(r);
	n = r->used;
	r->used = 0;
	return sink(m, r->buf, n);
}

/* A frame's header, and its body from pieces that follow. */
static int
begin(struct vm *m, enum rec_type type, uint64_t len)
{
	struct rec *r = m->rec;
	struct rec_frame f = { .type = type, .len = len };

	close_frame(r);
	if (r->used + sizeof f + len > REC_BUFFER && rec_flush(m))
		return -1;
	memcpy(r->buf + r->used, &f, sizeof f);
	r->used += sizeof f;
	return 0;
}

static void
append(struct rec *r, const void *p, size_t n)
{
	must(n <= REC_BUFFER - r->used);
	if (n > 0)
		memcpy(r->buf + r->used, p, n);
	r->used += n;
}

/* The elements' sizes divide this. */
#define PIECE (40 * 3 * 4096)

int
rec_frame(struct vm *m, enum rec_type type, const void *body, size_t len)
{
	const uint8_t *p = body;

	while (len > 0) {
		size_t n = len < PIECE ? len : PIECE;

		if (begin(m, type, n))
			return -1;
		append(m->rec, p, n);
		p += n;
		len -= n;
	}
	return 0;
}

/* Bytes that are longer than the buffer, with zeros up to a multiple of 8. */
static int
put_bytes(struct vm *m, const uint8_t *p, size_t n)
{
	static const uint8_t zeros[8];

	return rec_flush(m) || sink(m, p, n) || sink(m, zeros, -n % 8) ? -1 : 0;
}

int
vm_tell_proof(struct vm *m, const uint8_t *proof, size_t n, struct err *e)
{
	struct rec *r = m->rec;
	void *more;

	must(n <= REC_PROOF_MAX);
	if (!r)
		return 0;
	more = reallocarray(r->proof, r->nproofs + 1, sizeof *r->proof);
	if (!more)
		return err_set(e, EX_OSERR, "out of memory for the proofs");
	r->proof = more;
	r->proof[r->nproofs].p = proof;
	r->proof[r->nproofs++].n = n;
	return 0;
}

static int
tell_proofs(struct vm *m)
{
	struct rec *r = m->rec;

	for (size_t i = 0; i < r->nproofs; i++) {
		struct rec_proof head = { .len = r->proof[i].n };
		struct rec_frame f = { .type = REC_PROOF,
			.len = sizeof head + (head.len + 7) / 8 * 8 };

		append(r, &f, sizeof f);
		append(r, &head, sizeof head);
		if (put_bytes(m, r->proof[i].p, head.len))
			return -1;
	}
	return 0;
}

int
rec_start(struct vm *m)
{
	struct rec *r = m->rec;
	struct rec_header h = {
		.magic = REC_MAGIC, .version = REC_VERSION,
		.element_threshold = m->config.element_threshold,
		.height_threshold = m->config.height_threshold,
	};

	memcpy(h.elf_sha256, m->program->sha256, sizeof h.elf_sha256);
	memcpy(h.nonce, m->config.nonce, sizeof h.nonce);
	r->buf = malloc(REC_BUFFER);
	if (!r->buf)
		return vm_fail(m, VM_HostError, "out of memory");
	append(r, &h, sizeof h);
	return tell_proofs(m);
}

static int
access_order(const void *a, const void *b)
{
	const struct rec_access *p = *(const struct rec_access *const *)a;
	const struct rec_access *q = *(const struct rec_access *const *)b;

	if (p->addr != q->addr)
		return p->addr < q->addr ? -1 : 1;
	return p < q ? -1 : 1;
}

/* A deferred event's own histories: of each address the first access's previous
 * value and the last one's. */
static unsigned
own_locals(const struct rec *r, struct rec_local *out)
{
	const struct rec_access *order[256];
	unsigned n = 0;

	for (unsigned i = 0; i < r->head.naccess; i++)
		order[i] = &r->access[i];
	qsort(order, r->head.naccess, sizeof *order, access_order);
	for (unsigned i = 0; i < r->head.naccess; i++) {
		const struct rec_access *a = order[i];

		if (n == 0 || out[n - 1].addr != a->addr)
			out[n++] = (struct rec_local){
				.addr = a->addr, .initial = a->prev,
				.initial_ts = a->prev_ts,
			};
		out[n - 1].final = a->value;
		out[n - 1].final_ts = a->ts;
	}
	return n;
}

int
rec_precompile(struct vm *m)
{
	struct rec *r = m->rec;
	struct rec_local local[256];
	size_t naccess = r->head.naccess * sizeof *r->access;
	size_t nlocal = 0;

	r->pending = false;
	r->external_now = false;
	if (r->head.flags & REC_DEFERRED)
		nlocal = own_locals(r, local);
	r->head.nlocal = (uint32_t)nlocal;
	nlocal *= sizeof *local;
	if (begin(m, REC_PRECOMPILE, sizeof r->head + naccess + nlocal))
		return -1;
	append(r, &r->head, sizeof r->head);
	append(r, r->access, naccess);
	append(r, local, nlocal);
	return 0;
}

int
rec_hint(struct vm *m, uint64_t addr, uint64_t value)
{
	struct rec *r = m->rec;

	if (r->nhint == r->hint_room) {
		size_t room = r->hint_room ? 2 * r->hint_room : 1024;
		struct rec_memory *more = reallocarray(r->hint, room,
		    sizeof *more);

		if (!more)
			return vm_fail(m, VM_HostError, "out of memory");
		r->hint = more;
		r->hint_room = room;
	}
	/* ts: the order, until they are sorted */
	r->hint[r->nhint] = (struct rec_memory){ addr, value, r->nhint };
	r->nhint++;
	return 0;
}

static int
hint_order(const void *a, const void *b)
{
	const struct rec_memory *p = a, *q = b;

	if (p->addr != q->addr)
		return p->addr < q->addr ? -1 : 1;
	return p->ts < q->ts ? -1 : p->ts > q->ts;
}

/* Ascending, the last hint of each word alone. */
static void
sort_hints(struct rec *r)
{
	size_t n = 0;

	if (r->nhint > 0)
		qsort(r->hint, r->nhint, sizeof *r->hint, hint_order);
	for (size_t i = 0; i < r->nhint; i++) {
		if (n == 0 || r->hint[n - 1].addr != r->hint[i].addr)
			n++;
		r->hint[n - 1] = r->hint[i];
	}
	r->nhint = n;
}

static int
put(struct vm *m, enum rec_type type, const struct rec_memory *list,
    size_t n)
{
	return rec_frame(m, type, list, n * sizeof *list);
}

/* Words that nothing knows before the run but its memory does not begin with: the
 * hinted, and all that were touched, whoever touched them (sp1-proof(7), Global
 * messages). */
static int
page_init(struct vm *m, struct page *p, uint64_t addr)
{
	struct rec *r = m->rec;
	struct rec_memory list[PAGE_WORDS];
	size_t n = 0;

	for (unsigned k = 0; k < PAGE_WORDS; k++, addr += 8) {
		bool image = p->image[k / 64] >> k % 64 & 1;
		bool hinted = p->hinted[k / 64] >> k % 64 & 1;

		if (image || (!hinted && p->ts[k] == 0))
			continue;
		list[n] = (struct rec_memory){ .addr = addr };
		if (hinted) {
			/* nhint counts down the sorted list's rest */
			must(r->nhint > 0 && r->hint->addr == addr);
			list[n].value = r->hint->value;
			r->hint++;
			r->nhint--;
		}
		n++;
	}
	return put(m, REC_INIT, list, n);
}

static int
page_finalize(struct vm *m, struct page *p, uint64_t addr)
{
	struct rec_memory list[PAGE_WORDS];
	size_t n = 0;

	for (unsigned k = 0; k < PAGE_WORDS; k++, addr += 8) {
		uint64_t known = p->image[k / 64] | p->hinted[k / 64];

		if (p->ts[k] != 0 || known >> k % 64 & 1)
			list[n++] = (struct rec_memory){
				addr, p->value[k], p->ts[k],
			};
	}
	return put(m, REC_FINALIZE, list, n);
}

static int
registers(struct vm *m, enum rec_type type)
{
	struct rec_memory list[32];
	size_t n = 0;

	for (uint64_t i = 0; i < 32; i++)
		if (m->rec->ts[i] != 0)
			list[n++] = (struct rec_memory){ i,
				type == REC_INIT ? 0 : m->x[i],
				type == REC_INIT ? 0 : m->rec->ts[i] };
	return put(m, type, list, n);
}

int
rec_finish(struct vm *m)
{
	struct rec *r = m->rec;
	struct rec_memory *hints = r->hint;
	struct rec_end end = {
		.cycles = m->result.cycles, .gas = m->result.gas,
		.exit_code = m->result.exit_code, .pv_len = m->npv,
	};
	size_t pad = (8 - m->npv % 8) % 8;
	int rc;

	sort_hints(r);
	rc = registers(m, REC_INIT) || mem_walk(m, page_init);
	r->hint = hints;
	if (rc || registers(m, REC_FINALIZE) || mem_walk(m, page_finalize) ||
	    rec_flush(m))
		return -1;
	/* public values may be longer than the buffer */
	append(r, &(struct rec_frame){ .type = REC_END,
	    .len = sizeof end + m->npv + pad }, sizeof(struct rec_frame));
	append(r, &end, sizeof end);
	return put_bytes(m, m->pv, m->npv);
}

void
rec_failed(struct vm *m)
{
	struct rec *r = m->rec;
	struct {
		struct rec_frame frame;
		struct rec_failed failed;
	} end = {
		{ .type = REC_FAILED, .len = sizeof end.failed },
		{ .cycles = m->result.cycles, .cause = m->result.cause },
	};

	if (!r->buf || r->broken)
		return;
	close_frame(r);
	/* Where these fail there is nobody left to be told. */
	if (m->config.on_records(m->config.ctx, r->buf, r->used) == 0)
		(void)m->config.on_records(m->config.ctx, &end, sizeof end);
	r->used = 0;
}

void
rec_free(struct rec *r)
{
	if (!r)
		return;
	if (r->buf)
		explicit_bzero(r->buf, REC_BUFFER);
	if (r->hint)
		explicit_bzero(r->hint, r->hint_room * sizeof *r->hint);
	if (r->local)
		explicit_bzero(r->local, r->local_room * sizeof *r->local);
	free(r->buf);
	free(r->proof);
	free(r->hint);
	free(r->local);
	free(r->external);
	explicit_bzero(r, sizeof *r);
	free(r);
}
