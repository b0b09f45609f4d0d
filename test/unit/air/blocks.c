/*
 * Blocks of rows give what the rows give one by one: every chip, every
 * instruction set that this processor has, base and extension elements, full and
 * short blocks.
 */
#include "air/block.h"
#include "test/lib/air_seed.h"
#include "test/lib/tap.h"

#define MAX_COLS 3072
#define STRIDE (AIR_BLOCK + 48)	/* of planes, unlike that of slots */

static kb cell[MAX_COLS][4 * STRIDE];
static const kb *col[MAX_COLS];
static kb public_values[AIR_PUBLIC_VALUES];
static ef alpha, weight[4096], got[AIR_BLOCK + 1];

static ef
row_of(const struct air_chip *c, size_t r, bool extension)
{
	static ef point[MAX_COLS];
	static kb row[MAX_COLS];

	for (unsigned j = 0; j < c->main_width + c->prep_width; j++) {
		row[j] = cell[j][r];
		for (int k = 0; k < 4; k++)
			point[j].c[k] = cell[j][k * STRIDE + r];
	}
	return extension ? air_fold_point(c, point, point + c->main_width,
	    public_values, alpha) : air_fold_row(c, row, row + c->main_width,
	    public_values, alpha);
}

static bool
test_block(const struct block_kernels *k, const struct air_chip *c,
    size_t n, bool extension)
{
	size_t size = air_block_scratch(c, extension);
	char *scratch = malloc(size + 1);
	const kb *const *prep = col + c->main_width;
	bool good = true;
	ef mark = EF_ONE;

	memset(scratch, 0x55, size + 1);
	got[n] = mark;
	if (extension)
		block_fold_ef(k, c, col, prep, STRIDE, public_values, weight, n,
		    got, scratch);
	else
		block_fold_kb(k, c, col, prep, public_values, weight, n, got,
		    scratch);
	for (size_t r = 0; good && r < n; r++)
		if (!ef_eq(got[r], row_of(c, r, extension))) {
			diag("%s row %zu of %zu", c->name, r, n);
			good = false;
		}
	good &= ef_eq(got[n], mark) && scratch[size] == 0x55;
	free(scratch);
	return good;
}

static void
test_kernels(const struct air_machine *m, const char *name)
{
	static const size_t lengths[] = {AIR_BLOCK, 1, 23};
	const struct block_kernels *k = block_kernels_by_name(name);

	if (!k) {
		tap_skip("no %s on this machine", name);
		return;
	}
	for (int extension = 0; extension < 2; extension++) {
		unsigned bad = 0;

		for (unsigned i = 0; i < m->nchips; i++) {
			const char *chip = m->chip[i].name;
			const struct air_chip *c = air_chip_by_name(m,
			    chip, strlen(chip));
			ef w = EF_ONE;

			for (unsigned j = c->nconstraints; j-- > 0;) {
				weight[j] = w;
				w = ef_mul(w, alpha);
			}
			for (int l = 0; l < 3; l++)
				bad += !test_block(k, c, lengths[l], extension);
		}
		is_int(bad, 0, "%s, %s: %u chips", name,
		    extension ? "extension" : "base", m->nchips);
	}
}

int
main(void)
{
	const struct air_machine *m = air_machine_riscv();

	for (unsigned j = 0; j < MAX_COLS; j++) {
		col[j] = cell[j];
		for (unsigned i = 0; i < 4 * STRIDE; i++)
			cell[j][i] = seeded(6, j, i);
	}
	/* The extremes of the representation too. */
	for (unsigned j = 0; j < MAX_COLS; j++) {
		cell[j][0] = (kb){KB_P - 1};
		cell[j][STRIDE] = cell[j][2 * STRIDE] = (kb){KB_P - 1};
		cell[j][3 * STRIDE] = (kb){KB_P - 1};
		cell[j][1] = KB_ZERO;
	}
	for (unsigned i = 0; i < AIR_PUBLIC_VALUES; i++)
		public_values[i] = seeded(2, 0, i);
	for (int k = 0; k < 4; k++)
		alpha.c[k] = seeded(3, 0, (unsigned)k);
	test_kernels(m, "scalar");
	test_kernels(m, "avx2");
	test_kernels(m, "avx512");
	return done_testing();
}
