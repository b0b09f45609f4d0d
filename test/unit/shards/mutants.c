/*
 * Errors of one cell, in the traces of guests that use every chip: each is found, and
 * found where it is, or is in a cell that nothing reads in its row (or reads but to
 * ask that it be 0 or 1, which both say the same).
 *
 * trace_debug() goes over a whole shard: of a whole and sound one it must find nothing,
 * and a few errors are told to it.  The others are looked at alone, by the functions
 * that it calls: the constraints of the altered row; and, since all messages
 * cancel but for that row's, the row's new messages against its old ones.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/par.h"
#include "shards/public_values.h"
#include "shards/shards.h"
#include "shards/traces.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"
#include "vm/vm.h"

#define MAX_WIDTH 4096
#define MAX_CONSTRAINTS 8192
#define MAX_INTERACTIONS 2048
#define MAX_VALUES 128
#define MAX_CHIPS 128

static const struct guest {
	const char *name, *input;
	unsigned errors;	/* in all shards together; the long test: 40 times */
	unsigned whole;		/* told to trace_debug() in each; 10 times */
} guests[] = {
	{"isa", "isa-3", 80, 2}, {"mem", "mem-1000", 40, 0},
	{"io", "io", 40, 0}, {"fib", "fib-20", 40, 0},
	{"sha256", "bytes-55", 40, 0}, {"keccak256", "bytes-135", 40, 0},
	{"precompiles", "precompiles", 120, 0},
};

static const struct air_machine *machine;
static struct prover prover = {.backend = &backend_cpu, .params = &stark_core};
static uint64_t seed = 20;
static uint64_t hit[MAX_CHIPS];		/* errors, by chip */

static uint64_t
rnd(void)
{
	return splitmix64(&seed);
}

/* ---- a shard, and an error in it ---- */

struct shard {
	const struct proving_key *key;
	struct shard_events events;
	struct shard_trace trace;
};

struct place {
	const struct air_chip *chip;
	unsigned number;		/* of the chip in the cluster */
	size_t rows, row;
	unsigned cell;
	kb main[MAX_WIDTH], prep[MAX_WIDTH];	/* the row, sound */
};

static size_t
real_rows(const struct shard *s, const struct air_chip *c)
{
	for (const struct trace_chip *t = trace_chips; t->name; t++)
		if (!strcmp(t->name, c->name))
			return t->count(&s->events);
	return 0;
}

/* A chip with rows that had the fewest errors so far. */
static unsigned
choose_chip(const struct trace_shape *t)
{
	unsigned n = t->cluster->nchips, start = rnd() % n, best = n;

	for (unsigned k = start; k < start + n; k++) {
		unsigned i = k % n;

		if (t->rows[i] && (best == n ||
		    hit[t->cluster->chip[i]->index] <
		    hit[t->cluster->chip[best]->index]))
			best = i;
	}
	must(best < n);
	return best;
}

/* Of the chip's rows, more often a real one. */
static void
choose(struct place *p, const struct shard *s)
{
	const struct trace_shape *t = &s->trace.shape;
	unsigned i = choose_chip(t);
	const kb *prep = s->key->prep;
	size_t real;

	p->chip = t->cluster->chip[i];
	p->number = i;
	p->rows = t->rows[i];
	for (unsigned k = 0; k < i; k++)
		prep += t->rows[k] * t->cluster->chip[k]->prep_width;
	real = real_rows(s, p->chip);
	p->row = rnd() % (real && rnd() % 4 ? real : p->rows);
	p->cell = rnd() % p->chip->main_width;
	must(p->chip->main_width <= MAX_WIDTH &&
	    p->chip->prep_width <= MAX_WIDTH &&
	    p->chip->nconstraints <= MAX_CONSTRAINTS);
	prover.backend->trace_read(s->trace.cells, i, p->row, 1, p->main);
	for (unsigned j = 0; j < p->chip->prep_width; j++)
		p->prep[j] = prep[j * p->rows + p->row];
}

static kb
other_value(kb old)
{
	kb x;

	do {
		switch (rnd() % 4) {
		case 0: x = kb_add(old, KB_ONE); break;
		case 1: x = kb_sub(old, KB_ONE); break;
		case 2: x = kb_from((uint32_t)(rnd() % 256)); break;
		default: x = kb_from((uint32_t)(rnd() % KB_P)); break;
		}
	} while (x.v == old.v);
	return x;
}

/* ---- is it found? ---- */

