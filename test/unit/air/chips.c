/*
 * Every chip against the stock machine on two seeded rows: constraints in order,
 * sends and receives in order.  test/vectors/air/chips.tsv has the FNV-1a fold of
 * each list (recursion.tsv for the recursion machines, whose name comes first);
 * ../shared has the lists, for the first difference.
 *
 * With arguments: only the chips so named, quietly skipping the others.
 */
#include "air/air.h"
#include "test/lib/air_seed.h"
#include "test/lib/tap.h"

#define VECTORS "test/vectors/air/chips.tsv"
#define RECURSION "test/vectors/air/recursion.tsv"
#define FULL "../shared/vectors/own/air/air.jsonl"

struct row {
	const struct air_chip *chip;
	kb main[4096], prep[64], public_values[AIR_PUBLIC_VALUES];
	kb constraints[4096];
	/* Each interaction as kind, multiplicity, values. */
	size_t nsends, nreceives;
	uint32_t sends[1 << 16], receives[1 << 16];
};

static void
add_interaction(struct row *r, const struct air_interaction *x)
{
	const struct air_chip *c = r->chip;
	uint32_t *out = x->send ? r->sends + r->nsends :
	    r->receives + r->nreceives;
	size_t n = 0;

	out[n++] = x->kind;
	out[n++] = kb_to(air_affine_row(&x->mult, c->main_width, r->main,
	    r->prep));
	for (unsigned i = 0; i < x->nvalues; i++)
		out[n++] = kb_to(air_affine_row(&x->value[i], c->main_width,
		    r->main, r->prep));
	*(x->send ? &r->nsends : &r->nreceives) += n;
}

static void
make_row(struct row *r, const struct air_chip *c, unsigned n)
{
	r->chip = c;
	for (unsigned i = 0; i < c->main_width; i++)
		r->main[i] = seeded(1, n, i);
	for (unsigned i = 0; i < c->prep_width; i++)
		r->prep[i] = seeded(0, n, i);
	for (unsigned i = 0; i < AIR_PUBLIC_VALUES; i++)
		r->public_values[i] = seeded(2, n, i);
	air_eval_row(c, r->main, r->prep, r->public_values, r->constraints);
	r->nsends = r->nreceives = 0;
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++)
		add_interaction(r, &c->interaction[i]);
}

/* ---- the full lists ---- */

static char *full;

static const char *
find_line(const char *machine, const char *chip, unsigned row)
{
	char key[128];
	const char *p = full;

	snprintf(key, sizeof key, "{\"machine\":\"%s\",\"chip\":\"%s\",",
	    machine, chip);
	while (p && (p = strstr(p, key))) {
		const char *r = strstr(p, "\"row\":");

		if (r && strtoul(r + 6, NULL, 10) == row)
			return p;
		p++;
	}
	return NULL;
}

/* The numbers between p and the next occurrence of `end`, in order. */
static size_t
numbers(const char *p, const char *end, uint32_t *out, size_t max)
{
	const char *stop = strstr(p, end);
	size_t n = 0;

	while (p < stop && n < max) {
		if (*p < '0' || *p > '9') {
			p++;
			continue;
		}
		out[n++] = (uint32_t)strtoul(p, (char **)&p, 10);
	}
	return n;
}

static void
compare(const char *chip, const char *what, const uint32_t *got,
    size_t n, const uint32_t *want, size_t m)
{
	size_t i = 0;

	while (i < n && i < m && got[i] == want[i])
		i++;
	if (i == n && i == m)
		return;
	diag("%s: %s: first difference at number %zu of %zu (stock has %zu)",
	    chip, what, i, n, m);
	for (size_t j = i > 3 ? i - 3 : 0; j < i + 6; j++)
		diag("  %zu: %u, stock %u", j, j < n ? got[j] : 0,
		    j < m ? want[j] : 0);
}

