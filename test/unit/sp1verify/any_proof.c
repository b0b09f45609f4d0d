/*
 * A proof of whatever mode: what it says of itself in each form, that each mode finds
 * its verifier, and what the program's hash is enough for.  Core and compressed proofs:
 * ../shared/vectors/own/proof, where they are.
 */
#include "base/hex.h"
#include "sp1verify/any_proof.h"
#include "stark/setup.h"
#include "test/lib/stark_vectors.h"

/* test/vectors/snark/README */
#define GROTH16 "test/vectors/snark/groth16-v6.1.bin"
#define PROGRAM \
	"00f31d3c82e1ac5e413efe237066f7b6820416878cd71f6c9d4f642b24732a93"

struct file { uint8_t *v; size_t n; };

static struct file
load(const char *path)
{
	struct file f;
	struct err e;

	if (read_file(path, PROOF_CAP, &f.v, &f.n, &e))
		die_err(&e);
	return f;
}

/* Reads and verifies: 0, or the error's status. */
static int
run(struct any_proof *p, struct arena *a, const struct file *f,
    const struct vk *vk, const uint8_t *bytes32, struct err *e)
{
	*e = (struct err){0};
	arena_init(a, core_proof_ceiling(f->n));
	if (any_proof_read(p, a, f->v, f->n, e) ||
	    any_proof_verify(p, vk, bytes32, NULL, e))
		return e->status;
	return 0;
}

static void
test_groth16(void)
{
	static const uint8_t tee[] = {1, 3, 0, 0, 0, 0, 0, 0, 0, 't', 'e', 'e'};
	struct file f = load(GROTH16), g;
	uint8_t program[32];
	struct any_proof p;
	struct arena a;
	struct err e;

	must(hex_decode(program, 32, PROGRAM) == 0);
	is_int(run(&p, &a, &f, NULL, program, &e), 0, "by the hash %s", e.msg);
	ok(p.known && p.well_formed && p.mode == PROOF_GROTH16 &&
	    p.shards == 0 && p.exit_code == 0, "what it says");
	ok(p.tail.form == PROOF_SAVED && any_proof_tee_size(&p) == 1,
	    "as the SDK saves it, without a TEE proof");
	arena_free(&a);

	g = (struct file){malloc(f.n + sizeof tee), f.n - 1 + sizeof tee};
	must(g.v != NULL);
	memcpy(g.v, f.v, f.n - 1);
	memcpy(g.v + f.n - 1, tee, sizeof tee);
	is_int(run(&p, &a, &g, NULL, program, &e), 0, "with one %s", e.msg);
	is_int(any_proof_tee_size(&p), sizeof tee, "all of it");
	arena_free(&a);
	g.n = f.n - 1;
	is_int(run(&p, &a, &g, NULL, program, &e), 0, "as the network has it %s",
	    e.msg);
	ok(p.tail.form == PROOF_NETWORK && any_proof_tee_size(&p) == 0,
	    "with no place for one");
	arena_free(&a);

	program[31] ^= 1;
	is_int(run(&p, &a, &f, NULL, program, &e), EX_NO, "another program: %s",
	    e.msg);
	arena_free(&a);
	is_int(run(&p, &a, &f, &(struct vk){0}, NULL, &e), EX_NO,
	    "another key: %s", e.msg);
	arena_free(&a);
	program[31] ^= 1;
	f.v[0] = PROOF_PLONK;
	is_int(run(&p, &a, &f, NULL, program, &e), EX_NO, "as PLONK: %s", e.msg);
	ok(p.mode == PROOF_PLONK && p.well_formed, "it has that form");
	arena_free(&a);
	for (int m = PROOF_CORE; m <= PROOF_COMPRESSED; m++) {
		f.v[0] = (uint8_t)m;
		is_int(run(&p, &a, &f, NULL, program, &e), EX_DATAERR, "as %s: %s",
		    proof_mode_name((enum proof_mode)m), e.msg);
		ok(p.known && !p.well_formed && (int)p.mode == m,
		    "which it is not");
		arena_free(&a);
	}
	f.v[0] = 4;
	is_int(run(&p, &a, &f, NULL, program, &e), EX_DATAERR, "no mode: %s",
	    e.msg);
	ok(!p.known && !p.well_formed, "none is told");
	arena_free(&a);
	free(f.v);
	free(g.v);
}

static void
test_hash_alone(void)
{
	/* A core proof without a shard. */
	struct file f = {(uint8_t[29]){0}, 29};
	struct any_proof p;
	struct arena a;
	struct err e;

	is_int(run(&p, &a, &f, NULL, (uint8_t[32]){0}, &e), EX_NO,
	    "a core proof by the hash: %s", e.msg);
	ok(strstr(e.msg, "not its hash") != NULL && p.well_formed,
	    "it is not enough");
	arena_free(&a);
}

static void
test_hashes(void)
{
	uint8_t network[32], want[32], got[32], bytes[VK_BYTES];
	struct vk vk;
	struct err e;

	for (int i = 0; i < VK_BYTES; i++)
		bytes[i] = (uint8_t)(i % 4 == 3 ? 0x7e - i % 0x40 : 3 * i);
	must(vk_decode(&vk, bytes, VK_BYTES, &e) == 0);
	vk_network_hash(network, &vk);
	vk_bytes32(want, &vk);
	is_int(vk_bytes32_of(got, network, &e), 0, "bytes32 of the network's hash");
	ok(memcmp(got, want, 32) == 0, "is that of the key");
	network[28] = 0xff;
	is_int(vk_bytes32_of(got, network, &e), -1, "of a hash of no key: %s",
	    e.msg);
	is_int(e.status, EX_DATAERR, "which is malformed");
}

static void
test_stock(const char *name, enum proof_mode mode, unsigned shards)
{
	char path[256];
	struct any_proof p;
	struct file f;
	struct arena a;
	struct err e;
	struct vk fib, halt;

	must(stock_vk(&fib, "fib") == 0 && stock_vk(&halt, "halt") == 0);
	snprintf(path, sizeof path, "%s/%s.bin", STOCK_PROOFS, name);
	f = load(path);
	is_int(run(&p, &a, &f, &fib, NULL, &e), 0, "%s %s", name, e.msg);
	ok(p.mode == mode && p.shards == shards &&
	    p.tail.form == PROOF_SAVED && p.tail.public_values.n == 12,
	    "%s: what it says", name);
	arena_free(&a);
	f.n--;
	is_int(run(&p, &a, &f, &fib, NULL, &e), 0, "%s: the other form %s", name,
	    e.msg);
	arena_free(&a);
	is_int(run(&p, &a, &f, &halt, NULL, &e), EX_NO,
	    "%s: of another program: %s", name, e.msg);
	arena_free(&a);
	free(f.v);
}

int
main(void)
{
	test_groth16();
	test_hash_alone();
	test_hashes();
	if (!have_stock()) {
		tap_skip("no stock proofs in " STOCK_PROOFS);
		return done_testing();
	}
	test_stock("fib-20.core", PROOF_CORE, 1);
	test_stock("fib-20.compressed", PROOF_COMPRESSED, 2);
	return done_testing();
}
