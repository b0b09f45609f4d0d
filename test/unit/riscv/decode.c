/* The decoder against a second statement of what the stock one takes
 * (sp1-machine(7), Instructions), over every major opcode, funct3 and funct7. */
#include "test/lib/tap.h"

#include <stdbool.h>

#include "riscv/rv.h"

static bool
takes_op(unsigned f3, unsigned f7)
{
	return f7 == 0 || f7 == 1 || (f7 == 0x20 && (f3 == 0 || f3 == 5));
}

static bool
takes_op_32(unsigned f3, unsigned f7)
{
	switch (f3) {
	case 0: case 5: return f7 == 0 || f7 == 1 || f7 == 0x20;
	case 1: case 4: case 6: case 7: return true;
	}
	return false;
}

static bool
takes(uint32_t w)
{
	unsigned f3 = w >> 12 & 7, f7 = w >> 25;

	switch (w & 127) {
	case 0x33: return takes_op(f3, f7);
	case 0x13: return f3 != 5 || (f7 & ~0x21u) == 0;
	case 0x1b: return f3 == 0 || f3 == 1 ||
		(f3 == 5 && (f7 == 0 || f7 == 0x20));
	case 0x3b: return takes_op_32(f3, f7);
	case 0x03: return f3 != 7;
	case 0x23: return f3 < 4;
	case 0x63: return f3 != 2 && f3 != 3;
	case 0x6f: case 0x67: case 0x37: case 0x17: return true;
	case 0x0f: return f3 == 0;
	case 0x73:
		if (f3 != 0)
			return f3 != 4;
		return w == 0x73 || w == 0x100073 || w == 0x10500073 ||
		    w == 0x30200073;
	}
	return false;
}

static uint64_t state = 1;

static uint32_t
random32(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 32);
}

static void
check_acceptance(void)
{
	unsigned wrong = 0;
	struct rv_insn i;

	for (uint32_t major = 0; major < 128; major++)
		for (uint32_t f = 0; f < 1024; f++)
			for (int k = 0; k < 8; k++) {
				uint32_t w = (f >> 3) << 25 | (f & 7) << 12 |
				    major | (k ? random32() & 0x01ff8f80 : 0);

				if ((rv_decode(&i, w) == 0) != takes(w) &&
				    wrong++ < 5)
					diag("0x%08x", w);
			}
	is_int(wrong, 0, "decodes what stock decodes, and nothing else");
}

static const struct { uint32_t word; const char *text; } cases[] = {
	{ 0x00c58533, "add x10, x11, x12" },
	{ 0xffd10093, "addi x1, x2, -3" },
	{ 0x40c58533, "sub x10, x11, x12" },
	{ 0x02c5e533, "rem x10, x11, x12" },
	{ 0x03f59593, "slli x11, x11, 63" },
	{ 0xfff59593, "slli x11, x11, 63" },	/* funct7 ignored */
	{ 0x43f5d593, "srai x11, x11, 63" },
	{ 0x41f5d59b, "sraiw x11, x11, 31" },
	{ 0xfff5959b, "slliw x11, x11, 31" },
	{ 0xfff5859b, "addiw x11, x11, -1" },
	{ 0x00c5853b, "addw x10, x11, x12" },
	{ 0xfff03013, "sltiu x0, x0, -1" },
	{ 0xff81b503, "ld x10, -8(x3)" },
	{ 0x7ff1e503, "lwu x10, 2047(x3)" },
	{ 0xfea1bc23, "sd x10, -8(x3)" },
	{ 0x00a18023, "sb x10, 0(x3)" },
	{ 0xfe000ee3, "beq x0, x0, pc-4" },
	{ 0x00b57863, "bgeu x10, x11, pc+16" },
	{ 0x0000006f, "jal x0, pc+0" },
	{ 0xffdff0ef, "jal x1, pc-4" },
	{ 0x800000ef, "jal x1, pc-1048576" },
	{ 0x00008067, "jalr x0, 0(x1)" },
	{ 0xfff0f0e7, "jalr x1, -1(x1)" },	/* funct3 ignored */
	{ 0x800000b7, "lui x1, 0x80000" },
	{ 0x00001097, "auipc x1, 0x1" },
	{ 0x00000073, "ecall" },
	{ 0x00100073, "ebreak" },
	{ 0x0ff0000f, "unimp" },		/* fence */
	{ 0xc0001073, "unimp" },
	{ 0x10500073, "unimp" },		/* wfi */
};

static void
check_operands(void)
{
	struct rv_insn i;

	must(rv_decode(&i, 0xfea1bc23) == 0);	/* sd x10, -8(x3) */
	ok(i.op == RV_SD && i.op_a == 10 && i.op_b == 3 &&
	    i.op_c == (uint64_t)-8 && !i.imm_b && i.imm_c, "a store");
	must(rv_decode(&i, 0x00b57863) == 0);	/* bgeu x10, x11 */
	ok(i.op == RV_BGEU && i.op_a == 10 && i.op_b == 11 && i.op_c == 16,
	    "a branch: rs1 is operand a");
	must(rv_decode(&i, 0x800000b7) == 0);	/* lui x1, 0x80000 */
	ok(i.op == RV_LUI && i.op_b == 0xffffffff80000000 && i.op_c == i.op_b &&
	    i.imm_b && i.imm_c, "lui: the immediate in both operands");
	must(rv_decode(&i, 0xffdff0ef) == 0);	/* jal x1, -4 */
	ok(i.op == RV_JAL && i.op_b == (uint64_t)-4 && i.op_c == 0 && i.imm_b &&
	    i.imm_c, "jal");
	must(rv_decode(&i, 0x73) == 0);
	ok(i.op == RV_ECALL && i.op_a == 5 && i.op_b == 10 && i.op_c == 11 &&
	    !i.imm_b && !i.imm_c, "ecall: x5, x10, x11");
	must(rv_decode(&i, 0x100073) == 0);
	ok(i.op == RV_EBREAK && !i.op_a && !i.imm_b && !i.imm_c, "ebreak");
	must(rv_decode(&i, 0x0ff0000f) == 0);
	ok(i.op == RV_UNIMP && !i.op_a && !i.op_b && i.imm_b && i.imm_c, "unimp");
	ok(rv_decode(&i, 0) == -1 && i.op == RV_UNIMP,
	    "nothing is written where nothing decodes");
}

int
main(void)
{
	struct rv_insn i;
	char text[64];

	check_acceptance();
	check_operands();
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		if (rv_decode(&i, cases[k].word))
			text[0] = '\0';
		else
			rv_disassemble(&i, text, sizeof text);
		is_str(text, cases[k].text, "0x%08x", cases[k].word);
	}
	is_int(RV_NOPCODES, 53, "opcodes");
	is_str(rv_name(RV_UNIMP), "UNIMP", "the last one's name");
	is_int(RV_ECALL, 50, "ecall's number");
	return done_testing();
}
