/* The machine of core proofs: its chips, public values and clusters. */
#include <pthread.h>

#include "air/core/chips.h"
#include "air/lower.h"
#include "air/machine.h"
#include "run/chips.h"

#define CHIP(name, main, width, ...) \
_Static_assert(COLS_WIDTH(main) == (width), "the width of " #name);
#include "run/chips.def"

/* By an enum core_chip. */
static const struct chip_row rows[CHIP_COUNT] = {
#define CHIP_TABLE(name, main, width, nconstraints, ninteractions, prep) \
	[CHIP_##name] = CHIP_ROW(chip_##name, #name, main, prep, nconstraints, \
	    ninteractions),
#define CHIP(name, main, width, nconstraints, ninteractions, ...) \
	CHIP_TABLE(name, main, width, nconstraints, ninteractions, none)
#include "run/chips.def"
};

static struct air_machine riscv;

/* check: 1,259 constraints and 68 interactions (sp1-proof(7), Public values) */
static void
make_public_values(struct air_chip *c)
{
	struct air a;

	riscv.record_public_values = public_values_eval;
	c->name = "public values";
	air_record_public_values(&a, &riscv);
	air_machine_lower(c, &a, true, 1259, 68);
	air_record_free(&a);
}

static void
make_riscv(void)
{
	air_machine_make(&riscv, rows, CHIP_COUNT);
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
