#include <ctype.h>
#include <string.h>

#include "poly/mle.h"
#include "stark/check.h"

#define AREA_LIMIT ((uint64_t)1 << 30)	/* cells of both rounds */
#define LOG_AREA_LIMIT 30

/* A name from the proof, fit to print. */
struct printable { char s[32]; };

static struct printable
printable(const char *name, size_t len)
{
	struct printable p;
	size_t n = len < sizeof p.s - 1 ? len : sizeof p.s - 1;

	for (size_t i = 0; i < n; i++)
		p.s[i] = isgraph((unsigned char)name[i]) ? name[i] : '?';
	p.s[n] = '\0';
	return p;
}

static int
shape_public_values(struct shard_check *c)
{
	const struct kb_vec *v = &c->p->public_values;

	if (v->n != STARK_PUBLIC_VALUES)
		return check_refuse(c, "shape: %zu public values, not %d", v->n,
		    STARK_PUBLIC_VALUES);
	for (size_t i = c->params->public_values; i < v->n; i++)
		if (v->v[i].v != 0)
			return check_refuse(c, "shape: public value %zu is not "
			    "used but not zero", i);
	return 0;
}

static int
shape_height(struct shard_check *c, unsigned i)
{
	const struct kb_vec *d = &c->p->opened[i].degree;
	const char *name = c->chip[i]->name;
	unsigned n = c->params->max_log_row + 1;
	uint32_t h = 0;

	if (d->n != n)
		return check_refuse(c, "shape: %s: the height has %zu bits, "
		    "not %u", name, d->n, n);
	for (unsigned k = 0; k < n; k++) {
		if (d->v[k].v != 0 && !kb_eq(d->v[k], KB_ONE))
			return check_refuse(c, "shape: %s: bit %u of the "
			    "height is not a bit", name, k);
		h = 2 * h + (d->v[k].v != 0);
	}
	if (h > 1u << (n - 1))
		return check_refuse(c, "shape: %s: %u rows are too many", name,
		    h);
	c->height[i] = h;
	return 0;
}

static int
shape_chip(struct shard_check *c, unsigned i)
{
	const struct air_chip *chip = c->chip[i];
	const struct opened_chip *o = &c->p->opened[i];
	const struct chip_openings *g = &c->p->gkr.chip[i];

	if (g->name_len != o->name_len ||
	    memcmp(g->name, o->name, o->name_len) != 0)
		return check_refuse(c, "shape: the LogUp-GKR openings have "
		    "chip %s where the opened values have %s",
		    printable(g->name, g->name_len).s, chip->name);
	if (o->main.n != chip->main_width || o->prep.n != chip->prep_width)
		return check_refuse(c, "shape: %s: %zu and %zu opened values, "
		    "not %u and %u", chip->name, o->main.n, o->prep.n,
		    chip->main_width, chip->prep_width);
	if (g->main.n != chip->main_width || g->main_dims.n != 1 ||
	    g->main_dims.v[0] != chip->main_width)
		return check_refuse(c, "shape: %s: the LogUp-GKR openings are "
		    "not %u main columns", chip->name, chip->main_width);
	if (g->has_prep ? g->prep.n != chip->prep_width ||
	    g->prep_dims.n != 1 || g->prep_dims.v[0] != chip->prep_width :
	    chip->prep_width != 0)
		return check_refuse(c, "shape: %s: the LogUp-GKR openings are "
		    "not %u preprocessed columns", chip->name,
		    chip->prep_width);
	return shape_height(c, i);
}

static int
shape_chips(struct shard_check *c)
{
	const struct shard_proof *p = c->p;
	const struct air_machine *m = c->machine;
	bool *have = check_alloc(c, m->nchips, sizeof *have);
	const struct air_cluster *cluster;

	if (have == NULL)
		return -1;
	for (size_t i = 0; i < p->nopened; i++) {
		const struct opened_chip *o = &p->opened[i];
		const struct air_chip *chip =
		    air_chip_by_name(m, o->name, o->name_len);

		if (chip == NULL)
			return check_refuse(c, "shape: chip %s is not "
			    "supported", printable(o->name, o->name_len).s);
		have[chip->index] = true;
	}
	cluster = air_cluster_exact(m, have);
	if (cluster == NULL || cluster->nchips != p->nopened)
		return check_refuse(c, "shape: no shard may have exactly these "
		    "%zu chips", p->nopened);
	if (p->gkr.nchips != p->nopened)
		return check_refuse(c, "shape: LogUp-GKR openings of %zu "
		    "chips, not %zu", p->gkr.nchips, p->nopened);
	c->nchips = cluster->nchips;
	c->chip = cluster->chip;
	c->height = check_alloc(c, c->nchips, sizeof *c->height);
	if (c->height == NULL)
		return -1;
	for (unsigned i = 0; i < c->nchips; i++) {
		const struct opened_chip *o = &p->opened[i];
		const char *name = c->chip[i]->name;

		if (strlen(name) != o->name_len ||
		    memcmp(name, o->name, o->name_len) != 0)
			return check_refuse(c, "shape: chip %s stands where %s "
			    "belongs", printable(o->name, o->name_len).s,
			    name);
		if (shape_chip(c, i))
			return -1;
	}
	return 0;
}

