#include "air/op/check.h"

void
air_word_equal_when_at(struct air *a, expr c, const expr x[WORD],
    const expr y[WORD], const char *at)
{
	for (int i = 0; i < WORD; i++)
		air_equal_when_at(a, (const expr[]){c, x[i], y[i]}, at);
}

void
air_range_at(const char *at, struct air *a, expr x, expr bits, expr mult)
{
	air_send_byte_at(at, a, x_k(a, AIR_OP_RANGE), x, bits, x_zero(a),
	    mult);
}

void
air_range_bits_at(const char *at, struct air *a, expr x, unsigned bits,
    expr mult)
{
	air_range_at(at, a, x, x_k(a, bits), mult);
}

void
air_range_u16_at(const char *at, struct air *a, const expr *x, unsigned n,
    expr mult)
{
	for (unsigned i = 0; i < n; i++)
		air_range_bits_at(at, a, x[i], 16, mult);
}

void
air_range_u8_at(const char *at, struct air *a, const expr *x, unsigned n,
    expr mult)
{
	for (unsigned i = 0; i < n; i += 2)
		air_send_byte_at(at, a, x_k(a, AIR_OP_U8RANGE), x_zero(a),
		    x[i], i + 1 < n ? x[i + 1] : x_zero(a), mult);
}
