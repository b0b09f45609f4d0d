#include "stark/setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "field/septic.h"
#include "poly/lift.h"

enum { BYTE, PROGRAM, RANGE, TABLES };
static const size_t width[TABLES] = {7, 16, 2};

/* Row 256 b + c. */
static void
fill_byte(kb *col)
{
	for (uint32_t i = 0; i < 1 << 16; i++) {
		uint32_t b = i >> 8, c = i & 255;
		uint32_t v[7] = {b, c, b & c, b | c, b ^ c, b < c, b >> 7};

		for (int k = 0; k < 7; k++)
			col[((size_t)k << 16) + i] = kb_from(v[k]);
	}
}

/* Row 2^bits + a; row 0 is zero. */
static void
fill_range(kb *col)
{
	for (uint32_t i = 1; i < 1 << 17; i++) {
		uint32_t bits = 31 - (uint32_t)__builtin_clz(i);

		col[i] = kb_from(i - (1u << bits));
		col[(1 << 17) + i] = kb_from(bits);
	}
}

/* Rows past the program repeat instruction 0 (sp1-proof(7), Padding rows). */
static void
fill_program(kb *col, size_t rows, const struct rv_program *p)
{
	for (size_t r = 0; r < rows; r++) {
		size_t i = r < p->n ? r : 0;
		const struct rv_insn *in = &p->insn[i];
		uint64_t pc = p->pc_base + 4 * (uint64_t)i;
		kb *c = col + r;

#define PUT(x) (*c = kb_from((uint32_t)(x)), c += rows)
		for (int k = 0; k < 48; k += 16)
			PUT(pc >> k & 0xffff);
		PUT(in->op);
		PUT(in->op_a);
		for (int k = 0; k < 64; k += 16)
			PUT(in->op_b >> k & 0xffff);
		for (int k = 0; k < 64; k += 16)
			PUT(in->op_c >> k & 0xffff);
		PUT(in->op_a == 0);
		PUT(in->imm_b);
		PUT(in->imm_c);
#undef PUT
	}
}

struct image {
	const struct rv_word *word;
	struct septic_sum *sum;		/* one a worker */
};

static void
lift_words(void *ctx, size_t begin, size_t end, unsigned worker)
{
	struct image *im = ctx;
	struct septic_point point[64];
	uint8_t offset;
	kb m[8];

	while (begin < end) {
		unsigned n = 0;

		for (; n < 64 && begin < end; n++, begin++) {
			lift_memory_message(m, 0, 0, im->word[begin].addr,
			    im->word[begin].value);
			must(!septic_lift(&point[n], &offset, m, NULL));
			point[n].y = septic_neg(point[n].y);
		}
		septic_sum_many(&im->sum[worker], point, n);
	}
}

/* The start digest less every image word's point. */
static int
image_sum(struct septic_point *out, const struct rv_program *p, struct err *e)
{
	unsigned threads = par_threads();
	struct image im = {p->image, calloc(threads, sizeof *im.sum)};
	struct septic_sum s = {1, septic_start};

	if (!im.sum)
		return err_set(e, EX_OSERR, "out of memory");
	par_for(p->nimage, 256, lift_words, &im);
	for (unsigned i = 0; i < threads; i++)
		if (im.sum[i].finite)
			septic_sum_add(&s, &im.sum[i].p);
	free(im.sum);
	if (!s.finite)
		return err_set(e, EX_DATAERR,
		    "the memory image sums to the point at infinity");
	*out = s.p;
	return 0;
}

static int
prepare(struct proving_key *k, const struct rv_program *p, struct err *e)
{
	size_t stack = (size_t)1 << stark_core.log_stack, total;
	uint32_t most = 1u << stark_core.max_log_row;
	struct septic_point sum;
	kb *at;

	memset(k, 0, sizeof *k);
	if (!p->n || p->n > most)
		return err_set(e, EX_DATAERR,
		    "a program of %u instructions: 1 to %u allowed", p->n,
		    most);
	if (image_sum(&sum, p, e))
		return -1;
	k->nprep = TABLES;
	k->rows = calloc(TABLES, sizeof *k->rows);
	if (!k->rows)
		return err_set(e, EX_OSERR, "out of memory");
	k->rows[BYTE] = 1 << 16;
	k->rows[PROGRAM] = ((size_t)p->n + 31) & ~(size_t)31;
	k->rows[RANGE] = 1 << 17;
	for (int i = 0; i < TABLES; i++)
		k->prep_area += k->rows[i] * width[i];
	total = (k->prep_area + stack - 1) & ~(stack - 1);
	k->prep = at = calloc(total, sizeof *k->prep);
	if (!at)
		return err_set(e, EX_OSERR, "out of memory");
	fill_byte(at);
	at += k->rows[BYTE] * width[BYTE];
	fill_program(at, k->rows[PROGRAM], p);
	fill_range(at + k->rows[PROGRAM] * width[PROGRAM]);

	for (int i = 0; i < 3; i++)
		k->vk.pc_start[i] =
		    kb_from((uint32_t)(p->pc_start >> (16 * i)) & 0xffff);
	memcpy(k->vk.sum_x, &sum.x, sizeof k->vk.sum_x);
	memcpy(k->vk.sum_y, &sum.y, sizeof k->vk.sum_y);
	k->vk.untrusted = KB_ZERO;
	return 0;
}

int
setup_commit(struct proving_key *k, const struct stark_params *params,
    const size_t *widths, struct err *e)
{
	unsigned stack = params->log_stack;
	size_t ncols = (k->prep_area + ((size_t)1 << stack) - 1) >> stack;
	kb *work = malloc(stacked_work(ncols, stack) * sizeof *work);
	int bad = !work || stacked_commit(&k->commitment, params->hasher, work,
	    k->prep, ncols, stack, params->log_blowup);

	free(work);
	if (bad)
		return err_set(e, EX_OSERR, "out of memory");
	k->vk.commit = jagged_commitment(params->hasher, &k->commitment.commitment,
	    k->rows, widths, k->nprep, stack, params->max_log_row, NULL);
	return 0;
}

int
setup_tables(struct proving_key *k, const struct rv_program *p, struct err *e)
{
	if (prepare(k, p, e) == 0)
		return 0;
	setup_free(k);
	return -1;
}

int
setup_key(struct proving_key *k, const struct rv_program *p, struct err *e)
{
	if (setup_tables(k, p, e))
		return -1;
	if (setup_commit(k, &stark_core, width, e) == 0)
		return 0;
	setup_free(k);
	return -1;
}

int
setup_vk(struct vk *vk, const struct rv_program *p, struct err *e)
{
	struct proving_key k;

	if (setup_key(&k, p, e))
		return -1;
	*vk = k.vk;
	setup_free(&k);
	return 0;
}

int
setup_vk_elf(struct vk *vk, const uint8_t *elf, size_t len, struct err *e)
{
	struct rv_program p;
	int bad;

	if (rv_load(&p, elf, len, e))
		return -1;
	bad = setup_vk(vk, &p, e);
	rv_free(&p);
	return bad;
}

int
setup_vk_file(struct vk *vk, const char *path, struct err *e)
{
	struct rv_program p;
	int bad;

	if (rv_load_file(&p, path, e))
		return -1;
	bad = setup_vk(vk, &p, e);
	rv_free(&p);
	return bad;
}

void
setup_free(struct proving_key *k)
{
	free(k->rows);
	free(k->prep);
	k->rows = NULL;
	k->prep = NULL;
	stacked_commitment_free(&k->commitment);
}
