#ifndef TEST_LIB_STARK_VECTORS_H
#define TEST_LIB_STARK_VECTORS_H
/*
 * Stock proofs and keys: those that our prover made (`make proofs`: the stock prover's
 * bytes), or ../shared/vectors/own, where that is; or in the environment a proof
 * (SP1_TEST_PROOF) with its raw key (SP1_TEST_VK).
 */
#include <time.h>

#include "base/hex.h"
#include "base/io.h"
#include "proof/container.h"
#include "proof/vk.h"
#include "test/lib/tap.h"

#define STOCK_PROOFS "../shared/vectors/own/proof"
#define STOCK_RECURSION "../shared/vectors/proof"
#define STOCK_KEYS "test/vectors/vk.tsv"
#define PROOF_CAP ((size_t)1 << 28)

struct test_proof {
	struct vk vk;
	struct core_proof p;
	struct arena arena;
	uint8_t *bytes;
	size_t len;
};

/* CHECK_LONG=1: more of everything. */
size_t times(size_t n, size_t longer);

/* Of a clock that only goes forward. */
double seconds(void);

/* The key of a guest, from the table's fourth column: 0, or -1: it has none. */
CHECKED int stock_vk(struct vk *vk, const char *guest);

/* Where the proof NAME, which ends in .core or .compressed, is: made by `make proofs` into
 * the folder "proofs" of the build B (else "build"), or stock; NULL: nowhere.  Never both:
 * the first of these. */
#define STOCK_PATH 512
const char *stock_path(char path[STOCK_PATH], const char *name);

/* stock_path(), or the test is left out, with the reason. */
const char *stock_path_or_skip(char path[STOCK_PATH], const char *name);

/* A core proof from a file: 0, or -1 and *e; test_proof_free() in either case. */
CHECKED int test_proof_read(struct test_proof *t, const char *path, struct err *e);

/* The core proof NAME and its guest's key. */
CHECKED int stock_proof(struct test_proof *t, const char *name, const char *guest,
    struct err *e);

/* What test_proof_read() took. */
void test_proof_free(struct test_proof *t);

/* The compressed proof that `make proofs` makes, of fib with input 20: of one shard. */
#define MADE_COMPRESSED "fib-20.made.compressed"

struct test_compressed {
	struct compressed_proof p;
	struct arena arena;
	uint8_t *bytes;
	size_t len;
};

/* The compressed proof NAME (stock_path()), or the test ends; then
 * test_compressed_free(). */
void test_compressed_read(struct test_compressed *t, const char *name);
void test_compressed_free(struct test_compressed *t);

#endif
