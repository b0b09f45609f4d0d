#ifndef RISCV_RV_H
#define RISCV_RV_H
/*
 * The guest program: ELF rules, decoding with the stock laxness, memory image
 * (sp1-machine(7), Program file; sp1-machine(7), Instructions; the 6.10.0 rule for
 * bytes that file and zero fill share).  One table, opcodes.def, has the opcodes:
 * decoder, interpreter, disassembler, tests and the chips' traces expand it.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum rv_opcode {
#define RV_OPCODE(name, ...) RV_##name,
#include "riscv/opcodes.def"
#undef RV_OPCODE
	RV_NOPCODES
};

/* As the Program chip has it: U: op_b = op_c = imm; JAL: op_b = imm; ECALL: 5, 10, 11;
 * I, S, B immediates sign-extended in op_c; stores and branches: op_a is the register
 * read at clk + 4 (data of a store, rs1 of a branch). */
struct rv_insn {
	uint8_t op;		/* enum rv_opcode */
	uint8_t op_a;
	uint8_t imm_b, imm_c;	/* 1: op_b / op_c is an immediate, not a register */
	uint64_t op_b, op_c;
};

struct rv_word { uint64_t addr, value; };	/* addr is a multiple of 8 */

struct rv_program {
	uint64_t pc_base, pc_start;
	uint32_t n;
	struct rv_insn *insn;
	size_t nimage;
	struct rv_word *image;	/* ascending; every word that the loader makes, zeros too */
	uint8_t sha256[32];	/* of the ELF file */
};

/* EX_DATAERR with the rule that the ELF breaks.  Free with rv_free. */
CHECKED int rv_load(struct rv_program *p, const uint8_t *elf, size_t len,
    struct err *e);
/* The same of a file; EX_NOINPUT: it is not there, EX_IOERR: it cannot be read.
 * p needs no rv_free() after a failure. */
CHECKED int rv_load_file(struct rv_program *p, const char *path, struct err *e);
/* Frees what rv_load() allotted and clears *p. */
void rv_free(struct rv_program *p);

/* Decodes one word of code; -1: it is no instruction of the machine. */
CHECKED int rv_decode(struct rv_insn *out, uint32_t word);
const char *rv_name(enum rv_opcode op);	/* "ADD", as in reports */
/* Writes "addi x1, x2, -3", or "?", as snprintf() does. */
void rv_disassemble(const struct rv_insn *i, char *out, size_t size);

#endif
