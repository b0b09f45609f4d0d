/* Instructions other than arithmetic: hints, the chips' own, permutations. */
#include "recursion/circuit.h"

#include <string.h>

#include "base/err.h"
#include "poly/hash.h"
#include "proof/proof.h"

static uint32_t
hint(struct circuit *c)
{
	uint32_t out = program_addr(c->program);

	program_emit(c->program, OP_HINT, &out, 1);
	return out;
}

felt
hint_felt(struct circuit *c)
{
	return (felt){hint(c)};
}

ext
hint_ext(struct circuit *c)
{
	return (ext){hint(c)};
}

static void
fresh(struct circuit *c, felt *out, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		out[i].addr = program_addr(c->program);
}

static void
read_all(struct circuit *c, const felt *in, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		program_read(c->program, in[i].addr);
}

/* What a hint is made from is not a read on the memory bus. */
void
hint_bits(struct circuit *c, felt *bits, unsigned n, felt x)
{
	uint32_t operand[32];

	must(n < 32);
	fresh(c, bits, n);
	for (unsigned i = 0; i < n; i++)
		operand[i] = bits[i].addr;
	operand[n] = x.addr;
	program_emit(c->program, OP_HINT_BITS, operand, n + 1);
}

void
hint_felts(struct circuit *c, felt out[4], ext x)
{
	fresh(c, out, 4);
	program_emit(c->program, OP_HINT_FELTS, (uint32_t[]){
		out[0].addr, out[1].addr, out[2].addr, out[3].addr,
		x.addr}, 5);
}

struct curve_var
hint_curve(struct circuit *c, const struct curve_var *a,
    const struct curve_var *b)
{
	struct { struct curve_var out, a, b; } operand;

	operand.a = *a;
	operand.b = *b;
	fresh(c, operand.out.x, 7);
	fresh(c, operand.out.y, 7);
	program_emit(c->program, OP_HINT_CURVE, (const uint32_t *)&operand,
	    42);
	return operand.out;
}

void
select_pair(struct circuit *c, felt out[2], felt bit, const felt in[2])
{
	read_all(c, &bit, 1);
	fresh(c, out, 2);
	read_all(c, in, 2);
	program_emit(c->program, OP_SELECT, (uint32_t[]){
		out[0].addr, out[1].addr, bit.addr,
		in[0].addr, in[1].addr}, 5);
}

/* The chip of public values reads the digest; nothing else is on the bus. */
void
commit(struct circuit *c, const felt *public_values)
{
	read_all(c, &public_values[RPV_DIGEST], 8);
	program_emit(c->program, OP_COMMIT, (const uint32_t *)public_values,
	    STARK_PUBLIC_VALUES);
}

/* The chip's accumulators chain: each but the last is read by the next. */
static ext
prefix_sums_chip(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number)
{
	uint32_t operand[4 * 64 + 2], *acc = operand, *number_acc = operand + n;
	uint32_t one = e_eval(c, e_k(1)).addr;
	uint32_t zero = e_eval(c, e_k(0)).addr;

	must(n <= 64);
	fresh(c, (felt *)operand, 2 * n);
	read_all(c, (felt *)acc, n - 1);
	read_all(c, (felt *)number_acc, n - 1);
	operand[2 * n] = program_read(c->program, zero);
	operand[2 * n + 1] = program_read(c->program, one);
	for (unsigned i = 0; i < n; i++)
		operand[2 * n + 2 + i] = program_read(c->program, bits[i].addr);
	for (unsigned i = 0; i < n; i++)
		operand[3 * n + 2 + i] =
		    program_read(c->program, point[i].addr);
	program_emit(c->program, OP_PREFIX_SUMS, operand, 4 * n + 2);
	number->addr = number_acc[n / 2 - 1];
	return (ext){acc[n - 1]};
}

/* The same without the chip. */
static ext
prefix_sums_plain(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number)
{
	ext acc = e_eval(c, e_k(1));
	felt sum = f_eval(c, f_k(0)), one = f_eval(c, f_k(1));

	for (unsigned i = 0; i < n; i++) {
		fexpr bit = f_var(bits[i]);
		eexpr p = e_var(e_direct(c, OP_MUL_E, point[i], bits[i].addr));
		eexpr t = e_sub(c, e_k(1), e_felt(bit));
		ext term;

		t = e_sub(c, t, e_var(point[i]));
		term = e_eval(c, e_add(c, e_add(c, t, p), p));
		f_assert_eq(c, f_mul(c, bit, f_sub(c, bit, f_var(one))),
		    f_k(0));
		acc = e_eval(c, e_mul(c, e_var(acc), e_var(term)));
		if (i < n / 2)
			sum = f_eval(c, f_add(c, bit,
			    f_mul(c, f_var(sum), f_k(2))));
	}
	*number = sum;
	return acc;
}

ext
prefix_sums(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number)
{
	if (c->wrap)
		return prefix_sums_plain(c, bits, point, n, number);
	return prefix_sums_chip(c, bits, point, n, number);
}

/* ---- Poseidon2 ---- */

