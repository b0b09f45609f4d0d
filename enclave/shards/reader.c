#include "shards/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "rows/calls.h"
#include "run/causes.h"

/* What is freed here is the guest's input, in one form or another. */
static void
wipe(void *p, size_t n, size_t size)
{
	if (p)
		explicit_bzero(p, n * size);
	free(p);
}

/* Exactly n bytes. */
static int
take(struct record_reader *r, void *out, size_t n, struct err *e)
{
	int got = n ? read_exact(r->fd, out, n, "records", e) : 1;

	if (got == 0)
		return err_set(e, EX_DATAERR, "records end early: the "
		    "execution was cut short");
	return got < 0 ? -1 : 0;
}

/* Of a failed run: its cause, once the stream has ended, so that who reads this has not
 * ended before the machine told its own story. */
static int
read_failed(struct record_reader *r, struct err *e)
{
	struct rec_failed f;
	char rest[512];

	if (r->frame.len != sizeof f)
		return err_set(e, EX_DATAERR, "malformed end of records");
	if (take(r, &f, sizeof f, e) < 0)
		return -1;
	while (read_exact(r->fd, rest, sizeof rest, "records", e) > 0)
		;
	return err_set(e, EX_DATAERR, "the execution failed after %llu "
	    "cycles: %s", (unsigned long long)f.cycles,
	    vm_cause_name((enum vm_cause)f.cause));
}

static uint64_t
most_bytes(uint32_t type)
{
	return type == REC_END ? (uint64_t)1 << 40 : type == REC_PROOF ?
	    sizeof(struct rec_proof) + REC_PROOF_MAX : REC_FRAME_MAX;
}

static int
peek_frame(struct record_reader *r, struct err *e)
{
	if (r->have_frame)
		return 0;
	if (take(r, &r->frame, sizeof r->frame, e) < 0)
		return -1;
	if (r->frame.type == REC_FAILED)
		return read_failed(r, e);
	if (r->frame.type < REC_PROOF || r->frame.type > REC_END ||
	    r->frame.reserved || r->frame.len % 8 ||
	    r->frame.len > most_bytes(r->frame.type))
		return err_set(e, EX_DATAERR,
		    "malformed record frame (type %u, %llu bytes)",
		    r->frame.type, (unsigned long long)r->frame.len);
	r->have_frame = 1;
	return 0;
}

int
record_open(struct record_reader *r, int fd, const struct rv_program *p,
    const uint64_t *magic, struct err *e)
{
	struct rec_header *h = &r->header;
	size_t skip = magic ? sizeof *magic : 0;

	memset(r, 0, sizeof *r);
	r->fd = fd;
	r->program = p;
	if (magic)
		h->magic = *magic;
	if (take(r, (char *)h + skip, sizeof *h - skip, e) < 0)
		return -1;
	if (h->magic != REC_MAGIC)
		return err_set(e, EX_DATAERR, "not a record stream");
	if (h->version != REC_VERSION)
		return err_set(e, EX_DATAERR, "record stream of version %u, "
		    "this program reads %u", h->version, REC_VERSION);
	if (memcmp(h->elf_sha256, p->sha256, 32))
		return err_set(e, EX_DATAERR,
		    "the records are those of another program");
	return 0;
}

/* Appends count elements, read from the stream, to an array. */
static int
append(struct record_reader *r, void **array, size_t *n,
    size_t size, size_t count, struct err *e)
{
	void *p;

	if (count == 0)
		return 0;
	p = reallocarray(*array, *n + count, size);
	if (!p)
		return err_set(e, EX_OSERR, "no memory for records");
	*array = p;
	if (take(r, (char *)p + *n * size, count * size, e) < 0)
		return -1;
	*n += count;
	return 0;
}

struct growing { size_t capacity[CHIP_INSTR_COUNT], precompiles; };

