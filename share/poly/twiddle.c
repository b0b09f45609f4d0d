#include "poly/twiddle.h"

static kb table[3][256];
const kb *const twiddle_table = table[0];

void
twiddle_init(void)
{
	for (unsigned j = 0; j < 3; j++) {
		table[j][0] = KB_ONE;
		for (unsigned k = 0; k < 8 && 8 * j + k + 2 <= TWIDDLE_LOG; k++)
			for (unsigned i = 0; i < 1u << k; i++)
				table[j][i + (1u << k)] = kb_mul(table[j][i],
				    kb_root(8 * j + k + 2));
	}
}

kb
twiddle(uint32_t b)
{
	return twiddle_of(table[0], b);
}

void
twiddle_tree(kb *c, uint32_t b, unsigned k)
{
	twiddle_tree_of(table[0], c, b, k);
}