static void
permute_wide(struct circuit *c, felt out[16], const felt in[16])
{
	felt operand[32];

	read_all(c, in, 16);
	memcpy(operand + 16, in, 16 * sizeof *in);
	fresh(c, operand, 16);
	memcpy(out, operand, 16 * sizeof *out);
	program_emit(c->program, OP_POSEIDON2, (const uint32_t *)operand, 32);
}

/* In wrap, a permutation is many instructions on blocks of four felts. */
static uint32_t
join(struct circuit *c, const felt in[4])
{
	uint32_t out = program_addr(c->program);

	read_all(c, in, 4);
	program_emit(c->program, OP_JOIN, (uint32_t[]){
		out, in[0].addr, in[1].addr, in[2].addr, in[3].addr}, 5);
	return out;
}

static void
split(struct circuit *c, felt out[4], uint32_t in)
{
	program_read(c->program, in);
	fresh(c, out, 4);
	program_emit(c->program, OP_SPLIT, (uint32_t[]){
		out[0].addr, out[1].addr, out[2].addr, out[3].addr, in}, 5);
}

static void
linear_layer(struct circuit *c, enum opcode op, uint32_t s[4])
{
	uint32_t operand[8];

	for (int i = 0; i < 4; i++)
		operand[4 + i] = program_read(c->program, s[i]);
	for (int i = 0; i < 4; i++)
		operand[i] = s[i] = program_addr(c->program);
	program_emit(c->program, op, operand, 8);
}

static void
sbox(struct circuit *c, enum opcode op, uint32_t *s)
{
	uint32_t in = program_read(c->program, *s);

	*s = program_addr(c->program);
	program_emit(c->program, op, (uint32_t[]){*s, in}, 2);
}

static void
external_round(struct circuit *c, uint32_t s[4], const ext constant[4])
{
	for (int i = 0; i < 4; i++)
		s[i] = e_direct(c, OP_ADD_E, (ext){s[i]}, constant[i].addr).addr;
	for (int i = 0; i < 4; i++)
		sbox(c, OP_SBOX_EXTERNAL, &s[i]);
	linear_layer(c, OP_LINEAR_EXTERNAL, s);
}

static void
permute_blocks(struct circuit *c, felt out[16], const felt in[16])
{
	uint32_t s[4];

	for (int i = 0; i < 4; i++)
		s[i] = join(c, &in[4 * i]);
	linear_layer(c, OP_LINEAR_EXTERNAL, s);
	for (int r = 0; r < 4; r++)
		external_round(c, s, c->round_constant[r]);
	for (int r = 4; r < 24; r++) {
		s[0] = e_direct(c, OP_ADD_E, (ext){s[0]},
		    c->round_constant[r][0].addr).addr;
		sbox(c, OP_SBOX_INTERNAL, &s[0]);
		linear_layer(c, OP_LINEAR_INTERNAL, s);
	}
	for (int r = 24; r < 28; r++)
		external_round(c, s, c->round_constant[r]);
	for (int i = 0; i < 4; i++)
		split(c, &out[4 * i], s[i]);
}

void
permute(struct circuit *c, felt out[16], const felt in[16])
{
	if (c->wrap)
		permute_blocks(c, out, in);
	else
		permute_wide(c, out, in);
}

/* An internal round adds to the first element alone; its constant is there four
 * times, as in the stock. */
static void
round_constants(struct circuit *c)
{
	for (int r = 0; r < 28; r++)
		for (int i = 0; i < 4; i++) {
			const kb *rc = &poseidon2_rc[r][4 * i];
			ef k = r < 4 || r >= 24 ?
			    (ef){{rc[0], rc[1], rc[2], rc[3]}} :
			    ef_from_kb(poseidon2_rc[r][0]);

			c->round_constant[r][i] = e_eval(c, e_const(k));
		}
}

/* ---- felts and extension elements ---- */

/* Coefficient by coefficient, from zero. */
static ext
recompose(struct circuit *c, const felt x[4])
{
	ext acc = e_eval(c, e_k(0));

	for (int i = 0; i < 4; i++) {
		ef k = EF_ZERO;
		ext monomial;

		k.c[i] = KB_ONE;
		monomial = e_eval(c, e_const(k));
		acc = e_eval(c, e_add(c, e_var(acc),
		    e_mul(c, e_var(monomial), e_felt(f_var(x[i])))));
	}
	return acc;
}

void
ext_to_felts(struct circuit *c, felt out[4], ext x)
{
	ext again;

	if (c->wrap) {
		split(c, out, x.addr);
		return;
	}
	hint_felts(c, out, x);
	again = recompose(c, out);
	e_assert_eq(c, e_var(again), e_var(x));
}

ext
felts_to_ext(struct circuit *c, const felt x[4])
{
	if (c->wrap)
		return (ext){join(c, x)};
	return recompose(c, x);
}

void
circuit_init(struct circuit *c, struct program *p, bool wrap)
{
	memset(c, 0, sizeof *c);
	c->program = p;
	c->wrap = wrap;
	arena_init(&c->arena, 0);
	if (wrap)
		round_constants(c);
}

void
circuit_free(struct circuit *c)
{
	arena_free(&c->arena);
}
