/*
 * Chips replayed in the stock's order: test/vectors/recursion-chips.tsv has machine,
 * chip, instructions and the SHA-256 of their text, of the constraints on variables
 * and then of every interaction.
 *
 *	chips.t -p CHIP		prints a RISC-V chip's
 */
#include "recursion/verify.h"
#include "test/lib/recursion_text.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/recursion-chips.tsv"
#define NBETAS 128

static ext *
hints(struct circuit *c, unsigned n)
{
	ext *v = circuit_alloc(c, n, sizeof *v);

	for (unsigned i = 0; i < n; i++)
		v[i] = hint_ext(c);
	return v;
}

static void
interactions(struct circuit *c, const struct replay *r, unsigned n,
    const struct fingerprint_var *f, const struct chip_var *columns)
{
	for (unsigned i = 0; i < n; i++) {
		struct fraction_var x = replay_interaction(c, r, i, f, columns);

		e_eval(c, x.numerator);
		e_eval(c, x.denominator);
	}
}

static void
build(struct program *p, const struct air_chip *chip)
{
	felt public_values[STARK_PUBLIC_VALUES];
	struct fingerprint_var f;
	struct chip_var columns;
	struct replay *r;
	struct circuit c;
	ext alpha;

	program_init(p);
	circuit_init(&c, p, false);
	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		public_values[i] = hint_felt(&c);
	alpha = hint_ext(&c);
	columns.main = hints(&c, chip->main_width);
	columns.prep = hints(&c, chip->prep_width);
	f.alpha = e_var(alpha);
	f.beta = symbolic(&c, hints(&c, NBETAS), NBETAS);
	r = replay_new(&c, chip);
	replay_constraints(&c, r, &columns, public_values, alpha);
	interactions(&c, r, chip->nsends + chip->nreceives, &f, &columns);
	replay_free(r);
	circuit_free(&c);
}

static const struct air_chip *
find(const char *machine, const char *name)
{
	const struct air_machine *m = strcmp(machine, "riscv") == 0 ?
	    air_machine_riscv() : air_machine_compress();

	return air_chip_by_name(m, name, strlen(name));
}

static void
against_vectors(const char *line)
{
	char machine[16], name[64], want[65], hex[65];
	const struct air_chip *chip;
	struct program p;
	size_t n;

	if (sscanf(line, "%15s %63s %zu %64s", machine, name, &n, want) != 4 ||
	    (chip = find(machine, name)) == NULL) {
		ok(0, "%s", line);
		return;
	}
	build(&p, chip);
	is_int(program_length(&p), n, "%s: instructions", name);
	text_hash(hex, &p, 0, program_length(&p));
	is_str(hex, want, "%s", name);
	program_free(&p);
}

int
main(int argc, char **argv)
{
	char line[256];
	FILE *f;

	if (argc == 3 && strcmp(argv[1], "-p") == 0) {
		const struct air_chip *chip = find("riscv", argv[2]);
		struct text t = {NULL, 0, 0};
		struct program p;

		if (chip == NULL)
			return 1;
		build(&p, chip);
		for (size_t k = 0; k < program_length(&p); k++)
			fputs(text_line(&t, &p, k), stdout);
		return 0;
	}
	f = fopen(VECTORS, "r");
	ok(f != NULL, "%s", VECTORS);
	while (f && fgets(line, sizeof line, f))
		against_vectors(line);
	return done_testing();
}