static int
shape_gkr(struct shard_check *c)
{
	const struct gkr_proof *g = &c->p->gkr;
	unsigned nrounds = c->params->max_log_row - 1;
	unsigned widest = c->machine->public_values.max_arity;
	size_t n = 0, out;

	for (unsigned i = 0; i < c->nchips; i++) {
		n += c->chip[i]->nsends + c->chip[i]->nreceives;
		if (widest < c->chip[i]->max_arity)
			widest = c->chip[i]->max_arity;
	}
	if (n == 0)
		return check_refuse(c, "shape: chips without an interaction");
	c->log_interactions = log2_ceil(n);
	c->log_beta = log2_ceil(widest);
	out = (size_t)2 << c->log_interactions;
	if (g->numerator.n != out || g->denominator.n != out ||
	    g->numerator_dims.n != 2 || g->numerator_dims.v[0] != out ||
	    g->numerator_dims.v[1] != 1 || g->denominator_dims.n != 2 ||
	    g->denominator_dims.v[0] != out || g->denominator_dims.v[1] != 1)
		return check_refuse(c, "shape: the LogUp-GKR output is not two "
		    "tensors of %zu by 1", out);
	if (g->nrounds != nrounds)
		return check_refuse(c, "shape: %zu LogUp-GKR layers, not %u",
		    g->nrounds, nrounds);
	if (g->point.n != c->params->max_log_row)
		return check_refuse(c, "shape: the LogUp-GKR openings' point "
		    "has %zu coordinates, not %u", g->point.n,
		    c->params->max_log_row);
	return 0;
}

/* The tables of round r (0: preprocessed) are the chips', and two for
 * padding. */
static int
shape_round(struct shard_check *c, int r)
{
	const struct pcs_proof *q = &c->p->pcs;
	const struct round_counts *n = &q->counts[r];
	const char *what = r == 0 ? "preprocessed" : "main";
	uint64_t area = 0, stack = (uint64_t)1 << c->params->log_stack;
	uint64_t rows = (uint64_t)1 << c->params->max_log_row, added, cols;
	size_t k = 0;

	if (n->n < 2)
		return check_refuse(c, "shape: the %s round has no tables",
		    what);
	for (unsigned i = 0; i < c->nchips; i++) {
		unsigned width = r == 0 ? c->chip[i]->prep_width :
		    c->chip[i]->main_width;

		if (r == 0 && width == 0)
			continue;
		if (k + 2 >= n->n || n->v[k].rows != c->height[i] ||
		    n->v[k].cols != width)
			return check_refuse(c, "shape: %s: the %s round does "
			    "not have it as %u rows of %u columns",
			    c->chip[i]->name, what, c->height[i], width);
		area += (uint64_t)c->height[i] * width;
		c->ncols += width;
		k++;
	}
	if (k + 2 != n->n)
		return check_refuse(c, "shape: the %s round has %zu tables, "
		    "not %zu", what, n->n, k + 2);
	if (area == 0 || area >= AREA_LIMIT)
		return check_refuse(c, "shape: the %s round has %llu cells",
		    what, (unsigned long long)area);
	added = (stack - area % stack) % stack;
	cols = added == 0 ? 1 : (added + rows - 1) / rows;
	if (n->v[k].rows != rows || n->v[k].cols != cols - 1 ||
	    n->v[k + 1].rows != added - (cols - 1) * rows ||
	    n->v[k + 1].cols != 1)
		return check_refuse(c, "shape: the %s round's padding is not "
		    "that of %llu cells", what, (unsigned long long)area);
	c->area[r] = (size_t)(area + added);
	c->ncols += (size_t)cols;
	if (q->batch[r].n != c->area[r] / stack)
		return check_refuse(c, "shape: the %s round has evaluations of "
		    "%zu stacked columns, not %zu", what, q->batch[r].n,
		    (size_t)(c->area[r] / stack));
	if (q->batch_dims[r].n != 1 ||
	    q->batch_dims[r].v[0] != q->batch[r].n)
		return check_refuse(c, "shape: the %s round's evaluations are "
		    "no tensor of %zu", what, q->batch[r].n);
	return 0;
}

static int
shape_openings(struct shard_check *c)
{
	const struct pcs_proof *q = &c->p->pcs;
	const struct basefold_proof *b = &q->basefold;
	unsigned nfold = c->params->log_stack;

	if (q->nrounds != 2 || q->merkle_commitments.n != 2 ||
	    q->nbatch != 2 || b->ncomponents != 2)
		return check_refuse(c, "shape: row counts of %zu rounds, %zu "
		    "commitments, evaluations of %zu, openings of %zu: not two "
		    "of each", q->nrounds, q->merkle_commitments.n, q->nbatch,
		    b->ncomponents);
	if (b->nmessages != nfold || b->fri_commitments.n != nfold ||
	    b->nqueries != nfold)
		return check_refuse(c, "shape: %zu messages, %zu commitments "
		    "and %zu openings of folded codewords, not %u of each",
		    b->nmessages, b->fri_commitments.n, b->nqueries, nfold);
	if (shape_round(c, 0) || shape_round(c, 1))
		return -1;
	if (c->area[0] + c->area[1] >= AREA_LIMIT)
		return check_refuse(c, "shape: the rounds have %zu cells "
		    "together", c->area[0] + c->area[1]);
	c->log_area = log2_ceil(c->area[0] + c->area[1]);
	if (q->log_m != c->log_area || c->log_area >= LOG_AREA_LIMIT ||
	    q->max_log_row_count != c->params->max_log_row)
		return check_refuse(c, "shape: log_m %llu and "
		    "max_log_row_count %llu, not %u and %u",
		    (unsigned long long)q->log_m,
		    (unsigned long long)q->max_log_row_count, c->log_area,
		    c->params->max_log_row);
	return 0;
}

int
check_shape(struct shard_check *c)
{
	return shape_public_values(c) || shape_chips(c) || shape_gkr(c) ||
	    shape_openings(c) ? -1 : 0;
}
