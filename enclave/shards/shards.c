#include "shards/shards.h"

#include <string.h>

#include "shards/plan.h"

int
shards_open(struct shard_source *r, int fd, const struct rv_program *p,
    const uint64_t *magic, struct err *e)
{
	memset(r, 0, sizeof *r);
	if (record_open(&r->reader, fd, p, magic, e) < 0)
		return -1;
	r->deferred.program = p;
	r->deferred.element_threshold = r->reader.header.element_threshold;
	r->deferred.height_threshold = r->reader.header.height_threshold;
	return 0;
}

/* What comes after the last execution shard, and whether that takes it. */
static int
read_boundary(struct shard_source *r, struct shard_events *s, struct err *e)
{
	struct record_reader *in = &r->reader;
	struct shard_events more;
	int got = record_next(in, &more, e);

	if (got < 0)
		return -1;
	if (got > 0) {
		shard_events_free(&more);
		return err_set(e, EX_DATAERR,
		    "records go on after the last shard");
	}
	r->ended = true;
	r->packed = !deferred_any(&r->deferred) &&
	    plan_packs(in->header.element_threshold, in->ninit,
	    in->nfinalize) && (!r->reducible || plan_packs_reducible(
	    in->header.element_threshold, s->info.area));
	if (r->packed) {
		s->ninit = in->ninit;
		s->init = in->init;
		s->nfinalize = in->nfinalize;
		s->finalize = in->finalize;
	}
	return 0;
}

static int
next_execution(struct shard_source *r, struct shard_events *s, struct err *e)
{
	int got = record_next(&r->reader, s, e);

	if (got < 0)
		return -1;
	if (got == 0)
		return err_set(e, EX_DATAERR, "records without a last shard");
	r->info = s->info;
	r->leaving = true;
	if (deferred_take(&r->deferred, s, e) < 0 ||
	    (s->info.last && read_boundary(r, s, e) < 0)) {
		shard_events_free(s);
		return -1;
	}
	return 1;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Events that a memory shard takes. */
static size_t
memory_room(const struct record_reader *in)
{
	return plan_memory_capacity(in->header.element_threshold,
	    in->header.height_threshold, in->program->n);
}

static int
next_memory(struct shard_source *r, struct shard_events *s)
{
	const struct record_reader *in = &r->reader;
	size_t room = memory_room(in);

	if (r->packed ||
	    (r->init == in->ninit && r->finalize == in->nfinalize))
		return 0;
	*s = (struct shard_events){
		.program = in->program, .info = r->info, .kind = SHARD_MEMORY,
		.previous_init_addr = r->init_addr,
		.previous_finalize_addr = r->finalize_addr,
		.init = in->init + r->init,
		.finalize = in->finalize + r->finalize,
		.ninit = least(in->ninit - r->init, room)
	};
	s->nfinalize = least(in->nfinalize - r->finalize, room - s->ninit);
	if (s->ninit)
		r->init_addr = s->init[s->ninit - 1].addr;
	if (s->nfinalize)
		r->finalize_addr = s->finalize[s->nfinalize - 1].addr;
	r->init += s->ninit;
	r->finalize += s->nfinalize;
	return 1;
}

int
shards_next(struct shard_source *r, struct shard_events *s, uint32_t *code,
    struct err *e)
{
	*code = 0;
	if (r->leaving) {
		int got = deferred_next(&r->deferred,
		    r->info.last || r->info.chunk_end, s, code, e);

		if (got)
			return got;
		r->leaving = false;
	}
	return r->ended ? next_memory(r, s) : next_execution(r, s, e);
}

size_t
shards_left(const struct shard_source *r)
{
	const struct record_reader *in = &r->reader;
	size_t n = in->ninit - r->init + in->nfinalize - r->finalize;

	if (!r->ended)
		return SHARDS_UNKNOWN;
	if (r->packed)
		n = 0;
	return deferred_shards(&r->deferred) +
	    (n + memory_room(in) - 1) / memory_room(in);
}

void
shards_close(struct shard_source *r)
{
	record_close(&r->reader);
	deferred_free(&r->deferred);
}

size_t
shards_held(const struct shard_source *r)
{
	const struct record_reader *in = &r->reader;

	return deferred_size(&r->deferred) + record_proofs_size(in) +
	    (in->ninit + in->nfinalize) * sizeof *in->init;
}
