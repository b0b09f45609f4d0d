/*
 * The recorder keeps the order in which an expression is written: recursion programs
 * are made from it.
 */
#include "air/record.h"
#include "test/lib/tap.h"

static struct air air;
static expr a, b;

/* The operations that the recorder has, oldest first. */
static void
recorded(const char *want, const char *what)
{
	static const char op[] = "mpkc+-*n";
	char got[256] = "";
	size_t n = 0;

	for (uint32_t i = 2; i < air.nnodes; i++)
		if (air.node[i].op >= NODE_ADD)
			n += (size_t)snprintf(got + n, sizeof got - n,
			    "%u%c%u ", air.node[i].a, op[air.node[i].op],
			    air.node[i].b);
	is_str(got, want, "%s", what);
	air_record_free(&air);
}

static void
begin(void)
{
	air_record_init(&air, 2, 0);
	a = (expr){&air, 0};
	b = (expr){&air, 1};
}

#define order(expression, want) \
	(begin(), (void)(expression), recorded(want, #expression))

int
main(void)
{
	order(x_add(x_mul(a, b), x_sub(b, a)), "0*1 1-0 2+3 ");
	order(x_sub(x_sub(b, a), x_add(a, b)), "1-0 0+1 2-3 ");
	order((air_equal(&air, x_add(a, b), x_mul(a, b)), 0), "0+1 0*1 2-3 ");
	order((air_zero_when(&air, x_add(a, a), x_mul(a, b)), 0),
	    "0+0 0*1 2*3 ");
	order((air_equal_when(&air, x_add(a, a), x_mul(a, b), x_sub(a, b)), 0),
	    "0+0 0*1 0-1 3-4 2*5 ");
	order((air_zero_unless(&air, a, x_mul(a, b)), 0), "0-2 0*1 3*4 ");
	return done_testing();
}
