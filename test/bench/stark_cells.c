/*
 * stark_cells PROOF: for each shard of a core proof the cells of its trace, the stacked
 * columns committed to, and the cells of its preprocessed tables; TSV.
 */
#include <stdio.h>

#include "base/io.h"
#include "proof/container.h"
#include "stark/params.h"

static uint64_t
rows_of(const struct kb_vec *bits)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bits->n; i++)
		n = 2 * n + kb_to(bits->v[i]);
	return n;
}

int
main(int argc, char **argv)
{
	struct core_proof p;
	struct arena a;
	struct err e;
	uint8_t *bytes;
	size_t len;

	progname = "stark_cells";
	if (argc != 2)
		die(EX_USAGE, "usage: stark_cells PROOF");
	if (read_file(argv[1], (size_t)1 << 32, &bytes, &len, &e) < 0)
		die_err(&e);
	arena_init(&a, core_proof_ceiling(len));
	if (core_proof_read(&p, &a, bytes, len, &e) < 0)
		die_err(&e);
	for (size_t s = 0; s < p.nshards; s++) {
		uint64_t main = 0, prep = 0, stack = 1u << stark_core.log_stack;

		for (size_t c = 0; c < p.shard[s].nopened; c++) {
			const struct opened_chip *o = &p.shard[s].opened[c];
			uint64_t rows = rows_of(&o->degree);

			main += rows * o->main.n;
			prep += rows * o->prep.n;
		}
		printf("%zu\t%llu\t%llu\t%llu\n", s, (unsigned long long)main,
		    (unsigned long long)((main + stack - 1) / stack),
		    (unsigned long long)prep);
	}
	return 0;
}
