#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "air/chips.h"
#include "air/lower.h"
#include "air/machine.h"

typedef void record_fn(struct air *a, const void *main, const void *prep);

static const struct chip_row {
	const char *name;
	record_fn *record;
	unsigned main_width, prep_width, nconstraints, ninteractions;
	const struct cell_field *main_fields, *prep_fields;
} rows[] = {
#define CHIP(f, name, main, prep, nconstraints, ninteractions) \
	{name, chip_##f, COLS_WIDTH(main), COLS_WIDTH(prep), nconstraints, \
	 ninteractions, main##_fields, prep##_fields},
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

static struct air_chip chips[NCHIPS];
static const struct chip_row *order[NCHIPS];	/* of chips[] */
static _Atomic bool lowered[NCHIPS];
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
	unsigned i = c->index;

	if (atomic_load_explicit(&lowered[i], memory_order_acquire))
		return;
	pthread_mutex_lock(&lowering);
	if (!atomic_load_explicit(&lowered[i], memory_order_relaxed)) {
		lower_chip(&chips[i], order[i]);
		atomic_store_explicit(&lowered[i], true, memory_order_release);
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
	const struct chip_row *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void
make_riscv(void)
{
	for (unsigned i = 0; i < NCHIPS; i++)
		order[i] = &rows[i];
	qsort(order, NCHIPS, sizeof *order, by_name);
	for (unsigned i = 0; i < NCHIPS; i++)
		chips[i] = (struct air_chip){
			.name = order[i]->name, .index = i,
			.main_width = order[i]->main_width,
			.prep_width = order[i]->prep_width,
			.main_fields = order[i]->main_fields,
			.prep_fields = order[i]->prep_fields
		};
	riscv.nchips = NCHIPS;
	riscv.chip = chips;
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
