/*
 * Altered copies of a proof, for verifiers to be compared on:
 *
 *	alter PROOF PREFIX SEED FIRST COUNT
 *
 * writes PREFIX.N.bin for N from FIRST on, and PREFIX.list with lines "N<TAB>what".
 * Copy N is the same whatever FIRST and COUNT are.  Standard output is of no use.
 */
#include <stdio.h>

#include "base/io.h"
#include "test/lib/altered.h"

#define PROOF_CAP ((size_t)1 << 28)

static uint64_t
number(const char *s)
{
	return strtoull(s, NULL, 10);
}

int
main(int argc, char **argv)
{
	struct byte_vec in;
	struct arena a;
	struct err e;
	char path[4096];
	FILE *list;

	progname = "alter";
	if (argc != 6)
		die(EX_USAGE, "usage: alter PROOF PREFIX SEED FIRST COUNT");
	if (read_file(argv[1], PROOF_CAP, &in.v, &in.n, &e))
		die_err(&e);
	arena_init(&a, core_proof_ceiling(in.n));
	if (altered_read(&a, &in, &e))
		die_err(&e);
	altered_walk();
	snprintf(path, sizeof path, "%s.list", argv[2]);
	list = fopen(path, "w");
	if (list == NULL)
		die(EX_CANTCREAT, "cannot create %s:", path);
	for (uint64_t i = 0; i < number(argv[5]); i++) {
		uint64_t n = number(argv[4]) + i;

		alter_as(number(argv[3]), n);
		snprintf(path, sizeof path, "%s.%llu.bin", argv[2],
		    (unsigned long long)n);
		if (out_file(path, OUT_BINARY, -1, altered_out.v, altered_out.n, &e))
			die_err(&e);
		fprintf(list, "%llu\t%s\n", (unsigned long long)n, altered_what);
	}
	if (fclose(list))
		die(EX_IOERR, "cannot write the list:");
	free(altered_out.v);
	free(in.v);
	arena_free(&a);
	return 0;
}
