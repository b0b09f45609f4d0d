#include "air/lower.h"

/* One interpreter, over base and over extension elements. */
#define INTERPRET(T, FROM_KB, ADD, SUB, MUL, NEG, FOLD) do { \
	T slot[AIR_MAX_SLOTS]; \
	const struct air_insn *i = c->prog.insn, *end = i + c->prog.n; \
	for (; i < end; i++) { \
		switch ((enum air_opcode)i->op) { \
		case AIR_LOAD_MAIN: slot[i->dst] = main[i->a]; break; \
		case AIR_LOAD_PREP: slot[i->dst] = prep[i->a]; break; \
		case AIR_LOAD_PUBLIC: \
			slot[i->dst] = FROM_KB(public_values[i->a]); \
			break; \
		case AIR_CONST: \
			slot[i->dst] = FROM_KB(c->prog.constant[i->a]); \
			break; \
		case AIR_ADD: \
			slot[i->dst] = ADD(slot[i->a], slot[i->b]); \
			break; \
		case AIR_SUB: \
			slot[i->dst] = SUB(slot[i->a], slot[i->b]); \
			break; \
		case AIR_MUL: \
			slot[i->dst] = MUL(slot[i->a], slot[i->b]); \
			break; \
		case AIR_NEG: slot[i->dst] = NEG(slot[i->a]); break; \
		case AIR_ASSERT: FOLD(slot[i->a]); break; \
		} \
	} \
} while (0)

#define SAME(x) (x)

kb
air_eval_row(const struct air_chip *c, const kb *main, const kb *prep,
    const kb *public_values, kb *constraints)
{
	kb nonzero = KB_ZERO;

#define KEEP(x) do { \
		if ((x).v) \
			nonzero = (x); \
		if (constraints) \
			*constraints++ = (x); \
	} while (0)
	INTERPRET(kb, SAME, kb_add, kb_sub, kb_mul, kb_neg, KEEP);
	return nonzero;
}

ef
air_fold_row(const struct air_chip *c, const kb *main, const kb *prep,
    const kb *public_values, ef alpha)
{
	ef acc = EF_ZERO;

#define HORNER_KB(x) (acc = ef_add_kb(ef_mul(acc, alpha), (x)))
	INTERPRET(kb, SAME, kb_add, kb_sub, kb_mul, kb_neg, HORNER_KB);
	return acc;
}

ef
air_fold_point(const struct air_chip *c, const ef *main, const ef *prep,
    const kb *public_values, ef alpha)
{
	ef acc = EF_ZERO;

#define HORNER(x) (acc = ef_add(ef_mul(acc, alpha), (x)))
	INTERPRET(ef, ef_from_kb, ef_add, ef_sub, ef_mul, ef_neg, HORNER);
	return acc;
}

kb
air_affine_row(const struct air_affine *f, unsigned main_width,
    const kb *main, const kb *prep)
{
	kb sum = f->constant;

	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t col = f->term[i].col;
		kb x = col < main_width ? main[col] : prep[col - main_width];

		sum = kb_add(sum, kb_mul(f->term[i].coeff, x));
	}
	return sum;
}

ef
air_affine_point(const struct air_affine *f, unsigned main_width,
    const ef *main, const ef *prep)
{
	ef sum = ef_from_kb(f->constant);

	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t col = f->term[i].col;
		ef x = col < main_width ? main[col] : prep[col - main_width];

		sum = ef_add(sum, ef_mul_kb(x, f->term[i].coeff));
	}
	return sum;
}
