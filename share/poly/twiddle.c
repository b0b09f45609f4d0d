#include "poly/twiddle.h"

/* table[j][i] = tw(i * 256^j) */
static kb table[3][256];
const kb *const twiddle_small = table[0];

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
	kb r = table[0][b & 255];

	if (b >> 8 & 255)
		r = kb_mul(r, table[1][b >> 8 & 255]);
	if (b >> 16)
		r = kb_mul(r, table[2][b >> 16]);
	return r;
}

void
twiddle_tree(kb *c, uint32_t b, unsigned k)
{
	kb s = twiddle(b << (k - 1));

	for (unsigned l = k; l-- > 0; s = kb_mul(s, s)) {
		kb *at = c + (1u << l) - 1;

		at[0] = s;
		for (unsigned i = 1; i < 1u << l; i++)
			at[i] = kb_mul(s, table[0][i]);
	}
}
