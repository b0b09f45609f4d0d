#include "proxy/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

struct metrics_job {
	struct metrics_job *next;
	uint64_t seq;
	char phase[METRICS_NAME];
	double since;
};

/* Labels come from a worker: what is no word is none of ours. */
static void
word(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++)
		out[n++] = (*text >= 'a' && *text <= 'z') ||
		    (*text >= '0' && *text <= '9') ? *text : '_';
	out[n] = 0;
}

void
metrics_ended(struct metrics *m, const char *status, const char *cause,
    double seconds)
{
	char s[sizeof m->ended[0].status], c[sizeof m->ended[0].cause];
	size_t i;

	word(s, sizeof s, status);
	word(c, sizeof c, cause);
	for (i = 0; i < m->n_ended; i++)
		if (strcmp(m->ended[i].status, s) == 0 &&
		    strcmp(m->ended[i].cause, c) == 0)
			break;
	if (i == METRICS_CAUSES)
		i--;
	if (i == m->n_ended) {
		bool last = ++m->n_ended == METRICS_CAUSES;

		snprintf(m->ended[i].status, sizeof s, "%s", last ? "other" : s);
		snprintf(m->ended[i].cause, sizeof c, "%s", last ? "other" : c);
	}
	m->ended[i].n++;
	m->ended[i].seconds += seconds;
}

static void
add_phase(struct metrics *m, const char *name, double seconds)
{
	size_t i;

	for (i = 0; i < m->n_phases; i++)
		if (strcmp(m->phases[i].name, name) == 0)
			break;
	if (i == METRICS_PHASES)
		return;
	if (i == m->n_phases)
		snprintf(m->phases[m->n_phases++].name, METRICS_NAME, "%s", name);
	m->phases[i].n++;
	m->phases[i].seconds += seconds;
}

void
metrics_phase(struct metrics *m, uint64_t seq, const char *name)
{
	struct metrics_job **at = &m->at_work, *j;
	char phase[METRICS_NAME] = "";

	if (name)
		word(phase, sizeof phase, name);
	while (*at && (*at)->seq != seq)
		at = &(*at)->next;
	j = *at;
	if (j && strcmp(j->phase, phase) == 0)
		return;
	if (j)
		add_phase(m, j->phase, clock_s() - j->since);
	if (!name) {
		if (j) {
			*at = j->next;
			free(j);
		}
		return;
	}
	if (!j && !(j = calloc(1, sizeof *j)))
		return;		/* not counted */
	if (!*at) {
		j->seq = seq;
		*at = j;
	}
	memcpy(j->phase, phase, sizeof phase);
	j->since = clock_s();
}