static int
add_instr(struct shard_events *s, struct growing *g,
    const struct rec_instr *i, struct err *e)
{
	const struct rv_insn *insn;
	unsigned b;

	if (i->index >= s->program->n)
		return err_set(e, EX_DATAERR,
		    "record of instruction %u, the program has %u", i->index,
		    s->program->n);
	insn = &s->program->insn[i->index];
	b = chip_of_opcode[insn->op][insn->op_a == 0];
	if (b == CHIP_None)
		return err_set(e, EX_DATAERR, "record of an instruction that "
		    "cannot be executed (number %u)", i->index);
	if (s->ninstr[b] == g->capacity[b]) {
		size_t n = g->capacity[b] ? 2 * g->capacity[b] : 256;
		void *p = reallocarray(s->instr[b], n, sizeof *i);

		if (!p)
			return err_set(e, EX_OSERR, "no memory for records");
		s->instr[b] = p;
		g->capacity[b] = n;
	}
	s->instr[b][s->ninstr[b]++] = *i;
	s->pc_count[i->index]++;
	return 0;
}

static int
read_instrs(struct record_reader *r, struct shard_events *s,
    struct growing *g, struct err *e)
{
	struct rec_instr buf[512];
	uint64_t left = r->frame.len / sizeof buf[0];

	if (r->frame.len % sizeof buf[0])
		return err_set(e, EX_DATAERR, "malformed instruction records");
	while (left > 0) {
		size_t n = left < 512 ? (size_t)left : 512;

		if (take(r, buf, n * sizeof buf[0], e) < 0)
			return -1;
		for (size_t k = 0; k < n; k++)
			if (add_instr(s, g, &buf[k], e) < 0)
				return -1;
		left -= n;
	}
	return 0;
}

/* What a row is made of must be there: each precompile has its accesses. */
static int
check_call(const struct rec_precompile *h, uint64_t len,
    struct err *e)
{
	const struct exec_call *c = precompile_of(h->code);

	if (!c)
		return err_set(e, EX_DATAERR, "record of the system call "
		    "0x%08x, which is no precompile", h->code);
	if (!c->retained != !!(h->flags & REC_DEFERRED) ||
	    h->naccess != c->naccess ||
	    h->nlocal > (c->retained ? 0 : h->naccess) ||
	    len != sizeof *h + h->naccess * sizeof(struct rec_access) +
	    h->nlocal * sizeof(struct rec_local))
		return err_set(e, EX_DATAERR, "malformed record of %s",
		    c->name);
	return 0;
}

static int
read_precompile(struct record_reader *r, struct shard_events *s,
    struct growing *g, struct err *e)
{
	struct precompile_event *p;
	size_t na = 0, nl = 0;

	if (s->nprecompile == g->precompiles) {
		size_t n = g->precompiles ? 2 * g->precompiles : 64;

		p = reallocarray(s->precompile, n, sizeof *p);
		if (!p)
			return err_set(e, EX_OSERR, "no memory for records");
		s->precompile = p;
		g->precompiles = n;
	}
	p = &s->precompile[s->nprecompile];
	memset(p, 0, sizeof *p);
	if (r->frame.len < sizeof p->head)
		return err_set(e, EX_DATAERR, "malformed system call record");
	if (take(r, &p->head, sizeof p->head, e) < 0 ||
	    check_call(&p->head, r->frame.len, e) < 0)
		return -1;
	s->nprecompile++;	/* from here on it is freed with the shard */
	if (append(r, (void **)&p->access, &na, sizeof *p->access,
	    p->head.naccess, e) < 0)
		return -1;
	return append(r, (void **)&p->local, &nl, sizeof *p->local,
	    p->head.nlocal, e);
}

static int
keep_proof(struct record_reader *r, uint8_t *bytes, size_t n, struct err *e)
{
	void *p = reallocarray(r->proof, r->nproofs + 1, sizeof *r->proof);

	if (!p)
		return err_set(e, EX_OSERR, "no memory for records");
	r->proof = p;
	r->proof[r->nproofs++] = (struct record_proof){bytes, n};
	return 0;
}