/* What the debugger's functions print of the altered row; *unbalanced: the messages. */
static char *
debug_row(const struct shard *s, const struct place *p, const kb *altered,
    bool *constraint, size_t *unbalanced)
{
	static struct air_interaction flipped[MAX_INTERACTIONS];
	struct air_chip reverse = *p->chip;
	struct air_balance *b = air_balance_new();
	unsigned n = reverse.nsends + reverse.nreceives;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	must(f && b && n <= MAX_INTERACTIONS);
	for (unsigned i = 0; i < n; i++) {
		flipped[i] = reverse.interaction[i];
		flipped[i].send = !flipped[i].send;
	}
	reverse.interaction = flipped;
	*constraint = air_debug_row(p->chip, altered, p->prep,
	    s->trace.shape.public_values, f) >= 0;
	air_balance_add(b, p->chip, altered, p->prep, p->row);
	air_balance_add(b, &reverse, p->main, p->prep, p->row);
	*unbalanced = air_balance_report(b, f, 20);
	air_balance_free(b);
	must(fclose(f) == 0);
	return text;
}

/* Does the text begin with the place of one of the chip's interactions? */
static bool
described(const struct air_chip *c, const char *text)
{
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		size_t n = strlen(c->interaction[i].at);

		if (!strncmp(text, c->interaction[i].at, n) &&
		    strchr(",\n", text[n]))
			return true;
	}
	return false;
}

/* Does the report name chip and place? */
static bool
named(const char *text, const struct place *p, bool constraint)
{
	char want[200];
	unsigned index, total;
	const char *at;

	if (!constraint) {
		snprintf(want, sizeof want, "by %s row %zu at ", p->chip->name,
		    p->row);
		at = strstr(text, want);
		return at && described(p->chip, at + strlen(want));
	}
	snprintf(want, sizeof want, "%s: constraint ", p->chip->name);
	at = strstr(text, want);
	if (!at || sscanf(at + strlen(want), "%u of %u", &index, &total) != 2 ||
	    total != p->chip->nconstraints || index >= total)
		return false;
	snprintf(want, sizeof want, "made at %s\n",
	    p->chip->constraint_at[index]);
	return strstr(at, want) != NULL;
}

/* All that is read of a row: constraints' values; messages, where they are sent. */
struct reading {
	kb constraint[MAX_CONSTRAINTS];
	kb mult[MAX_INTERACTIONS], value[MAX_INTERACTIONS][MAX_VALUES];
};

static void
read_row(struct reading *r, const struct shard *s, const struct place *p,
    const kb *row)
{
	const struct air_chip *c = p->chip;

	memset(r, 0, sizeof *r);
	air_eval_row(c, row, p->prep, s->trace.shape.public_values, r->constraint);
	for (unsigned i = 0; i < c->nsends + c->nreceives; i++) {
		const struct air_interaction *x = &c->interaction[i];

		must(x->nvalues <= MAX_VALUES);
		r->mult[i] = air_affine_row(&x->mult, c->main_width, row,
		    p->prep);
		for (unsigned k = 0; r->mult[i].v && k < x->nvalues; k++)
			r->value[i][k] = air_affine_row(&x->value[k],
			    c->main_width, row, p->prep);
	}
}

/* At many values of the cell, nothing changes. */
static bool
unread(const struct shard *s, const struct place *p, kb *altered)
{
	static struct reading before, after;
	kb tried = altered[p->cell];
	bool same = true;

	read_row(&before, s, p, p->main);
	for (unsigned i = 0; i < 12 && same; i++) {
		altered[p->cell] = i < 2 ? kb_from(i) : other_value(
		    p->main[p->cell]);
		read_row(&after, s, p, altered);
		same = memcmp(&before, &after, sizeof before) == 0;
	}
	altered[p->cell] = tried;
	return same;
}

/* A Boolean that its row does not use but to ask that it be one: with 0 and with 1
 * all constraints hold and the messages are the same, so that both rows say the
 * same; with any other value a constraint does not hold. */
static bool
idle_boolean(const struct shard *s, const struct place *p, kb *altered)
{
	static struct reading before, after;
	kb tried = altered[p->cell];
	bool good = true;

	read_row(&before, s, p, p->main);
	for (unsigned i = 0; i < 12 && good; i++) {
		kb x = i < 2 ? kb_from(i) : other_value(tried);

		altered[p->cell] = x;
		read_row(&after, s, p, altered);
		good = (memcmp(&before, &after, sizeof before) == 0) ==
		    (kb_to(x) < 2);
	}
	altered[p->cell] = tried;
	return good;
}

/* The CPU's backend, which reads another value at one place. */
static const struct place *altered_at;
static kb altered_value;

