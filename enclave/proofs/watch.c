#include "proofs/watch.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/progress.h"

/* Which phase follows: of a shard, of a recursion program (whose first is "program"). */
static const struct { const char *name, *next; } order[] = {
	{"prepare", "trace"},
	{"program", "key"}, {"key", "execute"}, {"execute", "trace"},
	{"trace", "commit"}, {"commit", "gkr"}, {"gkr", "zerocheck"},
	{"zerocheck", "jagged"}, {"jagged", "basefold"}, {"basefold", "done"},
	{"kept", "done"}
};

static const char *
after(const char *name)
{
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (!strcmp(name, order[i].name))
			return order[i].next;
	return name;
}

/* ---- for a program ---- */

static void
describe_shard(struct jw *j, const struct timings *t)
{
	const struct timings_shard *s = &t->shard[t->nshards - 1];
	double rate = timings_rate(t), left = timings_left(t);

	jw_u64(j, "shard", t->nshards - 1);
	jw_str(j, "what", s->what);
	jw_u64(j, "done", t->ndone);
	if (t->all)
		jw_u64(j, "shards", t->all);
	jw_u64(j, "cycles", t->cycles);
	if (rate > 0)
		jw_u64(j, "cycles_per_second", (uint64_t)rate);
	if (t->all && left >= 0)
		jw_u64(j, "seconds_left", (uint64_t)(left + 0.5));
}

static void
write_line(const struct watch *w, bool shard)
{
	struct pollfd p = {.fd = w->fd, .events = POLLOUT};
	int64_t ms = (int64_t)(1000 * timings_now(w->t));
	char *text = NULL;
	size_t n = 0;
	struct jw j;
	FILE *f;

	if (w->fd < 0 || poll(&p, 1, 0) != 1 || !(p.revents & POLLOUT))
		return;
	f = open_memstream(&text, &n);
	if (!f)
		return;
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_str(&j, "phase", w->phase);
	if (shard)
		describe_shard(&j, w->t);
	jw_double(&j, "seconds", (double)ms / 1000);
	jw_end(&j);
	if (jw_finish(&j, "progress", NULL) == 0)
		(void)!write(w->fd, text, n);
	fclose(f);
	free(text);
}

/* ---- for a person ---- */

/* "shard 2 (3 of 4), commit, 51200 cycles/s, about 31 s left" */
static void
show(const struct watch *w)
{
	const struct timings *t = w->t;
	double rate = timings_rate(t), left = timings_left(t);
	char of[48] = "", speed[48] = "", rest[48] = "";

	if (t->all)
		snprintf(of, sizeof of, " (%zu of %zu)", t->nshards, t->all);
	if (rate > 0)
		snprintf(speed, sizeof speed, ", %.0f cycles/s", rate);
	if (left >= 0)
		snprintf(rest, sizeof rest, ", about %.0f s left%s", left,
		    t->all ? "" : " in it");
	progress("shard %zu%s, %s%s%s", t->nshards - 1, of, w->phase, speed,
	    rest);
}

static void
tell(struct watch *w, const char *phase)
{
	w->phase = phase;
	write_line(w, true);
	show(w);
}

void
watch_stage(struct watch *w, const char *name)
{
	w->phase = name;
	write_line(w, false);
	progress("%s", name);
}

void
watch_took(const struct watch *w, const char *name, double seconds)
{
	if (w->verbose)
		complain("  %-12s %7.2f s", name, seconds);
}

void
watch_shard(void *ctx, const struct core_shard *s)
{
	struct watch *w = ctx;

	if (timings_shard(w->t, s->what, s->ninstr) < 0)
		die(EX_OSERR, "no memory for the timings");
	if (s->left != SHARDS_UNKNOWN)
		w->t->all = w->t->nshards + s->left;
	tell(w, s->recursion ? "program" : "prepare");
	if (!w->verbose)
		return;
	if (s->ninstr)
		complain("shard %zu: %llu cycles", w->t->nshards - 1,
		    (unsigned long long)s->ninstr);
	else
		complain("shard %zu: %s", w->t->nshards - 1, s->what);
}

void
watch_phase(void *ctx, const char *name, double seconds)
{
	struct watch *w = ctx;

	const char *next = after(name);

	timings_phase(w->t, name, seconds);
	if (!strcmp(next, "done"))
		timings_done(w->t, !strcmp(name, "kept"));
	watch_took(w, name, seconds);
	tell(w, next);
}

void
watch_note(void *ctx, const char *text)
{
	complain("%s", text);
}
