#include "test/lib/forged.h"

#include <stdlib.h>
#include <string.h>

#include "air/air.h"
#include "test/lib/tap.h"

void
forged_read(struct forged *f, struct proof_shape shape)
{
	f->shape = shape;
	program_init(&f->read);
	circuit_init(&f->c, &f->read, false);
	proof_shape_finish(&f->c, &f->shape);
	input_vk(&f->c, &f->vk);
	input_proof(&f->c, &f->p, &f->shape);
}

void
forged_free(struct forged *f)
{
	circuit_free(&f->c);
	program_free(&f->read);
	asserted_free(&f->s);
}

/* ---- values ---- */

ef *
ext_at(struct forged *f, ext x)
{
	must(x.addr < f->s.w.n);
	return &f->s.w.v[x.addr];
}

kb *
felt_at(struct forged *f, felt x)
{
	return &ext_at(f, (ext){x.addr})->c[0];
}

void
add_to_felt(struct forged *f, felt x, uint32_t more)
{
	kb *v = felt_at(f, x);

	*v = kb_add(*v, kb_from(more));
}

void
add_to_ext(struct forged *f, ext x, ef more)
{
	ef *v = ext_at(f, x);

	*v = ef_add(*v, more);
}

void
set_bits(struct forged *f, const felt *bit, unsigned n, uint64_t x)
{
	must(x >> n == 0);
	for (unsigned i = 0; i < n; i++)
		*felt_at(f, bit[i]) = kb_from(x >> (n - 1 - i) & 1);
}

uint64_t
bits_at(struct forged *f, const felt *bit, unsigned n)
{
	uint64_t x = 0;

	for (unsigned i = 0; i < n; i++)
		x = 2 * x + kb_to(*felt_at(f, bit[i]));
	return x;
}

void
pin_hint(struct forged *f, uint32_t addr)
{
	const struct program *p = &f->s.p;

	for (size_t i = 0; i < p->ninstrs; i++)
		for (unsigned k = 0; k < instr_outputs(&p->instr[i]); k++)
			if (p->operand[p->instr[i].first + k] == addr) {
				must(p->instr[i].op >= OP_HINT_BITS &&
				    p->instr[i].op <= OP_HINT_CURVE);
				asserted_pin(&f->s, i);
				return;
			}
	must(0);
}

uint32_t
compared(const struct forged *f, size_t assertion, int which)
{
	const struct program *p = &f->s.p;
	uint32_t i = p->assertion[assertion].instr - 1;

	return p->operand[p->instr[i].first + 1 + which];
}

static size_t
assertion(const struct forged *f, const char *place, size_t n)
{
	return asserted_assertion(&f->s, asserted_site(&f->s, place), n);
}

ef
lack(const struct forged *f, const char *place, size_t n)
{
	return f->s.lack[assertion(f, place, n)];
}

void
probe(struct forged *f)
{
	must(asserted_probe(&f->s));
}

/* ---- sumchecks ---- */

void
bend(struct forged *f, const struct sumcheck_var *s, unsigned i, ef sum, ef at)
{
	/* a + b x, 2 a + b = sum, a + b alpha = at */
	ef alpha = f->s.valid[s->point[s->nrounds - 1 - i].addr];
	ef a = ef_mul(ef_sub(at, ef_mul(alpha, sum)),
	    ef_inv(ef_sub(EF_ONE, ef_add(alpha, alpha))));
	const ext *c = s->coeff + (size_t)i * s->ncoeffs;

	add_to_ext(f, c[0], a);
	add_to_ext(f, c[1], ef_sub(sum, ef_add(a, a)));
}

void
shift_claim(struct forged *f, const struct sumcheck_var *s, ef more)
{
	add_to_ext(f, s->claim, more);
	bend(f, s, 0, more, EF_ZERO);
}

void
shift_eval(struct forged *f, const struct sumcheck_var *s, ef more)
{
	add_to_ext(f, s->eval, more);
	bend(f, s, s->nrounds - 1, EF_ZERO, more);
}

/* ---- repairs ---- */