static void
read_altered(const struct prover_trace *t, size_t c, size_t first, size_t n,
    kb *rows)
{
	const struct place *p = altered_at;

	backend_cpu.trace_read(t, c, first, n, rows);
	if (c == p->number && p->row >= first && p->row < first + n)
		rows[(p->row - first) * p->chip->main_width + p->cell] =
		    altered_value;
}

/* The whole shard, altered: the first failure that is told is that of the row. */
static bool
found_whole(const struct shard *s, const struct place *p, kb x, bool expected)
{
	struct prover_backend altered = backend_cpu;
	struct shard_trace t = s->trace;
	char *text = NULL, want[200];
	size_t size = 0, n;
	FILE *f = open_memstream(&text, &size);
	bool good;

	must(f);
	altered.trace_read = read_altered;
	t.backend = &altered;
	altered_at = p;
	altered_value = x;
	n = trace_debug(&t, s->key, f);
	must(fclose(f) == 0);
	snprintf(want, sizeof want, "%s: row %zu of", p->chip->name, p->row);
	good = (n > 0) == expected;
	if (strstr(text, ": constraint "))
		good = good && named(text, p, true) && strstr(text, want);
	else if (expected)
		good = good && strstr(text, "too many");
	free(text);
	return good;
}

struct tally { unsigned constraint, balance, unread, idle, wrong, whole; };

static void
make_error(const struct shard *s, struct tally *n, bool whole)
{
	static struct place p;
	kb altered[MAX_WIDTH];
	size_t unbalanced;
	bool constraint, good;
	char *text, name[128];

	choose(&p, s);
	hit[p.chip->index]++;
	memcpy(altered, p.main, sizeof altered);
	altered[p.cell] = other_value(p.main[p.cell]);
	text = debug_row(s, &p, altered, &constraint, &unbalanced);
	if (constraint)
		n->constraint++;
	else if (unbalanced)
		n->balance++;
	else if (idle_boolean(s, &p, altered))
		n->idle++;
	else
		n->unread++;
	good = constraint || unbalanced ? named(text, &p, constraint) :
	    idle_boolean(s, &p, altered) || unread(s, &p, altered);
	if (good && whole) {
		good = found_whole(s, &p, altered[p.cell],
		    constraint || unbalanced);
		n->whole++;
	}
	if (!good) {
		air_column_name(p.chip, p.cell, name, sizeof name);
		diag("%s row %zu of %zu, %s %u -> %u: %.200s", p.chip->name,
		    p.row, p.rows, name, kb_to(p.main[p.cell]),
		    kb_to(altered[p.cell]), *text ? text : "not found");
		n->wrong++;
	}
	free(text);
}

/* ---- errors that are in no row, or keep the trace from being made ---- */

static char *
debug_whole(const struct shard *s, size_t *failures)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	must(f);
	*failures = trace_debug(&s->trace, s->key, f);
	must(fclose(f) == 0);
	return text;
}

/* The first public value that a constraint reads. */
static void
test_public_value(struct shard *s)
{
	const struct air_chip *c = &machine->public_values;
	kb *pv = s->trace.shape.public_values;
	size_t n;
	char *text;
	unsigned i = 0;

	do {
		must(i < AIR_PUBLIC_VALUES);
		if (i)
			pv[i - 1] = kb_sub(pv[i - 1], KB_ONE);
		pv[i] = kb_add(pv[i], KB_ONE);
	} while (!air_eval_row(c, NULL, NULL, pv, NULL).v && ++i);
	text = debug_whole(s, &n);
	ok(n > 0 && strstr(text, "public values: constraint ") &&
	    strstr(text, "made at share/air/core/public_values.c:"),
	    "public value %u altered: %.60s...", i, text);
	pv[i] = kb_sub(pv[i], KB_ONE);
	free(text);
}

/* A register that is read before it was written: the difference has no lookup. */
static void
test_lookup(struct shard *s)
{
	struct rec_instr *r = s->events.instr[CHIP_Addi];
	uint64_t before = r->ts_b;
	struct err e = {0};
	size_t n = 0;
	char *text;
	int got;

	must(s->events.ninstr[CHIP_Addi] > 0);
	r->ts_b = r->clk + 8;
	got = traces_make(&s->trace, &prover, s->key, &s->events, &e);
	text = got == 1 ? debug_whole(s, &n) : NULL;
	ok(got == 1 && strncmp(e.msg, "Addi row 0: Byte (", 18) == 0,
	    "a lookup that is in no table: %s", e.msg);
	ok(n > 0 && strstr(text, "sent by Addi row 0"), "and the balance tells "
	    "of its row");
	if (got >= 0)
		trace_free(&s->trace);
	r->ts_b = before;
	free(text);
}

