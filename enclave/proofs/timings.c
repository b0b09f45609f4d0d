#include "proofs/timings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"

void
timings_start(struct timings *t)
{
	memset(t, 0, sizeof *t);
	t->start = clock_s();
}

double
timings_now(const struct timings *t)
{
	return clock_s() - t->start;
}

int
timings_shard(struct timings *t, const char *what, uint64_t cycles)
{
	double now = timings_now(t);

	if (t->nshards == t->room) {
		size_t n = t->room ? 2 * t->room : 16;
		void *p = reallocarray(t->shard, n, sizeof *t->shard);

		if (!p)
			return -1;
		t->shard = p;
		t->room = n;
	}
	t->shard[t->nshards++] = (struct timings_shard){.what = what,
	    .cycles = cycles, .begin = now, .end = now};
	return 0;
}

void
timings_phase(struct timings *t, const char *name, double s)
{
	struct timings_shard *x = &t->shard[t->nshards - 1];

	must(t->nshards > 0);
	x->end = timings_now(t);
	if (x->nphases == TIMINGS_PHASES)
		return;
	x->phase[x->nphases].name = name;
	x->phase[x->nphases++].seconds = s;
}

void
timings_done(struct timings *t, bool kept)
{
	struct timings_shard *x = &t->shard[t->nshards - 1];

	must(t->nshards > 0 && !x->done);
	x->done = true;
	x->kept = kept;
	x->end = timings_now(t);
	t->cycles += x->cycles;
	t->ndone++;
}

static double
took(const struct timings_shard *s)
{
	return s->end - s->begin;
}

/* Of the shards proved here: their number, with their seconds and cycles. */
static size_t
proved(const struct timings *t, double *seconds_all, uint64_t *cycles)
{
	size_t n = 0;

	*seconds_all = 0;
	*cycles = 0;
	for (size_t i = 0; i < t->nshards; i++) {
		if (!t->shard[i].done || t->shard[i].kept)
			continue;
		*seconds_all += took(&t->shard[i]);
		*cycles += t->shard[i].cycles;
		n++;
	}
	return n;
}

double
timings_rate(const struct timings *t)
{
	double s;
	uint64_t cycles;

	return proved(t, &s, &cycles) && s > 0 ? (double)cycles / s : 0;
}

/* As timings_left(), of the shard at work alone. */
static double
left_in_shard(const struct timings *t)
{
	const struct timings_shard *now = &t->shard[t->nshards - 1];
	double most = -1;

	if (now->done)
		return 0;
	for (size_t i = 0; i + 1 < t->nshards; i++) {
		const struct timings_shard *s = &t->shard[i];

		if (!strcmp(s->what, now->what) && !s->kept && took(s) > most)
			most = took(s);
	}
	if (most < 0)
		return -1;
	return most > took(now) ? most - took(now) : 0;
}

double
timings_left(const struct timings *t)
{
	double s, mean, left = left_in_shard(t);
	uint64_t cycles;
	size_t n = proved(t, &s, &cycles);

	if (t->all == 0)
		return left;
	if (n == 0)
		return t->ndone == t->all ? 0 : -1;
	mean = s / (double)n;
	if (left < 0) {		/* the first of its kind: as any */
		const struct timings_shard *now = &t->shard[t->nshards - 1];

		left = mean > took(now) ? mean - took(now) : 0;
	}
	return left + (double)(t->all - t->nshards) * mean;
}

static void
write_shard(struct jw *j, const struct timings_shard *s, size_t number)
{
	jw_object(j, NULL);
	jw_u64(j, "shard", number);
	jw_str(j, "what", s->what);
	jw_u64(j, "cycles", s->cycles);
	jw_bool(j, "kept", s->kept);
	jw_object(j, "phases");
	for (size_t i = 0; i < s->nphases; i++)
		jw_double(j, s->phase[i].name, s->phase[i].seconds);
	jw_end(j);
	jw_double(j, "total", s->end - s->begin);
	jw_end(j);
}

int
timings_write(const struct timings *t, const char *path, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	struct rusage used;
	struct jw j;
	int bad;

	if (!f)
		return err_set(e, EX_OSERR, "no memory for the timings");
	getrusage(RUSAGE_SELF, &used);
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_double(&j, "setup", t->setup);
	jw_array(&j, "shards");
	for (size_t i = 0; i < t->nshards; i++)
		write_shard(&j, &t->shard[i], i);
	jw_end(&j);
	jw_double(&j, "verify", t->verify);
	jw_double(&j, "total", timings_now(t));
	jw_u64(&j, "peak_memory", (uint64_t)used.ru_maxrss * 1024);
	jw_end(&j);
	bad = jw_finish(&j, path, e);
	fclose(f);
	if (!bad)
		bad = out_file(path, 0, -1, text, n, e);
	free(text);
	return bad;
}

void
timings_free(struct timings *t)
{
	free(t->shard);
	memset(t, 0, sizeof *t);
}