void
cancel(struct forged *f, ext x, ext y, size_t k)
{
	ef before, slope;

	add_to_ext(f, x, EF_ONE);
	probe(f);
	before = f->s.lack[k];
	add_to_ext(f, y, EF_ONE);
	probe(f);
	slope = ef_sub(f->s.lack[k], before);
	must(!ef_is_zero(slope));
	add_to_ext(f, y, ef_sub(ef_neg(ef_mul(before, ef_inv(slope))), EF_ONE));
}

#define FIRST_NUM "gkr.c: claim->numerator, e_var(want_num)"
#define FIRST_DEN "gkr.c: claim->denominator, e_var(want_den)"

struct pair { ef num, den; };

static struct pair
first_layer_lacks(struct forged *f)
{
	probe(f);
	return (struct pair){lack(f, FIRST_NUM, 0), lack(f, FIRST_DEN, 0)};
}

/* What one more in a column makes of it. */
static struct pair
slope(struct forged *f, ext column, struct pair now)
{
	struct pair then;

	add_to_ext(f, column, EF_ONE);
	then = first_layer_lacks(f);
	add_to_ext(f, column, ef_neg(EF_ONE));
	return (struct pair){ef_sub(then.num, now.num), ef_sub(then.den, now.den)};
}

static ef
det(struct pair a, struct pair b)
{
	return ef_sub(ef_mul(a.num, b.den), ef_mul(a.den, b.num));
}

/* Two columns of a chip, on which both lacks depend, and both are made 0. */
static bool
solve_columns(struct forged *f, ext x, ext y)
{
	struct pair now = first_layer_lacks(f), a = slope(f, x, now);
	struct pair b = slope(f, y, now), want = {ef_neg(now.num), ef_neg(now.den)};
	ef d = det(a, b);

	if (ef_is_zero(d))
		return false;
	add_to_ext(f, x, ef_mul(det(want, b), ef_inv(d)));
	add_to_ext(f, y, ef_mul(det(a, want), ef_inv(d)));
	return true;
}

void
repair_openings(struct forged *f)
{
	const struct proof_var *p = &f->p;
	bool done = false;

	for (unsigned i = 0; i < f->shape.nchips && !done; i++) {
		unsigned w = f->shape.chip[i]->main_width;
		unsigned v = f->shape.chip[i]->prep_width;
		const struct chip_var *x = &p->gkr.chip[i];

		/* Multiplicities are the last main ones, or preprocessed. */
		done = (w > 1 && solve_columns(f, x->main[0], x->main[w - 1])) ||
		    (v > 0 && solve_columns(f, x->main[0], x->prep[v - 1]));
	}
	must(done);
	probe(f);
	shift_claim(f, &p->zerocheck,
	    ef_neg(lack(f, "zerocheck.c: e_var(p->zerocheck.claim), claim", 0)));
	shift_eval(f, &p->zerocheck,
	    lack(f, "zerocheck.c: e_var(rlc), e_var(p->zerocheck.eval)", 0));
}

void
repair_layout(struct forged *f)
{
	probe(f);
	shift_eval(f, &f->p.pcs.jagged_eval,
	    lack(f, "jagged.c: e_assert_eq(c, sum, e_var(j->eval))", 0));
}

unsigned
chip_named(const struct forged *f, const char *name)
{
	unsigned i = 0;

	while (strcmp(f->shape.chip[i]->name, name))
		must(++i < f->shape.nchips);
	return i;
}

void
set_height(struct forged *f, unsigned chip, uint32_t rows)
{
	unsigned table = 0;

	set_bits(f, f->p.opened[chip].height, f->shape.params->max_log_row + 1,
	    rows);
	*felt_at(f, f->p.pcs.rows[1][chip]) = kb_from(rows);
	if (f->shape.chip[chip]->prep_width == 0)
		return;
	for (unsigned i = 0; i < chip; i++)
		table += f->shape.chip[i]->prep_width > 0;
	*felt_at(f, f->p.pcs.rows[0][table]) = kb_from(rows);
}

static uint64_t
rows_of(struct forged *f, int r, unsigned table)
{
	return kb_to(*felt_at(f, f->p.pcs.rows[r][table]));
}