/* ---- a run ---- */

static int
to_file(void *ctx, const void *bytes, size_t len)
{
	return write_all(*(int *)ctx, bytes, len, "records", NULL);
}

static bool
run(const char *input, const struct rv_program *p, int fd)
{
	struct vm_config c = {.on_records = to_file, .ctx = &fd};
	char path[128];
	uint8_t *bytes;
	size_t len;
	struct vm *vm;
	struct err e;
	bool good;

	snprintf(path, sizeof path, "test/guest/inputs/%s.bin", input);
	if (read_file(path, 1 << 24, &bytes, &len, &e) < 0) {
		diag("%s", e.msg);
		return false;
	}
	vm = vm_new(p, &c, &e);
	good = vm && !vm_set_input(vm, bytes, len, &e) &&
	    vm_run(vm)->cause == VM_halted;
	if (vm)
		vm_free(vm);
	free(bytes);
	return good && lseek(fd, 0, SEEK_SET) == 0;
}

static unsigned
shards_of(const struct rv_program *p, int fd)
{
	struct shard_source source = {0};
	struct shard_events s;
	uint32_t code;
	struct err e;
	unsigned n = 0;

	if (shards_open(&source, fd, p, NULL, &e) < 0)
		return 0;
	while (shards_next(&source, &s, &code, &e) == 1) {
		shard_events_free(&s);
		n++;
	}
	shards_close(&source);
	return lseek(fd, 0, SEEK_SET) == 0 ? n : 0;
}

static bool
check_shard(struct shard *s, unsigned whole, unsigned errors,
    struct tally *n, struct err *e)
{
	static const uint32_t nonce[4];

	if (shard_prepare(&s->events, e) < 0)
		return false;
	public_values_fill(&s->events, nonce);
	if (traces_make(&s->trace, &prover, s->key, &s->events, e) < 0)
		return false;
	if (whole && trace_debug(&s->trace, s->key, stdout)) {
		err_set(e, EX_SOFTWARE, "the sound shard is not");
		trace_free(&s->trace);
		return false;
	}
	for (unsigned i = 0; i < errors; i++)
		make_error(s, n, i < whole);
	if (whole)
		test_public_value(s);
	trace_free(&s->trace);
	if (whole)
		test_lookup(s);
	return true;
}

static void
check_guest(const struct guest *g, bool longer)
{
	int fd = memfd_create("records", MFD_CLOEXEC);
	struct shard_source source = {0};
	struct proving_key key = {0};
	struct shard s = {.key = &key};
	unsigned shards = 0, k = 0, total = g->errors * (longer ? 40 : 1);
	struct rv_program p;
	struct tally n = {0};
	struct err e = {0};
	uint32_t code;
	char path[128];
	bool good;

	snprintf(path, sizeof path, "test/guest/%s.elf", g->name);
	good = rv_load_file(&p, path, &e) == 0 && run(g->input, &p, fd) &&
	    (shards = shards_of(&p, fd)) > 0 &&
	    setup_key(&key, &p, &e) == 0 &&
	    shards_open(&source, fd, &p, NULL, &e) == 0;
	while (good && shards_next(&source, &s.events, &code, &e) == 1) {
		good = check_shard(&s, g->whole * (longer ? 10 : 1), total * (k + 1) / shards -
		    total * k / shards, &n, &e);
		shard_events_free(&s.events);
		k++;
	}
	ok(good && k == shards && n.wrong == 0, "%s, %u shards, %u errors: %u "
	    "break a constraint, %u the balance, %u are in cells that nothing "
	    "reads, %u in idle Booleans; %u told to the whole debugger%s%s",
	    g->name, shards, n.constraint + n.balance + n.unread + n.idle,
	    n.constraint, n.balance, n.unread, n.idle, n.whole,
	    good ? "" : ": ", good ? "" : e.msg);
	shards_close(&source);
	setup_free(&key);
	rv_free(&p);
	close(fd);
}

int
main(void)
{
	unsigned chips = 0;

	par_start(0);
	prover.machine = machine = air_machine_riscv();
	must(machine->nchips <= MAX_CHIPS);
	for (size_t i = 0; i < sizeof guests / sizeof *guests; i++)
		check_guest(&guests[i], getenv("CHECK_LONG") != NULL);
	for (unsigned i = 0; i < machine->nchips; i++) {
		chips += hit[i] > 0;
		if (!hit[i])
			diag("%s: no error", machine->chip[i].name);
	}
	ok(chips == machine->nchips, "errors in %u of %u chips", chips, machine->nchips);
	return done_testing();
}
