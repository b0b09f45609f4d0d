#include "test/lib/assertions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/lib/tap.h"

#define FOLDER "enclave/recursion/"

/* The subtraction before an assertion: what it gives is what is lacking. */
static uint32_t
difference(const struct asserted *s, size_t k)
{
	const struct instr *i = &s->p.instr[s->p.assertion[k].instr - 1];

	must(i->op == OP_SUB_F || i->op == OP_SUB_E);
	return s->p.operand[i->first];
}

/* The operand that makes it fail. */
static uint32_t *
failing_operand(const struct asserted *s, size_t k)
{
	const struct instr *i = &s->p.instr[s->p.assertion[k].instr];

	return &s->p.operand[i->first + (s->ne[k] ? 2 : 1)];
}

/* In place, or taken out. */
static void
set_assertion(struct asserted *s, size_t k, bool in_place)
{
	uint32_t *o = failing_operand(s, k);

	*o = in_place ? difference(s, k) : s->ne[k] ? o[-1] : o[1];
}

static void
set_all(struct asserted *s, bool in_place)
{
	for (size_t k = 0; k < s->p.nassertions; k++)
		set_assertion(s, k, in_place);
}

/* All are taken out when it returns. */
static void
find_sites(struct asserted *s)
{
	size_t n = s->p.nassertions;

	s->site = calloc(n, sizeof *s->site);
	s->of = calloc(n, sizeof *s->of);
	s->ne = calloc(n, sizeof *s->ne);
	s->lack = calloc(n, sizeof *s->lack);
	s->fails = calloc(n, sizeof *s->fails);
	must(n > 0 && s->site && s->of && s->ne && s->lack && s->fails);
	for (size_t k = 0; k < n; k++) {
		const struct instr *i = &s->p.instr[s->p.assertion[k].instr];
		size_t j = 0;

		s->ne[k] = s->p.operand[i->first + 2] == difference(s, k);
		must(*failing_operand(s, k) == difference(s, k));
		while (j < s->nsites && strcmp(s->site[j], s->p.assertion[k].at))
			j++;
		if (j == s->nsites)
			s->site[s->nsites++] = s->p.assertion[k].at;
		s->of[k] = j;
	}
}

static void *
copied(const void *v, size_t size)
{
	void *c = malloc(size);

	must(c);
	return memcpy(c, v, size);
}

static bool
runs(struct asserted *s, struct run_memory *m, struct err *e)
{
	if (program_run(m, &s->p, &s->w, e))
		return false;
	if (s->memory)
		run_memory_free(m);
	return true;
}

void
asserted_init(struct asserted *s, struct program *p, struct witness *w)
{
	struct run_memory m;
	struct err e;

	*s = (struct asserted){.p = *p, .w = *w};
	find_sites(s);
	set_all(s, false);
	must(runs(s, &m, &e));
	s->memory = m.v;
	s->nconstants = s->p.nconstants;
	s->valid = copied(w->v, w->n * sizeof *w->v);
	s->pinned = calloc(s->p.naddrs, sizeof *s->pinned);
	must(s->pinned);
}

void
asserted_free(struct asserted *s)
{
	program_free(&s->p);
	free(s->w.v);
	free(s->site);
	free(s->of);
	free(s->ne);
	free(s->lack);
	free(s->fails);
	free(s->memory);
	free(s->valid);
	free(s->pinned);
}

/* ---- what is pinned ---- */

/* A constant of the program, which no instruction writes. */
void
asserted_pin(struct asserted *s, size_t i)
{
	struct program *p = &s->p;
	struct instr *in = &p->instr[i];

	for (unsigned k = 0; k < instr_outputs(in); k++) {
		uint32_t addr = p->operand[in->first + k];

		if (p->nconstants == p->constants_cap) {
			p->constants_cap = 2 * p->constants_cap + 1;
			p->constant = realloc(p->constant, p->constants_cap *
			    sizeof *p->constant);
			must(p->constant);
		}
		p->constant[p->nconstants++] = (struct constant){
			.value = s->memory[addr], .addr = addr
		};
		s->pinned[addr] = (uint32_t)p->nconstants;
	}
	in->op = OP_COMMIT;	/* not the last one: it does nothing */
	in->n = 0;
}

void
asserted_pin_hashes(struct asserted *s)
{
	for (size_t i = 0; i < s->p.ninstrs; i++)
		if (s->p.instr[i].op == OP_POSEIDON2)
			asserted_pin(s, i);
}

ef *
asserted_pinned(struct asserted *s, uint32_t addr)
{
	must(s->pinned[addr] > 0);
	return &s->p.constant[s->pinned[addr] - 1].value;
}

void
asserted_restore(struct asserted *s)
{
	memcpy(s->w.v, s->valid, s->w.n * sizeof *s->valid);
	for (size_t i = s->nconstants; i < s->p.nconstants; i++)
		s->p.constant[i].value = s->memory[s->p.constant[i].addr];
}

void
asserted_keep(struct asserted *s)
{
	memcpy(s->valid, s->w.v, s->w.n * sizeof *s->valid);
}

/* ---- verdicts ---- */

