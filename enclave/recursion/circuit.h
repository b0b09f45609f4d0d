#ifndef RECURSION_CIRCUIT_H
#define RECURSION_CIRCUIT_H
/*
 * The circuit builder: what the programs that verify are written in.
 *
 * A felt or an ext is a variable: an address that an instruction has written.  An
 * fexpr or an eexpr is a value that may also be a constant.  Every operator appends
 * its instruction at once; only an operation on two constants is done here.  Rules
 * of operands and of folding: sp1-proof(7), Recursion rules.
 *
 * A key depends on the order of evaluation, and C leaves that of arguments open.  So
 * everything that takes two expressions is a macro over an array of two, whose
 * elements GCC and Clang evaluate from left to right (test/unit/recursion/circuit.c).
 */
#include "air/expr.h"
#include "base/arena.h"
#include "recursion/program.h"

typedef struct { uint32_t addr; } felt;
typedef struct { uint32_t addr; } ext;

typedef struct { bool var; kb k; felt v; } fexpr;
enum eexpr_kind { EEXPR_CONST, EEXPR_FELT, EEXPR_EXT };
typedef struct { enum eexpr_kind kind; ef k; fexpr f; ext v; } eexpr;

struct circuit {
	struct program *program;
	struct arena arena;		/* of variables' arrays, freed with it */
	bool wrap;			/* the machine of wrap (recursion.def) */
	ext round_constant[28][4];	/* of Poseidon2, in wrap */
};

/* Into a program that is empty. */
void circuit_init(struct circuit *c, struct program *p, bool wrap);
/* Frees the variables' arrays; the program stays. */
void circuit_free(struct circuit *c);
/* n elements of size bytes, which circuit_free() frees.  No memory ends the process. */
void *circuit_alloc(struct circuit *c, size_t n, size_t size);

/* ---- expressions ---- */

/* The constant of this number, which need not be below p. */
fexpr f_k(uint32_t canonical);
/* The constant k. */
fexpr f_kb(kb k);
/* What the variable holds; no instruction. */
fexpr f_var(felt v);
/* The constant of this number, in the base field. */
eexpr e_k(uint32_t canonical);
/* The constant k. */
eexpr e_const(ef k);
/* What the variable holds; no instruction. */
eexpr e_var(ext v);
eexpr e_felt(fexpr f);		/* felt-valued: it stays in the base field */

#define f_add(c, a, b) f_binary((c), OP_ADD_F, (const fexpr[2]){(a), (b)})
#define f_sub(c, a, b) f_binary((c), OP_SUB_F, (const fexpr[2]){(a), (b)})
#define f_mul(c, a, b) f_binary((c), OP_MUL_F, (const fexpr[2]){(a), (b)})
#define e_add(c, a, b) e_binary((c), OP_ADD_E, (const eexpr[2]){(a), (b)})
#define e_sub(c, a, b) e_binary((c), OP_SUB_E, (const eexpr[2]){(a), (b)})
#define e_mul(c, a, b) e_binary((c), OP_MUL_E, (const eexpr[2]){(a), (b)})
#define e_div(c, a, b) e_binary((c), OP_DIV_E, (const eexpr[2]){(a), (b)})

/* x[0] op x[1], OP_ADD_F to OP_DIV_F: a variable, or a constant if both are. */
fexpr f_binary(struct circuit *c, enum opcode op, const fexpr x[2]);
/* The same of OP_ADD_E to OP_DIV_E.  Two that are felt-valued give one that is, by
 * f_binary(). */
eexpr e_binary(struct circuit *c, enum opcode op, const eexpr x[2]);
/* -x; of a variable it is 0 - x. */
fexpr f_neg(struct circuit *c, fexpr x);
/* -x; one that is felt-valued stays so. */
eexpr e_neg(struct circuit *c, eexpr x);

/* A new variable of this value; one that is a variable already is copied. */
felt f_eval(struct circuit *c, fexpr x);
/* The same of an extension element. */
ext e_eval(struct circuit *c, eexpr x);

/* Each remembers its place, for who runs the program. */
#define f_assert_eq(c, a, b) f_assert_eq_at((c), AIR_HERE, (a), (b))
#define f_assert_eq_at(c, at, a, b) \
	f_assert((c), (at), true, (const fexpr[2]){(a), (b)})
#define f_assert_ne(c, a, b) f_assert_ne_at((c), AIR_HERE, (a), (b))
#define f_assert_ne_at(c, at, a, b) \
	f_assert((c), (at), false, (const fexpr[2]){(a), (b)})
#define e_assert_eq(c, a, b) \
	e_assert((c), AIR_HERE, (const eexpr[2]){(a), (b)})

/* That x[0] and x[1] are equal, or are not, as stated at `at` (AIR_HERE).  What does not
 * hold fails when the program runs; of two constants it has to hold here. */
void f_assert(struct circuit *c, const char *at, bool equal, const fexpr x[2]);
/* The same of extension elements, which must be equal. */
void e_assert(struct circuit *c, const char *at, const eexpr x[2]);

/* ---- instructions ---- */

/* a op b of variables as they are, without a copy or folding. */
felt f_direct(struct circuit *c, enum opcode op, felt a, felt b);
/* The same of extension elements; b is the address of a felt or an ext. */
ext e_direct(struct circuit *c, enum opcode op, ext a, uint32_t b);

/* The next block of the witness, not constrained. */
felt hint_felt(struct circuit *c);
/* The same as an extension element. */
ext hint_ext(struct circuit *c);
/* n bits of x, low first, not constrained. */
void hint_bits(struct circuit *c, felt *bits, unsigned n, felt x);
/* The coefficients of x, lowest first, not constrained. */
void hint_felts(struct circuit *c, felt out[4], ext x);
struct curve_var { felt x[7], y[7]; };
/* The sum of two points, not constrained.  The program fails if their x are equal. */
struct curve_var hint_curve(struct circuit *c, const struct curve_var *a,
    const struct curve_var *b);
/* Poseidon2 of 16 felts: one instruction, or in wrap many on blocks of four.  out may be
 * in. */
void permute(struct circuit *c, felt out[16], const felt in[16]);
/* in[0], in[1], swapped if bit is 1; the chip checks that it is a bit. */
void select_pair(struct circuit *c, felt out[2], felt bit, const felt in[2]);
/* eq(bits, point), and the number whose bits the first half are, high first. */
ext prefix_sums(struct circuit *c, const felt *bits, const ext *point,
    unsigned n, felt *number);
/* All public values, STARK_PUBLIC_VALUES of them. */
void commit(struct circuit *c, const felt *public_values);

/* An extension element's coefficients, lowest first; hinted and checked, or in wrap an
 * instruction. */
void ext_to_felts(struct circuit *c, felt out[4], ext x);
/* The extension element of four coefficients, lowest first. */
ext felts_to_ext(struct circuit *c, const felt x[4]);

#endif
