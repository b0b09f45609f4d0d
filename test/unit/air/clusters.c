/*
 * The chip sets that a shard may have, against the stock machine's
 * (test/vectors/air/clusters.txt, one a line): those whose chips are all described are
 * there, in the stock order, and no other.
 */
#include "air/air.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/air/clusters.txt"

/* Marks the line's chips; how many, or -1: one is not described. */
static int
mark(const struct air_machine *m, char *line, bool *have,
    const struct air_chip **chip)
{
	int n = 0, missing = 0;

	memset(have, 0, m->nchips * sizeof *have);
	for (char *name = strtok(line, " \n"); name; name = strtok(NULL, " \n")) {
		const struct air_chip *c = air_chip_by_name(m, name,
		    strlen(name));

		missing |= !c;
		if (!c)
			continue;
		have[c->index] = true;
		chip[n++] = c;
	}
	return missing ? -1 : n;
}

int
main(void)
{
	const struct air_machine *m = air_machine_riscv();
	bool *have = calloc(m->nchips, sizeof *have);
	const struct air_chip *chip[128];
	char line[2048];
	unsigned n = 0;
	FILE *f = fopen(VECTORS, "r");

	if (!f || !have)
		return !ok(0, "open %s", VECTORS);
	for (unsigned number = 0; fgets(line, sizeof line, f); number++) {
		int k = mark(m, line, have, chip);
		const struct air_cluster *c = air_cluster_exact(m, have);
		bool same = c && (int)c->nchips == k;

		if (k < 0)
			continue;
		for (int i = 0; same && i < k; i++)
			same = c->chip[i] == chip[i];
		ok(same && c == &m->cluster[n], "cluster %u: %d chips, found "
		    "by its set", number, k);
		ok(air_cluster_smallest(m, have) == c,
		    "cluster %u is its own smallest", number);
		n++;
	}
	fclose(f);
	is_int(m->nclusters, n, "there is no other");

	memset(have, 0, m->nchips * sizeof *have);
	have[air_chip_by_name(m, "Global", 6)->index] = true;
	ok(!air_cluster_exact(m, have), "Global alone is no cluster");
	have[air_chip_by_name(m, "MemoryGlobalInit", 16)->index] = true;
	is_int(air_cluster_smallest(m, have)->nchips, 6,
	    "it and MemoryGlobalInit take the memory boundary's");
	have[air_chip_by_name(m, "Add", 3)->index] = true;
	is_int(air_cluster_smallest(m, have)->nchips, 36,
	    "and with Add the base with memory");
	memset(have, 1, m->nchips * sizeof *have);
	ok(!air_cluster_smallest(m, have), "no cluster has all chips");
	free(have);
	return done_testing();
}