static void
explain(struct row *r, const char *machine, unsigned n)
{
	static uint32_t want[1 << 16], got[4096];
	const struct air_chip *c = r->chip;
	const char *line = full ? find_line(machine, c->name, n) : NULL;
	const char *p;
	size_t m;

	if (!line) {
		diag("%s has the lists, but is not here", FULL);
		return;
	}
	for (unsigned i = 0; i < c->nconstraints; i++)
		got[i] = kb_to(r->constraints[i]);
	p = strstr(line, "\"constraints\":");
	m = numbers(p, "]", want, 1 << 16);
	compare(c->name, "constraints", got, c->nconstraints, want, m);
	for (unsigned i = 0; i < c->nconstraints && i < m; i++) {
		if (got[i] == want[i])
			continue;
		diag("  constraint %u is made at %s", i, c->constraint_at[i]);
		break;
	}
	p = strstr(line, "\"sends\":");
	m = numbers(p, "\"receives\"", want, 1 << 16);
	compare(c->name, "sends", r->sends, r->nsends, want, m);
	p = strstr(line, "\"receives\":");
	m = numbers(p, "\n", want, 1 << 16);
	compare(c->name, "receives", r->receives, r->nreceives, want, m);
}

static uint64_t
fold(const uint32_t *v, size_t n)
{
	uint64_t h = FNV1A_START;

	for (size_t i = 0; i < n; i++)
		h = fnv1a(h, v[i]);
	return h;
}

static void
read_full(void)
{
	FILE *f = fopen(FULL, "rb");
	long size;

	if (!f)
		return;
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	full = malloc((size_t)size + 1);
	if (full)
		full[fread(full, 1, (size_t)size, f)] = 0;
	fclose(f);
}

/* One line of a table, without the machine. */
struct line {
	char chip[64];
	unsigned row, main_width, prep_width, nconstraints;
	uint64_t constraints, sends, receives;
};

static int
read_line(FILE *f, struct line *l)
{
	return fscanf(f, "%63s %u %u %u %u %lx %lx %lx", l->chip, &l->row,
	    &l->main_width, &l->prep_width, &l->nconstraints,
	    &l->constraints, &l->sends, &l->receives) == 8;
}

static void
compare_line(const char *machine, const struct air_chip *c,
    const struct line *l)
{
	static struct row r;
	uint64_t h = FNV1A_START;

	make_row(&r, c, l->row);
	for (unsigned i = 0; i < c->nconstraints; i++)
		h = fnv1a(h, kb_to(r.constraints[i]));
	if (!ok(c->main_width == l->main_width &&
	    c->prep_width == l->prep_width &&
	    c->nconstraints == l->nconstraints && h == l->constraints &&
	    fold(r.sends, r.nsends) == l->sends &&
	    fold(r.receives, r.nreceives) == l->receives,
	    "%s: %s, row %u: %u + %u columns, %u constraints, %u "
	    "interactions, %u slots", machine, c->name, l->row, l->main_width,
	    l->prep_width, l->nconstraints, c->nsends + c->nreceives,
	    c->prog.nslots))
		explain(&r, machine, l->row);
}

static void
compare_riscv(int argc, char **argv)
{
	const struct air_machine *m = air_machine_riscv();
	unsigned seen = 0;
	struct line l;
	FILE *f = fopen(VECTORS, "r");

	if (!ok(f != NULL, "open %s", VECTORS))
		return;
	while (read_line(f, &l)) {
		const struct air_chip *c = air_chip_by_name(m, l.chip,
		    strlen(l.chip));
		bool wanted = argc == 1;

		for (int i = 1; i < argc; i++)
			wanted |= strcmp(argv[i], l.chip) == 0;
		if (!c || !wanted)
			continue;
		seen++;
		compare_line("riscv", c, &l);
	}
	fclose(f);
	if (argc == 1)
		is_int(seen, 2 * m->nchips, "every chip was compared");
}

/* The shrink machine is the compress machine. */
static void
compare_recursion(void)
{
	const struct air_machine *m;
	unsigned seen = 0;
	char machine[64];
	struct line l;
	FILE *f = fopen(RECURSION, "r");

	if (!ok(f != NULL, "open %s", RECURSION))
		return;
	while (fscanf(f, "%63s", machine) == 1 && read_line(f, &l)) {
		const struct air_chip *c;

		m = strcmp(machine, "wrap") == 0 ? air_machine_wrap() :
		    air_machine_compress();
		c = air_chip_by_name(m, l.chip, strlen(l.chip));
		if (!ok(c != NULL, "%s has %s", machine, l.chip))
			continue;
		seen++;
		compare_line(machine, c, &l);
	}
	fclose(f);
	is_int(seen, 4 * air_machine_compress()->nchips +
	    2 * air_machine_wrap()->nchips, "every chip was compared");
}

int
main(int argc, char **argv)
{
	read_full();
	compare_riscv(argc, argv);
	if (argc == 1)
		compare_recursion();
	free(full);
	return done_testing();
}
