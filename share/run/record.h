#ifndef RUN_RECORD_H
#define RUN_RECORD_H
/*
 * The record stream: what sp1-exec tells the prover (sp1-records(5)).
 *
 * A struct rec_header, then frames, little-endian, each a struct rec_frame and `len`
 * bytes, a multiple of 8, at most REC_FRAME_MAX but PROOF's and END's:
 *
 *	struct rec_header
 *	PROOF*
 *	for each execution shard:  (INSTR | PRECOMPILE)*  LOCAL*  SHARD
 *	INIT*  FINALIZE*  END
 *
 * or, where the run fails, whole frames up to there, of which the failing instruction's
 * record may be the last and unfinished, then FAILED.
 *
 * PROOF frames are the proofs that the guest's input carries, in its order.
 *
 * LOCAL is sorted by (address, initial_ts), INIT and FINALIZE by address, over all
 * frames of the kind in their shard or stream; registers come first.
 *
 * A shard's INSTR frames hold its instructions in order; a PRECOMPILE frame follows
 * the INSTR frame that ends with its ECALL or precedes the next instruction's.  A
 * reader needs the memory of one shard only.  A stream without END or FAILED is
 * truncated.
 *
 * The stream holds the guest's input in the clear: it goes through a pipe
 * between processes of one enclave, never to a disk.
 */
#include <stdint.h>

#define REC_MAGIC 0x0153434552315053ull	/* "SP1RECS\1": as an SP1Stdin's count, absurd */
#define REC_VERSION 2
#define REC_FRAME_MAX (1u << 20)
#define REC_PROOF_MAX (4u << 20)	/* bytes of a proof, which has 1.3 million */

enum rec_type {
	REC_PROOF = 1, REC_INSTR, REC_PRECOMPILE, REC_LOCAL, REC_SHARD,
	REC_INIT, REC_FINALIZE, REC_END, REC_FAILED
};

struct rec_frame { uint32_t type, reserved; uint64_t len; };

struct rec_header {		/* the stream's first bytes, before any frame */
	uint64_t magic;
	uint32_t version, reserved;
	uint8_t elf_sha256[32];
	uint64_t element_threshold, height_threshold;	/* the cut that was used */
	uint32_t nonce[4];
};

struct rec_proof {		/* then len bytes, zero-padded to 8: SP1RecursionProof in
				 * bincode (sp1-proof(7), Containers) */
	uint64_t len;
};

/* One executed instruction, outside unconstrained blocks. */
struct rec_instr {
	uint64_t clk;
	uint32_t index;		/* (pc - pc_base) / 4 */
	uint32_t reserved;
	/* Operand values.  a: the value written to rd; for branches and stores the
	 * value of the register op_a (rs1, rs2's data); for ECALL what x5 gets.
	 * b, c: register values or immediates; for ECALL x10, x11. */
	uint64_t a, b, c;
	uint64_t prev_a;	/* register op_a before (equal to a where it is read) */
	uint64_t ts_a, ts_b, ts_c;	/* previous timestamps of the registers; 0
					 * where the operand is an immediate */
	/* The aligned 8-byte word of a load or store: before, when, after. */
	uint64_t mem_prev, mem_prev_ts, mem_value;
};

struct rec_access {		/* one word of a precompile; value == prev for a read */
	uint64_t addr, prev, prev_ts, value, ts;
};

struct rec_local {		/* a piece of an address's history within a shard */
	uint64_t addr;		/* registers are 0..31 */
	uint64_t initial, initial_ts, final, final_ts;
};

#define REC_DEFERRED 1u
struct rec_precompile {		/* then naccess accesses, then nlocal locals */
	uint64_t clk;
	uint32_t code;		/* the whole 32-bit number */
	uint32_t flags;
	uint64_t arg1, arg2;	/* x10, x11 */
	uint32_t naccess;	/* in the order of sp1-machine(7), Precompiles,
				 * registers x12..x14 first */
	uint32_t nlocal;	/* a deferred event's own histories; else 0 */
};

struct rec_shard {		/* ends an execution shard */
	uint64_t initial_clk, last_clk;	/* before the first, after the last instruction */
	uint64_t pc_start, next_pc;	/* next_pc is 1 after HALT */
	uint64_t ninstr;
	uint64_t area;			/* the estimate that cut it (sp1-proof(7),
					 * Shard cut) */
	uint32_t last;			/* 1: ends with HALT */
	uint32_t chunk_end;		/* 1: ends a chunk, or the run (sp1-proof(7),
					 * Deferral: stock lets the precompiles' rest
					 * go) */
	uint32_t exit_code, reserved;
	uint32_t commit, commit_deferred;	/* the calls were made in this shard */
	uint32_t digest[8], deferred_digest[8];	/* words given to them so far */
};

struct rec_memory { uint64_t addr, value, ts; };	/* INIT, FINALIZE: ascending */

struct rec_end {		/* then pv_len bytes, zero-padded to 8 */
	uint64_t cycles, gas, exit_code, pv_len;
};

struct rec_failed {
	uint64_t cycles;
	uint32_t cause, reserved;	/* an enum vm_cause, not VM_halted */
};

#endif
