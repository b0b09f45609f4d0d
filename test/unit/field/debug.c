/* What field/ relies on is asserted in a debug build: each kind is violated once. */
#include "field/vec.h"
#include "test/lib/aborts.h"

static volatile kb sink;
static const kb too_large = {KB_P};
#define TOP ((uint64_t)KB_P << 32)

static void
element(void)
{
	sink = kb_add(too_large, KB_ONE);
}

static void
product(void)
{
	sink = kb_mul(KB_ONE, too_large);
}

static void
sum_of_products(void)
{
	sink = (kb){kb_reduce(TOP)};
}

static void
four_products(void)
{
	sink = ef_reduce4(2 * TOP);
}

static void
order(void)
{
	sink = kb_root(KB_TWO_ADICITY + 1);
}

static void
lane(void)
{
	vec a = v_set(too_large);

	v_store((kb *)&sink, v_sub(v_set(KB_ONE), a));
}

static void
wide_sum(void)
{
	wide t = w_zero;

	memset(&t, 0xff, sizeof t);
	v_store((kb *)&sink, w_reduce(t));
}

static void
fitted(void)
{
	wide t = w_zero;

	memset(&t, 0xff, sizeof t);
	v_store((kb *)&sink, w_join(w_fit(t)));
}

static void
signed_lane(void)
{
	v_store((kb *)&sink, s_fit(u_set(KB_P)));
}

static void
signed_product(void)
{
	const vec least = u_set(0x80000000);

	v_store((kb *)&sink, s_mul(least, least));
}

int
main(void)
{
	asserted(element, "an element is below p");
	asserted(product, "a factor is below p");
	asserted(sum_of_products, "what is reduced is below 2^32 p");
	asserted(four_products, "four products are below 2^33 p");
	asserted(order, "roots of unity end at 2^24");
	asserted(lane, "a lane is below p");
	asserted(wide_sum, "lanes that are reduced are below 2^33 p");
	asserted(fitted, "lanes that are made to fit are below 2^33 p");
	asserted(signed_lane, "a signed lane is in (-p, p)");
	asserted(signed_product, "signed products are at most 2^31 p");
	ok(u_alike(v_set(KB_ONE)) && !w_within(w_mulu(w_same(u_set(-1u)),
	    w_same(u_set(-1u))), 1), "what assertions ask has two answers");
	return done_testing();
}
