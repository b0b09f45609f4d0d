#include "test/lib/cell_errors.h"

#include <stdlib.h>
#include <string.h>

#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

#define MAX_CONSTRAINTS 8192
#define MAX_INTERACTIONS 2048
#define MAX_VALUES 128

static uint64_t seed = 20;
uint64_t cell_errors[CELL_MAX_CHIPS];

static uint64_t
rnd(void)
{
	return splitmix64(&seed);
}

/* ---- a place ---- */

/* A chip with rows that had the fewest errors so far. */
static unsigned
choose_chip(const struct trace_shape *t)
{
	unsigned n = t->cluster->nchips, start = rnd() % n, best = n;

	for (unsigned k = start; k < start + n; k++) {
		unsigned i = k % n;

		if (t->rows[i] && (best == n ||
		    cell_errors[t->cluster->chip[i]->index] <
		    cell_errors[t->cluster->chip[best]->index]))
			best = i;
	}
	must(best < n);
	return best;
}

/* Of the chip's rows, most often a real one; the last of these, and padding too. */
static void
choose(struct cell_place *p, const struct cell_trace *t)
{
	const struct trace_shape *s = &t->trace->shape;
	unsigned i = choose_chip(s);
	const kb *prep = t->key->prep;
	size_t real;

	p->chip = s->cluster->chip[i];
	p->number = i;
	p->rows = s->rows[i];
	for (unsigned k = 0; k < i; k++)
		prep += s->rows[k] * s->cluster->chip[k]->prep_width;
	real = t->real_rows(t->ctx, p->chip);
	p->real = real;
	switch (rnd() % 8) {
	case 0:
		p->row = real ? real - 1 : 0;
		break;
	case 1:
		p->row = real < p->rows ? real + rnd() % (p->rows - real) : 0;
		break;
	default:
		p->row = rnd() % (real ? real : p->rows);
	}
	p->cell = rnd() % p->chip->main_width;
	must(p->chip->main_width <= CELL_MAX_WIDTH &&
	    p->chip->prep_width <= CELL_MAX_WIDTH &&
	    p->chip->nconstraints <= MAX_CONSTRAINTS);
	t->trace->backend->trace_read(t->trace->cells, i, p->row, 1, p->main);
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
debug_row(const struct cell_trace *t, const struct cell_place *p, const kb *altered,
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
	    t->trace->shape.public_values, f) >= 0;
	air_balance_add(b, p->chip, altered, p->prep, p->row);
	air_balance_add(b, &reverse, p->main, p->prep, p->row);
	*unbalanced = air_balance_report(b, NULL, f, 20);
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
named(const char *text, const struct cell_place *p, bool constraint)
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
read_row(struct reading *r, const struct cell_trace *t, const struct cell_place *p,
    const kb *row)
{
	const struct air_chip *c = p->chip;

	memset(r, 0, sizeof *r);
	air_eval_row(c, row, p->prep, t->trace->shape.public_values, r->constraint);
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
unread(const struct cell_trace *t, const struct cell_place *p, kb *altered)
{
	static struct reading before, after;
	kb tried = altered[p->cell];
	bool same = true;

	read_row(&before, t, p, p->main);
	for (unsigned i = 0; i < 12 && same; i++) {
		altered[p->cell] = i < 2 ? kb_from(i) : other_value(
		    p->main[p->cell]);
		read_row(&after, t, p, altered);
		same = memcmp(&before, &after, sizeof before) == 0;
	}
	altered[p->cell] = tried;
	return same;
}

/* A Boolean that its row does not use but to ask that it be one: with 0 and with 1
 * all constraints hold and the messages are the same, so that both rows say the
 * same; with any other value a constraint does not hold. */
static bool
idle_boolean(const struct cell_trace *t, const struct cell_place *p, kb *altered)
{
	static struct reading before, after;
	kb tried = altered[p->cell];
	bool good = true;

	read_row(&before, t, p, p->main);
	for (unsigned i = 0; i < 12 && good; i++) {
		kb x = i < 2 ? kb_from(i) : other_value(tried);

		altered[p->cell] = x;
		read_row(&after, t, p, altered);
		good = (memcmp(&before, &after, sizeof before) == 0) ==
		    (kb_to(x) < 2);
	}
	altered[p->cell] = tried;
	return good;
}

/* The CPU's backend, which reads another value at one place. */
static const struct cell_place *altered_at;
static kb altered_value;

static void
read_altered(const struct prover_trace *t, size_t c, size_t first, size_t n,
    kb *rows)
{
	const struct cell_place *p = altered_at;

	backend_cpu.trace_read(t, c, first, n, rows);
	if (c == p->number && p->row >= first && p->row < first + n)
		rows[(p->row - first) * p->chip->main_width + p->cell] =
		    altered_value;
}

/* The whole shard, altered: the first failure that is told is that of the row. */
/* The whole trace, altered: the first failure that is told is that of the row, with what
 * that was made of. */
static bool
found_whole(const struct cell_trace *t, const struct cell_place *p, kb x, bool expected)
{
	struct prover_backend altered = backend_cpu;
	const char *origin = t->origin && p->row < p->real ? " (instruction " : "";
	struct shard_trace s = *t->trace;
	char *text = NULL, want[200];
	size_t size = 0, n;
	FILE *f = open_memstream(&text, &size);
	bool good;

	must(f);
	altered.trace_read = read_altered;
	s.backend = &altered;
	altered_at = p;
	altered_value = x;
	n = trace_debug(&s, t->key, t->origin, f);
	must(fclose(f) == 0);
	good = (n > 0) == expected;
	if (strstr(text, ": constraint ")) {
		snprintf(want, sizeof want, "%s: row %zu of %zu%s", p->chip->name,
		    p->row, p->rows, origin);
		good = good && named(text, p, true) && strstr(text, want);
	} else if (expected) {
		snprintf(want, sizeof want, " by %s row %zu%s", p->chip->name,
		    p->row, *origin ? origin : " at ");
		good = good && strstr(text, "too many") && strstr(text, want);
	}
	if (!good)
		diag("want \"%s\": %.500s", want, text);
	free(text);
	return good;
}

static bool
nothing_tells(const struct cell_trace *t, const struct cell_place *p, kb *altered,
    bool idle)
{
	if (!idle && !unread(t, p, altered))
		return false;
	return t->may_be_free == NULL || t->may_be_free(t->ctx, p);
}

void
cell_error(const struct cell_trace *t, struct cell_tally *n, bool whole)
{
	static struct cell_place p;
	kb altered[CELL_MAX_WIDTH];
	size_t unbalanced;
	bool constraint, good, idle = false;
	char *text, name[128];

	choose(&p, t);
	cell_errors[p.chip->index]++;
	memcpy(altered, p.main, sizeof altered);
	altered[p.cell] = other_value(p.main[p.cell]);
	text = debug_row(t, &p, altered, &constraint, &unbalanced);
	if (constraint)
		n->constraint++;
	else if (unbalanced)
		n->balance++;
	else if ((idle = idle_boolean(t, &p, altered)))
		n->idle++;
	else
		n->unread++;
	good = constraint || unbalanced ? named(text, &p, constraint) :
	    nothing_tells(t, &p, altered, idle);
	if (good && whole) {
		good = found_whole(t, &p, altered[p.cell],
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