void
set_padding(struct forged *f)
{
	const struct proof_shape *s = &f->shape;

	for (int r = 0; r < 2; r++) {
		uint64_t area = (uint64_t)s->multiple[r] << s->params->log_stack;
		unsigned last = s->ntables[r] - 1;

		for (unsigned i = 0; i < last; i++)
			area -= rows_of(f, r, i) * s->table_cols[r][i];
		must(area < KB_P);
		*felt_at(f, f->p.pcs.rows[r][last]) = kb_from((uint32_t)area);
	}
}

void
set_prefix_sums(struct forged *f)
{
	const struct proof_shape *s = &f->shape;
	const felt *bits = f->p.pcs.prefix_sum;
	unsigned n = s->log_area + 1;
	uint64_t at = 0;

	for (int r = 0; r < 2; r++)
		for (unsigned i = 0; i < s->ntables[r]; i++)
			for (unsigned j = 0; j < s->table_cols[r][i]; j++) {
				set_bits(f, bits, n, at);
				bits += n;
				at += rows_of(f, r, i);
			}
	set_bits(f, bits, n, at);
}

/* ---- verdicts ---- */

#define MAX_SITES 256
static const char *site_name[MAX_SITES];
static struct { bool refuses, pinned; } noted[MAX_SITES];
static size_t nnoted;

static size_t
noted_number(const char *site)
{
	size_t j = 0;

	while (j < nnoted && strcmp(site_name[j], site))
		j++;
	return j;
}

void
note_sites(const struct program *p, const char *files)
{
	for (size_t k = 0; k < p->nassertions; k++) {
		const char *site = p->assertion[k].at;

		if (noted_number(site) < nnoted || !site_in(site, files))
			continue;
		must(nnoted < MAX_SITES);
		site_name[nnoted] = site;
		noted[nnoted++].pinned = true;
	}
}

/* The site refuses the witness, alone, and no chip would. */
static bool
refuses_alone(struct forged *f, const char *site)
{
	const struct asserted *s = &f->s;
	size_t j = 0;

	probe(f);
	while (strcmp(s->site[j], site))
		j++;
	return s->fails[j] && asserted_failing(s) == 1 && s->chips_hold &&
	    asserted_told_by(&f->s, site);
}

void
refused_by(struct forged *f, const char *place, const char *what)
{
	const char *site = asserted_site(&f->s, place);
	size_t k = noted_number(site);
	bool good = refuses_alone(f, site);

	ok(good, "%s: %s%s", what, site, f->pinned ? "" : ", no hash pinned");
	if (!good) {
		diag("%s, and these do not:", f->s.chips_hold ? "chips hold" :
		    "a chip does not hold");
		for (size_t j = 0; j < f->s.nsites; j++)
			if (f->s.fails[j])
				diag("%s", f->s.site[j]);
	} else if (k < nnoted) {
		noted[k].refuses = true;
		noted[k].pinned = noted[k].pinned && f->pinned;
	}
	asserted_restore(&f->s);
}

static const struct excuse *
excused(const char *site, const struct excuse *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(site, site_at(site_name, nnoted, e[i].place)))
			return &e[i];
	return NULL;
}

void
all_refuse(const struct excuse *e, size_t n)
{
	size_t refuse = 0, hashed = 0, excuses = 0, bad = 0;

	for (size_t j = 0; j < nnoted; j++) {
		const struct excuse *x = excused(site_name[j], e, n);

		refuse += noted[j].refuses;
		hashed += noted[j].refuses && !noted[j].pinned;
		excuses += x != NULL;
		if (x)
			diag("%s %s: %s", site_name[j], site_text(site_name[j]),
			    x->why);
		if (noted[j].refuses == (x == NULL))
			continue;
		bad++;
		diag("%s %s: %s", site_name[j], site_text(site_name[j]), x ?
		    "excused, and refuses" : "no witness is refused by it alone");
	}
	ok(bad == 0, "of %zu sites that assert %zu refuse something alone, %zu of them "
	    "with no hash pinned; %zu have a reason not to", nnoted, refuse, hashed,
	    excuses);
}
