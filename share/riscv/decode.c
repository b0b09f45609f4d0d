#include "riscv/rv.h"

#include <stdbool.h>
#include <stdio.h>

enum format { R, I, L, H, W, S, B, U, J, C, N, X };

struct encoding {
	const char *mnemonic;
	uint32_t mask, match;
	uint8_t op, format;
};

static const struct encoding encodings[] = {
#define RV_ENCODING(op, mnemonic, format, mask, match) \
	{ mnemonic, mask, match, RV_##op, format },
#include "riscv/encodings.def"
#undef RV_ENCODING
};

static const char *const names[] = {
#define RV_OPCODE(name, ...) #name,
#include "riscv/opcodes.def"
#undef RV_OPCODE
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Bits hi..lo of w, moved to bit `to`. */
static uint32_t
bits(uint32_t w, int hi, int lo, int to)
{
	return (w >> lo & ((2u << (hi - lo)) - 1)) << to;
}

static uint64_t
sign_extend(uint32_t v, int width)
{
	return (uint64_t)((int64_t)((uint64_t)v << (64 - width)) >>
	    (64 - width));
}

int
rv_decode(struct rv_insn *out, uint32_t w)
{
	const struct encoding *e = encodings;
	const struct encoding *end = e + COUNT(encodings);
	uint32_t rd = bits(w, 11, 7, 0);
	uint32_t rs1 = bits(w, 19, 15, 0);
	uint32_t rs2 = bits(w, 24, 20, 0);
	struct rv_insn i = { 0 };

	while (e < end && (w & e->mask) != e->match)
		e++;
	if (e == end)
		return -1;
	i.op = e->op;
	i.op_a = rd;
	i.op_b = rs1;
	i.imm_c = 1;
	switch ((enum format)e->format) {
	case R:
		i.op_c = rs2;
		i.imm_c = 0;
		break;
	case I: case L: case C:
		i.op_c = sign_extend(bits(w, 31, 20, 0), 12);
		break;
	case H:
		i.op_c = bits(w, 25, 20, 0);
		break;
	case W:
		i.op_c = rs2;
		break;
	case S:
		i.op_a = rs2;
		i.op_c = sign_extend(bits(w, 31, 25, 5) | rd, 12);
		break;
	case B:
		i.op_a = rs1;
		i.op_b = rs2;
		i.op_c = sign_extend(bits(w, 31, 31, 12) | bits(w, 7, 7, 11) |
		    bits(w, 30, 25, 5) | bits(w, 11, 8, 1), 13);
		break;
	case U:
		i.op_b = i.op_c = sign_extend(w & 0xfffff000, 32);
		i.imm_b = 1;
		break;
	case J:
		i.op_b = sign_extend(bits(w, 31, 31, 20) |
		    bits(w, 19, 12, 12) | bits(w, 20, 20, 11) |
		    bits(w, 30, 21, 1), 21);
		i.imm_b = 1;
		break;
	case N:
		i.op_a = i.op == RV_ECALL ? 5 : 0;
		i.op_b = i.op == RV_ECALL ? 10 : 0;
		i.op_c = i.op == RV_ECALL ? 11 : 0;
		i.imm_c = 0;
		break;
	case X:
		i.op_a = 0;
		i.op_b = 0;
		i.imm_b = 1;
		break;
	}
	*out = i;
	return 0;
}

const char *
rv_name(enum rv_opcode op)
{
	return (size_t)op < COUNT(names) ? names[op] : "?";
}

/* The line of an instruction that was decoded: opcode and operands tell. */
static const struct encoding *
encoding_of(const struct rv_insn *i)
{
	for (size_t k = 0; k < COUNT(encodings); k++) {
		const struct encoding *e = &encodings[k];
		bool immediate = e->format != R && e->format != N;

		if (e->op == i->op && immediate == i->imm_c)
			return e;
	}
	return NULL;
}

void
rv_disassemble(const struct rv_insn *i, char *out, size_t size)
{
	const struct encoding *e = encoding_of(i);
	int a = i->op_a;
	int b = (int)i->op_b;
	long long c = (long long)i->op_c;

	if (!e) {
		snprintf(out, size, "?");
		return;
	}
	switch ((enum format)e->format) {
	case R:
		snprintf(out, size, "%s x%d, x%d, x%lld", e->mnemonic, a, b, c);
		break;
	case I: case H: case W:
		snprintf(out, size, "%s x%d, x%d, %lld", e->mnemonic, a, b, c);
		break;
	case L: case S: case C:
		snprintf(out, size, "%s x%d, %lld(x%d)", e->mnemonic, a, c, b);
		break;
	case B:		/* op_a is rs1 */
		snprintf(out, size, "%s x%d, x%d, pc%+lld", e->mnemonic, a, b,
		    c);
		break;
	case U:
		snprintf(out, size, "%s x%d, 0x%llx", e->mnemonic, a,
		    (unsigned long long)(i->op_b >> 12 & 0xfffff));
		break;
	case J:
		snprintf(out, size, "%s x%d, pc%+lld", e->mnemonic, a,
		    (long long)i->op_b);
		break;
	case N: case X:
		snprintf(out, size, "%s", e->mnemonic);
		break;
	}
}
