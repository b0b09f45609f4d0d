#ifndef AIR_OP_OPCODE_H
#define AIR_OP_OPCODE_H
/*
 * Opcodes by the numbers that the Program chip has: those of riscv/opcodes.def,
 * which this library may not include (enclave/rows asserts that they agree).
 */
enum air_opcode_number {
	OPC_ADD, OPC_ADDI, OPC_SUB, OPC_XOR, OPC_OR, OPC_AND, OPC_SLL, OPC_SRL,
	OPC_SRA, OPC_SLT, OPC_SLTU, OPC_MUL, OPC_MULH, OPC_MULHU, OPC_MULHSU,
	OPC_DIV, OPC_DIVU, OPC_REM, OPC_REMU, OPC_ADDW, OPC_SUBW, OPC_SLLW,
	OPC_SRLW, OPC_SRAW, OPC_MULW, OPC_DIVW, OPC_DIVUW, OPC_REMW, OPC_REMUW,
	OPC_LB, OPC_LH, OPC_LW, OPC_LBU, OPC_LHU, OPC_LWU, OPC_LD, OPC_SB,
	OPC_SH, OPC_SW, OPC_SD, OPC_BEQ, OPC_BNE, OPC_BLT, OPC_BGE, OPC_BLTU,
	OPC_BGEU, OPC_JAL, OPC_JALR, OPC_AUIPC, OPC_LUI, OPC_ECALL, OPC_EBREAK,
	OPC_UNIMP
};

#endif
