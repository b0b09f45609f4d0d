#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "air/chips.h"
#include "air/lower.h"
#include "air/machine.h"

static const struct chip_row rows[] = {
#define CHIP(f, ...) CHIP_ROW(chip_##f, __VA_ARGS__),
#include "air/chips.def"
#undef CHIP
};
#define NCHIPS (sizeof rows / sizeof *rows)

static struct air_machine riscv;

static void
check(const char *chip, const char *what, unsigned got,
    unsigned want)
{
	if (got == want)
		return;
	complain("%s: %u %s where stock has %u", chip, got, what, want);
	must(got == want);
}

static pthread_mutex_t lowering = PTHREAD_MUTEX_INITIALIZER;

static void
lower_chip(struct air_chip *c, const struct chip_row *r)
{
	struct air a;
	expr *cols;

	air_record_init(&a, c->main_width, c->prep_width);
	cols = calloc(c->main_width + c->prep_width, sizeof *cols);
	must(cols);
	for (unsigned i = 0; i < c->main_width + c->prep_width; i++)
		cols[i] = (expr){&a, i};
	r->record(&a, cols, cols + c->main_width);
	free(cols);
	air_lower(c, &a, false);
	air_record_free(&a);
	check(c->name, "constraints", c->nconstraints, r->nconstraints);
	check(c->name, "interactions", c->nsends + c->nreceives,
	    r->ninteractions);
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

/* check: 1,259 constraints and 68 interactions (prover.md 2.7) */
static void
make_public_values(struct air_chip *c)
{
	struct air a;

	c->name = "public values";
	air_record_init(&a, 0, 0);
	public_values_eval(&a);
	air_lower(c, &a, true);
	air_record_free(&a);
	check(c->name, "constraints", c->nconstraints, 1259);
	check(c->name, "interactions", c->nsends + c->nreceives, 68);
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
			.name = r->name, .index = i, .state = &state[i],
			.main_width = r->main_width,
			.prep_width = r->prep_width,
			.main_fields = r->main_fields,
			.prep_fields = r->prep_fields
		};
	}
	m->nchips = n;
	m->chip = chip;
}

static void
make_riscv(void)
{
	air_machine_make(&riscv, rows, NCHIPS);
	make_public_values(&riscv.public_values);
	air_machine_clusters(&riscv);
}

const struct air_machine *
air_machine_riscv(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_riscv);
	return &riscv;
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
