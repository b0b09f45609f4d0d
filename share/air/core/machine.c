/* The machine of core proofs: its chips, public values and clusters. */
#include <pthread.h>

#include "air/core/chips.h"
#include "air/lower.h"
#include "air/machine.h"

static const struct chip_row rows[] = {
#define CHIP(f, ...) CHIP_ROW(chip_##f, __VA_ARGS__),
#include "air/core/chips.def"
#undef CHIP
};
#define NCHIPS (sizeof rows / sizeof *rows)

static struct air_machine riscv;

/* check: 1,259 constraints and 68 interactions (prover.md 2.7) */
static void
make_public_values(struct air_chip *c)
{
	struct air a;

	c->name = "public values";
	air_record_init(&a, 0, 0);
	public_values_eval(&a);
	air_machine_lower(c, &a, true, 1259, 68);
	air_record_free(&a);
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