static bool
is_bit(const ef *x)
{
	return ef_is_zero(*x) || ef_eq(*x, EF_ONE);
}

/* What chips' constraints say of an instruction's operands, and no assertion does. */
static bool
chip_holds(const struct asserted *s, const struct instr *i, const ef *v)
{
	const uint32_t *o = s->p.operand + i->first;
	unsigned n = (i->n - 2) / 4;
	bool good = true;

	if (i->op == OP_SELECT)
		return is_bit(&v[o[2]]);
	if (i->op == OP_PREFIX_SUMS)
		for (unsigned k = 0; k < n; k++)
			good = good && is_bit(&v[o[2 * n + 2 + k]]);
	return good;
}

bool
asserted_probe(struct asserted *s)
{
	struct run_memory m;
	struct err e;

	if (program_run(&m, &s->p, &s->w, &e))
		return false;
	memset(s->fails, 0, s->nsites * sizeof *s->fails);
	for (size_t k = 0; k < s->p.nassertions; k++) {
		s->lack[k] = m.v[difference(s, k)];
		if (ef_is_zero(s->lack[k]) == s->ne[k])
			s->fails[s->of[k]] = true;
	}
	s->chips_hold = true;
	for (size_t i = 0; i < s->p.ninstrs && s->chips_hold; i++)
		s->chips_hold = chip_holds(s, &s->p.instr[i], m.v);
	run_memory_free(&m);
	return true;
}

size_t
asserted_failing(const struct asserted *s)
{
	size_t n = 0;

	for (size_t j = 0; j < s->nsites; j++)
		n += s->fails[j];
	return n;
}

bool
asserted_accepted(struct asserted *s)
{
	struct run_memory m;
	struct err e;
	bool good;

	set_all(s, true);
	good = runs(s, &m, &e);
	set_all(s, false);
	return good;
}

bool
asserted_told_by(struct asserted *s, const char *site)
{
	struct run_memory m;
	struct err e;
	bool good;

	set_all(s, true);
	good = !runs(s, &m, &e) && e.status == EX_NO && strstr(e.msg, site);
	for (size_t k = 0; k < s->p.nassertions; k++)
		if (!strcmp(s->p.assertion[k].at, site))
			set_assertion(s, k, false);
	good = good && runs(s, &m, &e);
	set_all(s, false);
	return good;
}

/* ---- places ---- */

struct place { char file[64]; unsigned line; };

/* Of a site in another folder: no file. */
static struct place
place_of(const char *site)
{
	struct place p;

	if (sscanf(site, FOLDER "%63[^:]:%u", p.file, &p.line) != 2)
		p = (struct place){.line = 0};
	return p;
}

static FILE *
open_source(const char *file)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, FOLDER "%s", file);
	f = fopen(path, "r");
	must(f);
	return f;
}

/* The line of "FILE: TEXT" or "FILE: BEFORE ... TEXT". */
static struct place
line_of(const char *place)
{
	char buf[256], text[2][128] = {"", ""};
	struct place p = {.line = 0};
	FILE *f;
	int k = 0;

	must(sscanf(place, "%63[^:]: %127[^\n]", p.file, text[0]) == 2);
	if (strstr(text[0], " ... ")) {
		strcpy(text[1], strstr(text[0], " ... ") + 5);
		*strstr(text[0], " ... ") = '\0';
	}
	f = open_source(p.file);
	while (k < 2 && *text[k]) {
		if (!fgets(buf, sizeof buf, f)) {
			diag("%s is not there", place);
			abort();
		}
		p.line++;
		if (strstr(buf, text[k]))
			k++;
	}
	fclose(f);
	return p;
}

const char *
site_at(const char *const *site, size_t n, const char *place)
{
	const char *best = NULL;
	struct place from = line_of(place);
	unsigned nearest = UINT32_MAX;

	for (size_t j = 0; j < n; j++) {
		struct place p = place_of(site[j]);

		if (!strcmp(p.file, from.file) && p.line >= from.line &&
		    p.line < nearest) {
			best = site[j];
			nearest = p.line;
		}
	}
	must(best);
	return best;
}

const char *
asserted_site(const struct asserted *s, const char *place)
{
	return site_at(s->site, s->nsites, place);
}

bool
site_in(const char *site, const char *files)
{
	struct place p = place_of(site);
	size_t n = strlen(p.file);

	if (n == 0)
		return false;
	for (const char *f = files; (f = strstr(f, p.file)) != NULL; f += n)
		if ((f == files || f[-1] == ' ') && strchr(" ", f[n]))
			return true;
	return false;
}

size_t
asserted_assertion(const struct asserted *s, const char *site, size_t n)
{
	for (size_t k = 0; k < s->p.nassertions; k++)
		if (!strcmp(s->p.assertion[k].at, site) && n-- == 0)
			return k;
	must(0);
}

const char *
site_text(const char *site)
{
	static char buf[256];
	struct place p = place_of(site);
	FILE *f = open_source(p.file);

	while (p.line-- > 0)
		must(fgets(buf, sizeof buf, f));
	fclose(f);
	buf[strcspn(buf, "\n")] = '\0';
	return buf + strspn(buf, "\t ");
}
