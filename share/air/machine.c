#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "air/lower.h"
#include "air/machine.h"

static void
check(const char *chip, const char *what, unsigned got, unsigned want)
{
	if (got == want)
		return;
	complain("%s: %u %s where stock has %u", chip, got, what, want);
	must(got == want);
}

void
air_machine_lower(struct air_chip *c, struct air *a, bool of_public,
    unsigned nconstraints, unsigned ninteractions)
{
	air_lower(c, a, of_public);
	check(c->name, "constraints", c->nconstraints, nconstraints);
	check(c->name, "interactions", c->nsends + c->nreceives, ninteractions);
}

void
air_record_chip(struct air *a, const struct air_chip *c)
{
	expr *cols;

	air_record_init(a, c->main_width, c->prep_width);
	cols = calloc(c->main_width + c->prep_width, sizeof *cols);
	must(cols);
	for (unsigned i = 0; i < c->main_width + c->prep_width; i++)
		cols[i] = (expr){a, i};
	c->state->row->record(a, cols, cols + c->main_width);
	free(cols);
}

void
air_record_public_values(struct air *a, const struct air_machine *m)
{
	air_record_init(a, 0, 0);
	if (m->record_public_values)
		m->record_public_values(a);
}

static pthread_mutex_t lowering = PTHREAD_MUTEX_INITIALIZER;

static void
lower_chip(struct air_chip *c, const struct chip_row *r)
{
	struct air a;

	air_record_chip(&a, c);
	air_machine_lower(c, &a, false, r->nconstraints, r->ninteractions);
	air_record_free(&a);
}

void
air_machine_need(const struct air_chip *c)
{
	struct chip_state *s = c->state;

	if (atomic_load_explicit(&s->lowered, memory_order_acquire))
		return;
	pthread_mutex_lock(&lowering);
	if (!atomic_load_explicit(&s->lowered, memory_order_relaxed)) {
		lower_chip(s->chip, s->row);
		atomic_store_explicit(&s->lowered, true, memory_order_release);
	}
	pthread_mutex_unlock(&lowering);
}

static int
by_name(const void *a, const void *b)
{
	const struct chip_state *x = a, *y = b;

	return strcmp(x->row->name, y->row->name);
}

void
air_machine_make(struct air_machine *m, const struct chip_row *row, unsigned n)
{
	struct air_chip *chip = calloc(n, sizeof *chip);
	struct chip_state *state = calloc(n, sizeof *state);

	must(chip && state);
	for (unsigned i = 0; i < n; i++)
		state[i].row = &row[i];
	qsort(state, n, sizeof *state, by_name);
	for (unsigned i = 0; i < n; i++) {
		const struct chip_row *r = state[i].row;

		state[i].chip = &chip[i];
		chip[i] = (struct air_chip){
			.name = r->name, .index = i,
			.id = (unsigned)(r - row), .state = &state[i],
			.main_width = r->main_width,
			.prep_width = r->prep_width,
			.main_fields = r->main_fields,
			.prep_fields = r->prep_fields
		};
	}
	m->nchips = n;
	m->chip = chip;
}

const struct air_chip *
air_machine_find(const struct air_machine *m, const char *name, size_t len)
{
	for (unsigned i = 0; i < m->nchips; i++)
		if (strlen(m->chip[i].name) == len &&
		    memcmp(m->chip[i].name, name, len) == 0)
			return &m->chip[i];
	return NULL;
}

const struct air_chip *
air_chip_by_name(const struct air_machine *m, const char *name, size_t len)
{
	const struct air_chip *c = air_machine_find(m, name, len);

	if (c)
		air_machine_need(c);
	return c;
}
