/* The machines that verify proofs: compress (shrink is the same), and wrap. */
#include "air/machine.h"

#include <pthread.h>
#include <stdlib.h>

#include "air/lower.h"
#include "air/recursion/chips.h"

enum { COMPRESS = 1, WRAP = 2 };

static const struct {
	struct chip_row row;
	unsigned machines;
} all[] = {
#define CHIP(f, name, main, prep, nconstraints, ninteractions, machines) \
	{CHIP_ROW(recursion_##f, name, main, prep, nconstraints, \
	    ninteractions), machines},
#include "air/recursion/recursion.def"
#undef CHIP
};
#define NALL (sizeof all / sizeof *all)

static struct air_machine compress, wrap;

/* One cluster: a shard has every chip.  No constraint and no interaction is on the
 * public values; the chip of that name binds their digest. */
static void
make(struct air_machine *m, unsigned which)
{
	struct chip_row *row = calloc(NALL, sizeof *row);
	struct air_cluster *cluster = calloc(1, sizeof *cluster);
	const struct air_chip **chip;
	unsigned n = 0;
	struct air a;

	must(row && cluster);
	for (unsigned i = 0; i < NALL; i++)
		if (all[i].machines & which)
			row[n++] = all[i].row;
	air_machine_make(m, row, n);
	m->public_values.name = "public values";
	air_record_public_values(&a, m);
	air_machine_lower(&m->public_values, &a, true, 0, 0);
	air_record_free(&a);
	chip = calloc(n, sizeof *chip);
	must(chip);
	for (unsigned i = 0; i < n; i++)
		chip[i] = &m->chip[i];
	*cluster = (struct air_cluster){n, chip};
	m->nclusters = 1;
	m->cluster = cluster;
}

static void
make_compress(void)
{
	make(&compress, COMPRESS);
}

static void
make_wrap(void)
{
	make(&wrap, WRAP);
}

const struct air_machine *
air_machine_compress(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_compress);
	return &compress;
}

const struct air_machine *
air_machine_wrap(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_wrap);
	return &wrap;
}