/* A frame PROOF's body. */
static int
read_proof(struct record_reader *r, bool keep, struct err *e)
{
	struct rec_proof head;
	uint8_t *bytes;
	size_t n;
	int bad;

	if (r->frame.len < sizeof head)
		return err_set(e, EX_DATAERR, "malformed proof record");
	if (take(r, &head, sizeof head, e) < 0)
		return -1;
	n = r->frame.len - sizeof head;
	if (head.len > REC_PROOF_MAX || n < head.len || n - head.len >= 8)
		return err_set(e, EX_DATAERR, "malformed proof record");
	bytes = malloc(n + 1);
	if (!bytes)
		return err_set(e, EX_OSERR, "no memory for records");
	bad = take(r, bytes, n, e);
	if (bad == 0 && keep)
		bad = keep_proof(r, bytes, head.len, e);
	if (bad < 0 || !keep)
		wipe(bytes, n, 1);
	return bad;
}

/* What stands before the first shard. */
static int
read_proofs(struct record_reader *r, bool keep, struct err *e)
{
	while (!r->begun) {
		if (peek_frame(r, e) < 0)
			return -1;
		r->begun = r->frame.type != REC_PROOF;
		if (r->begun)
			break;
		r->have_frame = 0;
		if (read_proof(r, keep, e) < 0)
			return -1;
	}
	return 0;
}

int
record_take_proofs(struct record_reader *r, struct err *e)
{
	return read_proofs(r, true, e);
}

/* Tells that a frame is about to be read. */
static void
tell_frame(const struct record_reader *r, size_t *bytes)
{
	*bytes += r->frame.len;
	if (r->on_frame)
		r->on_frame(r->ctx, *bytes);
}

/* INIT, FINALIZE and END, which follow the last shard. */
static int
read_boundary(struct record_reader *r, struct err *e)
{
	size_t bytes = 0;

	for (;;) {
		size_t n;

		if (peek_frame(r, e) < 0)
			return -1;
		r->have_frame = 0;
		tell_frame(r, &bytes);
		n = r->frame.len / sizeof(struct rec_memory);
		if (r->frame.type == REC_END)
			break;
		if ((r->frame.type != REC_INIT &&
		    r->frame.type != REC_FINALIZE) ||
		    r->frame.len % sizeof(struct rec_memory))
			return err_set(e, EX_DATAERR,
			    "unexpected record frame of type %u",
			    r->frame.type);
		if (r->frame.type == REC_INIT ?
		    append(r, (void **)&r->init, &r->ninit,
		    sizeof *r->init, n, e) < 0 :
		    append(r, (void **)&r->finalize, &r->nfinalize,
		    sizeof *r->finalize, n, e) < 0)
			return -1;
	}
	if (r->frame.len < sizeof r->end ||
	    take(r, &r->end, sizeof r->end, e) < 0)
		return err_set(e, EX_DATAERR, "malformed end of records");
	if (r->end.pv_len > r->frame.len - sizeof r->end ||
	    r->frame.len - sizeof r->end - r->end.pv_len >= 8)
		return err_set(e, EX_DATAERR, "malformed end of records");
	r->public_values = malloc(r->frame.len - sizeof r->end + 1);
	if (!r->public_values)
		return err_set(e, EX_OSERR, "no memory for records");
	return take(r, r->public_values, r->frame.len - sizeof r->end, e);
}

int
record_next(struct record_reader *r, struct shard_events *s,
    struct err *e)
{
	struct growing g = {{0}, 0};
	size_t bytes = 0;

