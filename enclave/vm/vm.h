#ifndef VM_VM_H
#define VM_VM_H
/*
 * The reference machine (sp1-machine(7)): runs a guest and says exactly what
 * stock says of it: public values, exit code, cycles, gas, counts.  With a sink
 * for records it also tells the prover every step, in shards cut as stock cuts
 * them.
 *
 * Nothing here trusts the guest or its input; every way to fail has a cause.
 * Memory: the image and pages that the guest touched, its input and public values,
 * within limits; with records also one shard's list of touched words.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secmem.h"
#include "riscv/rv.h"
#include "run/causes.h"

/* Stock's defaults, and ours where stock has none. */
#define VM_ELEMENT_THRESHOLD	((1ull << 28) + (1ull << 27))
#define VM_HEIGHT_THRESHOLD	(1ull << 22)
#define VM_SHARD_ENTRIES	(1ull << 24)
#define VM_GAS_ENTRIES		(1ull << 27)
#define VM_MAX_UNCONSTRAINED	(1ull << 32)
#define VM_MAX_MEMORY		(8ull << 30)

/* Zero means the default; for max_cycles no limit. */
struct vm_config {
	uint64_t max_cycles;
	uint64_t max_unconstrained;	/* instructions in such blocks, all together */
	/* Bytes that guest memory (some 8 or 10 KiB a page of 4), hints and public
	 * values take. */
	uint64_t max_memory;
	uint64_t max_output;	/* bytes printed, and of public values; 0: any */
	uint64_t element_threshold, height_threshold;
	uint64_t shard_entries, gas_entries;	/* trace entries in a chunk */
	uint32_t nonce[4];
	/* A line that the guest printed, without its end; fd 1 or 2.  May be NULL. */
	void (*on_line)(void *ctx, int fd, const char *text, size_t len);
	/* Takes the stream of record.h; 0, or -1 to end the run.  NULL: no records. */
	int (*on_records)(void *ctx, const void *bytes, size_t len);
	void *ctx;
	/* Has records even of a run that did not commit (vm_committed()), to look at a
	 * part of one: otherwise it ends as Unprovable. */
	bool uncommitted;
};

struct vm_count { const char *name; uint64_t count; };

struct vm_result {
	enum vm_cause cause;
	char detail[160];		/* one line, "" when it halted */
	uint64_t pc;			/* of the instruction that failed */
	uint64_t exit_code;		/* all of a0 */
	uint64_t cycles, gas;
	uint64_t opcodes[RV_NOPCODES];
	size_t nsyscalls;		/* those with a table, as stock reports them */
	const struct vm_count *syscalls;
	const uint8_t *public_values;
	size_t npublic_values;
	uint32_t digest[8];		/* the words given to COMMIT, */
	uint32_t deferred_digest[8];	/* to COMMIT_DEFERRED_PROOFS */
	uint64_t verify_calls;		/* of VERIFY_SP1_PROOF */
};

/* What an input carries of proofs: n of them and their keys, as they came. */
struct vm_proofs { uint64_t n; const uint8_t *bytes; size_t len; };

struct vm;
/* The program must outlive the machine.  NULL: no memory. */
CHECKED struct vm *vm_new(const struct rv_program *p, const struct vm_config *c,
    struct err *e);
/* An SP1Stdin in bincode, which is the machine's from now on, whatever comes of it: *in is
 * empty.  EX_DATAERR: malformed.  The proofs in it are not looked into: to the machine they
 * are nothing, as to stock's. */
CHECKED int vm_take_input(struct vm *m, struct secmem *in, struct err *e);
/* The same of a copy.  EX_OSERR too. */
CHECKED int vm_set_input(struct vm *m, const uint8_t *in, size_t len,
    struct err *e);
/* Those proofs, in the machine's copy. */
struct vm_proofs vm_proofs(const struct vm *m);
/* One of them without its key, at most REC_PROOF_MAX bytes, for the record stream, which
 * has them in the order of these calls; before vm_run(), and it must outlive that.  Without
 * records nothing.  EX_OSERR: no memory. */
CHECKED int vm_tell_proof(struct vm *m, const uint8_t *proof, size_t n,
    struct err *e);
/* Runs to the end, whatever it is; once.  The result lives as long as the machine. */
const struct vm_result *vm_run(struct vm *m);
/* Whether the guest committed to its public values: the words that it gave to COMMIT are
 * their SHA-256, or their BLAKE3.  A run that did not has no proof (sp1-proof(7), Public
 * values). */
CHECKED bool vm_committed(const struct vm_result *r);
/* Wipes what it held, and frees it; NULL does nothing. */
void vm_free(struct vm *m);

#endif
