/*
 * The builder's rules of operands, folding and order (sp1-proof(7), Recursion rules):
 * what each
 * expression appends.
 */
#include "recursion/circuit.h"
#include "test/lib/recursion_text.h"
#include "test/lib/tap.h"

static struct program program;
static struct circuit circuit, *c = &circuit;
static felt f, g;	/* addresses 0, 1 */
static ext x, y;	/* 2, 3 */

static void
begin(void)
{
	program_init(&program);
	circuit_init(c, &program, false);
	f = hint_felt(c);
	g = hint_felt(c);
	x = hint_ext(c);
	y = hint_ext(c);
}

/* What was appended after the four, in lines without the outputs' reads; constants
 * as =value. */
static void
appended(const char *want, const char *what)
{
	static const char op[] = "+-*/+-*/";
	char got[512];
	size_t n = 0;

	got[0] = '\0';
	for (size_t i = 4; i < program.ninstrs; i++) {
		const struct instr *k = &program.instr[i];
		const uint32_t *o = program.operand + k->first;

		if (k->op == OP_WRITE)
			n += (size_t)snprintf(got + n, sizeof got - n,
			    "%u=%u ", o[0], kb_to((kb){o[1]}));
		else
			n += (size_t)snprintf(got + n, sizeof got - n,
			    "%u=%u%c%u ", o[0], o[1], op[k->op], o[2]);
	}
	for (size_t i = 0; i < program.nconstants; i++)
		n += (size_t)snprintf(got + n, sizeof got - n, "%s%u:%u*%u ",
		    program.constant[i].ext ? "e" : "f",
		    program.constant[i].addr,
		    kb_to(program.constant[i].value.c[0]),
		    program.reads[program.constant[i].addr]);
	is_str(got, want, "%s", what);
	circuit_free(c);
	program_free(&program);
}

#define rule(expression, want) \
	(begin(), (void)(expression), appended(want, #expression))

#define F e_felt(f_var(f))
#define G e_felt(f_var(g))
#define X e_var(x)
#define Y e_var(y)

static void
felts(void)
{
	rule(f_add(c, f_var(f), f_var(g)), "4=0+1 ");
	rule(f_add(c, f_k(7), f_var(f)), "4=0+5 f5:7*1 ");
	rule(f_sub(c, f_k(7), f_var(f)), "4=5-0 f5:7*1 ");
	rule(f_mul(c, f_k(0), f_var(f)), "4=0*5 f5:0*1 ");
	rule(f_add(c, f_k(3), f_k(4)), "");
	rule(f_neg(c, f_var(f)), "4=5-0 f5:0*1 ");
	rule(f_eval(c, f_k(9)), "4=9 ");
	rule(f_eval(c, f_var(f)), "4=0+5 f5:0*1 ");
}

static void
exts(void)
{
	rule(e_add(c, F, X), "4=2+0 ");
	rule(e_mul(c, F, G), "4=0*1 ");
	rule(e_sub(c, X, F), "4=2-0 ");
	rule(e_sub(c, F, X), "4=5-2 6=4+0 e5:0*1 ");
	rule(e_div(c, F, X), "4=0+5 6=4/2 e5:0*1 ");
	rule(e_add(c, e_k(7), F), "4=0+5 e5:7*1 ");
	rule(e_sub(c, F, e_k(1)), "4=0+5 e5:2130706432*1 ");
	rule(e_sub(c, e_k(7), F), "4=0+5 6=7-4 e5:0*1 e7:7*1 ");
	rule(e_mul(c, F, e_k(7)), "4=0+5 6=4*7 e5:0*1 e7:7*1 ");
	rule(e_mul(c, F, e_felt(f_k(7))), "4=0*5 f5:7*1 ");
	rule(e_div(c, X, e_k(1)), "4=2*5 e5:1*1 ");
	rule(e_div(c, e_k(1), X), "4=5/2 e5:1*1 ");
	rule(e_mul(c, e_felt(f_k(7)), X), "4=2*5 e5:7*1 ");
	rule(e_neg(c, X), "4=5-2 e5:0*1 ");
	rule(e_eval(c, F), "4=0+5 e5:0*1 ");
}

static void
assertions(void)
{
	rule((f_assert_eq(c, f_k(7), f_var(f)), 0),
	    "4=0-6 5=4/7 f6:7*1 f7:0*1 ");
	rule((f_assert_ne(c, f_var(f), f_var(g)), 0), "4=0-1 5=6/4 f6:1*1 ");
	rule((e_assert_eq(c, X, Y), 0), "4=2-3 5=4/6 e6:0*1 ");
	rule((e_assert_eq(c, F, X), 0),
	    "4=0+5 6=2+5 7=4-6 8=7/5 e5:0*3 ");
}

/* Left operand, right operand, operator; a constant is one of the pool's. */
static void
order(void)
{
	rule(e_add(c, e_mul(c, X, Y), e_mul(c, Y, X)),
	    "4=2*3 5=3*2 6=4+5 ");
	rule((f_assert_eq(c, f_add(c, f_var(f), f_k(1)),
	    f_add(c, f_var(g), f_k(1))), 0),
	    "4=0+5 6=1+5 7=4-6 8=7/9 f5:1*2 f9:0*1 ");
}

int
main(void)
{
	felts();
	exts();
	assertions();
	order();
	return done_testing();
}
