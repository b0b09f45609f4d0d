#include "recursion/gadgets.h"

#include "base/err.h"

/* p = 2^31 - 2^24 + 1: if the top seven bits are ones, all others must be zeros. */
static void
check_canonical(struct circuit *c, const felt *bits)
{
	fexpr all = f_k(1);
	felt top;

	for (int i = 30; i > 23; i--)
		all = f_mul(c, all, f_var(bits[i]));
	top = f_eval(c, all);
	for (int i = 0; i < 24; i++)
		f_assert_eq(c, f_mul(c, f_var(bits[i]), f_var(top)), f_k(0));
}

void
num_to_bits(struct circuit *c, felt *bits, unsigned n, felt x)
{
	fexpr sum = f_k(0);

	must(n <= FELT_BITS);
	hint_bits(c, bits, n, x);
	for (unsigned i = 0; i < n; i++) {
		fexpr b = f_var(bits[i]);

		f_assert_eq(c, f_mul(c, b, f_sub(c, b, f_k(1))), f_k(0));
		sum = f_add(c, sum, f_mul(c, b, f_k(1u << i)));
	}
	if (n == FELT_BITS)
		check_canonical(c, bits);
	f_assert_eq(c, sum, f_var(x));
}

felt
bits_to_num(struct circuit *c, const felt *bits, unsigned n)
{
	felt sum = f_eval(c, f_k(0));

	for (unsigned i = 0; i < n; i++)
		sum = f_eval(c, f_add(c, f_var(sum),
		    f_mul(c, f_var(bits[i]), f_k(1u << i))));
	return sum;
}

void
range_check(struct circuit *c, felt x, unsigned n)
{
	felt bits[FELT_BITS];

	num_to_bits(c, bits, FELT_BITS, x);
	for (unsigned i = n; i < FELT_BITS; i++)
		f_assert_eq(c, f_var(bits[i]), f_k(0));
}

felt
exp_reverse_bits(struct circuit *c, felt g, const felt *bits, unsigned n)
{
	felt r = f_eval(c, f_k(1));

	while (n-- > 0) {
		fexpr bit = f_var(bits[n]);
		felt more = f_eval(c, f_mul(c, f_var(r), f_var(g)));

		r = f_eval(c, f_add(c, f_mul(c, bit, f_var(more)),
		    f_mul(c, f_sub(c, f_k(1), bit), f_var(r))));
		g = f_eval(c, f_mul(c, f_var(g), f_var(g)));
	}
	return r;
}

static felt
not_bit(struct circuit *c, felt bit)
{
	felt one = f_eval(c, f_k(1));

	return f_eval(c, f_sub(c, f_var(one), f_var(bit)));
}

void
select_felts(struct circuit *c, felt out[2], felt bit, felt a, felt b)
{
	fexpr swap = f_var(bit), keep = f_var(not_bit(c, bit));
	fexpr x = f_var(a), y = f_var(b);

	out[0] = f_eval(c, f_add(c, f_mul(c, x, keep), f_mul(c, y, swap)));
	out[1] = f_eval(c, f_add(c, f_mul(c, y, keep), f_mul(c, x, swap)));
}

void
select_exts(struct circuit *c, ext out[2], felt bit, ext a, ext b)
{
	eexpr swap = e_felt(f_var(bit)), keep = e_felt(f_var(not_bit(c, bit)));
	eexpr x = e_var(a), y = e_var(b);

	out[0] = e_eval(c, e_add(c, e_mul(c, x, keep), e_mul(c, y, swap)));
	out[1] = e_eval(c, e_add(c, e_mul(c, y, keep), e_mul(c, x, swap)));
}