	if (read_proofs(r, false, e) < 0 || peek_frame(r, e) < 0)
		return -1;
	if (r->frame.type >= REC_INIT)
		return read_boundary(r, e);
	memset(s, 0, sizeof *s);
	s->program = r->program;
	s->kind = SHARD_EXECUTION;
	s->pc_count = calloc(r->program->n, sizeof *s->pc_count);
	if (!s->pc_count)
		return err_set(e, EX_OSERR, "no memory for records");
	for (;;) {
		int bad = 0;

		if (peek_frame(r, e) < 0)
			goto fail;
		r->have_frame = 0;
		tell_frame(r, &bytes);
		switch (r->frame.type) {
		case REC_INSTR:
			bad = read_instrs(r, s, &g, e);
			break;
		case REC_PRECOMPILE:
			bad = read_precompile(r, s, &g, e);
			break;
		case REC_LOCAL:
			bad = r->frame.len % sizeof *s->local ?
			    err_set(e, EX_DATAERR, "malformed local records") :
			    append(r, (void **)&s->local, &s->nlocal,
			    sizeof *s->local,
			    r->frame.len / sizeof *s->local, e);
			break;
		case REC_SHARD:
			if (r->frame.len != sizeof s->info) {
				err_set(e, EX_DATAERR, "malformed shard record");
				goto fail;
			}
			if (take(r, &s->info, sizeof s->info, e) < 0)
				goto fail;
			return 1;
		default:
			err_set(e, EX_DATAERR,
			    "unexpected record frame of type %u",
			    r->frame.type);
			goto fail;
		}
		if (bad < 0)
			goto fail;
	}
fail:
	shard_events_free(s);
	return -1;
}

size_t
precompile_event_size(const struct precompile_event *e)
{
	size_t n = sizeof *e;

	if (e->access)
		n += e->head.naccess * sizeof *e->access + 16;
	if (e->local)
		n += e->head.nlocal * sizeof *e->local + 16;
	return n;
}

size_t
shard_events_size(const struct shard_events *s)
{
	size_t n = s->pc_count ? s->program->n * sizeof *s->pc_count : 0;

	for (unsigned b = 0; b < CHIP_INSTR_COUNT; b++)
		n += s->ninstr[b] * sizeof *s->instr[b];
	for (size_t i = 0; i < s->nprecompile; i++)
		n += precompile_event_size(&s->precompile[i]);
	if (s->calls)
		n += s->nprecompile * sizeof *s->calls->event;
	return n + s->nlocal * sizeof *s->local +
	    s->nbump_memory * sizeof *s->bump_memory +
	    s->nbump_state * sizeof *s->bump_state +
	    s->nglobal * sizeof *s->global;
}

size_t
record_proofs_size(const struct record_reader *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nproofs; i++)
		n += r->proof[i].n;
	return n;
}

void
record_close(struct record_reader *r)
{
	for (size_t i = 0; i < r->nproofs; i++)
		wipe(r->proof[i].bytes, r->proof[i].n, 1);
	free(r->proof);
	wipe(r->init, r->ninit, sizeof *r->init);
	wipe(r->finalize, r->nfinalize, sizeof *r->finalize);
	free(r->public_values);
	memset(r, 0, sizeof *r);
}

void
shard_events_free(struct shard_events *s)
{
	for (unsigned b = 0; b < CHIP_INSTR_COUNT; b++)
		wipe(s->instr[b], s->ninstr[b], sizeof *s->instr[b]);
	for (size_t i = 0; i < s->nprecompile; i++) {
		wipe(s->precompile[i].access, s->precompile[i].head.naccess,
		    sizeof *s->precompile[i].access);
		wipe(s->precompile[i].local, s->precompile[i].head.nlocal,
		    sizeof *s->precompile[i].local);
	}
	free(s->precompile);
	if (s->calls)
		free(s->calls->event);
	free(s->calls);
	free(s->pc_count);
	wipe(s->local, s->nlocal, sizeof *s->local);
	wipe(s->bump_memory, s->nbump_memory, sizeof *s->bump_memory);
	wipe(s->bump_state, s->nbump_state, sizeof *s->bump_state);
	wipe(s->global, s->nglobal, sizeof *s->global);
	memset(s, 0, sizeof *s);
}
