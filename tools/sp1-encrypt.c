/*
 * sp1-encrypt: seals an input to an enclave's key, for one program and one
 * requester.  The key is taken only if its fingerprint is the one pinned.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/par.h"
#include "base/secmem.h"
#include "crypto/eth.h"
#include "crypto/keyfile.h"
#include "crypto/sealed.h"
#include "proof/carried.h"
#include "rpc/cli.h"
#include "stark/setup.h"
#include "wire/stdin.h"

#define ANSWER_CAP 65536

static const char *program, *vk_hash_hex, *key_file, *requester, *pin, *recipient,
    *output;
static int raw;
static struct rpc_cli cli;

static const struct arg_opt opts[] = {
	{ 'p', "program", "ELF", "the program that may read the input",
	    .value = &program },
	{ 0, "vk-hash", "HEX", "the same by the hash of its verifying key",
	    .value = &vk_hash_hex },
	{ 'k', "key", "FILE", "key of the requester who may use it",
	    .value = &key_file },
	{ 0, "requester", "ADDRESS", "the same by address", .value = &requester },
	RPC_CLI_URL(cli),
	{ 0, "pin", "HEX", "fingerprint that the enclave's key must have",
	    .value = &pin },
	{ 'r', "recipient", "FILE", "the enclave's key from a file, not the URL",
	    .value = &recipient },
	{ 'o', "output", "FILE", "write to FILE", .value = &output },
	{ 0, "raw", NULL, "seal anything, not only an SP1Stdin", .flag = &raw },
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-encrypt",
	.synopsis = "-p ELF -k FILE (-u URL --pin HEX | -r FILE) [-o FILE] [INPUT]",
	.about = "Encrypts a guest's input to an enclave's key, bound to program "
	    "and requester.",
	.example = "sp1-stdin u32:20 | sp1-encrypt -p fib.elf -k key -u $TEE "
	    "--pin $FINGERPRINT |\n    sp1-upload -t stdin -u $TEE -k key",
	.opts = opts, .min = 0, .max = 1,
};

static void
program_hash(uint8_t out[static 32])
{
	struct err e;
	struct vk vk;

	if (vk_hash_hex) {
		args_hex(&args, "--vk-hash", vk_hash_hex, out, 32);
		return;
	}
	par_start(0);
	if (setup_vk_file(&vk, program, &e) < 0)
		die_err(&e);
	vk_network_hash(out, &vk);
}

static void
requester_address(uint8_t out[static 20])
{
	struct eth_key k;
	struct err e;

	if (requester) {
		args_hex(&args, "--requester", requester, out, 20);
		return;
	}
	if (eth_key_load(&k, key_file, &e) < 0)
		die_err(&e);
	memcpy(out, k.address, 20);
	eth_key_wipe(&k);
}

/* {"public_key":"0x..", ...} */
static int
parse_answer(uint8_t pk[static 32], const uint8_t *p, size_t n)
{
	json_t *o = json_loadb((const char *)p, n, JSON_REJECT_DUPLICATES, NULL);
	const char *text = json_string_value(json_object_get(o, "public_key"));
	const char *kem = json_string_value(json_object_get(o, "kem"));
	int r = text && (!kem || strcmp(kem, "x25519") == 0) ?
	    hex_decode(pk, 32, text) : -1;

	json_decref(o);
	return r;
}

static void
enclave_key(uint8_t pk[static 32])
{
	uint8_t want[32], got[32], *p;
	char hex[65];
	struct rpc *r;
	struct err e;
	size_t n;

	if (pin)
		args_hex(&args, "--pin", pin, want, 32);
	if (recipient) {
		if (keyfile_public(pk, recipient, &e) < 0)
			die_err(&e);
	} else {
		r = rpc_cli_open(&cli, NULL, &e);
		if (!r || rpc_get(r, "/v1/enclave-key", ANSWER_CAP, &p, &n, NULL,
		    &e) < 0)
			die_err(&e);
		if (parse_answer(pk, p, n) < 0)
			die(EX_PROTOCOL, "%s does not give an X25519 key",
			    rpc_url(r));
		free(p);
		rpc_free(r);
	}
	sealed_fingerprint(got, pk);
	hex_encode(hex, got, 32);
	if (pin && memcmp(got, want, 32) != 0)
		die(EX_NOPERM, "the enclave's key has the fingerprint 0x%s, not "
		    "the one pinned: nothing was encrypted", hex);
	if (cli.verbose)
		complain("sealing to the key with the fingerprint 0x%s", hex);
}

/* An input that no guest could read fails here, not in the enclave. */
static void
check_input(const struct secmem *in, const char *name)
{
	struct sp1_stdin s;
	struct arena a;
	struct err e;

	if (raw)
		return;
	arena_init(&a, 2 * in->n + 4096);
	if (stdin_parse(&s, &a, in->p, in->n, &e) < 0 ||
	    carried_check(s.nproofs, s.proofs, s.proofs_len, &e) < 0)
		die(e.status, "%s is no SP1Stdin (see sp1-stdin, --raw): %s",
		    name, e.msg);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd;
	uint8_t vk_hash[32], who[20], pk[32];
	struct secmem in = { 0 }, sealed = { 0 };
	struct out out;
	struct err e;
	size_t n;

	if (!program == !vk_hash_hex)
		args_usage(&args, "one of -p and --vk-hash is needed");
	if (!key_file == !requester)
		args_usage(&args, "one of -k and --requester is needed");
	if (recipient && cli.url)
		args_usage(&args, "-u and -r exclude each other");
	if (!recipient && !pin)
		args_usage(&args, "--pin is needed: the key that the URL gives is "
		    "not trusted for itself");
	openssl_start();
	if (no_dumps(&e) < 0)
		die_err(&e);
	requester_address(who);
	program_hash(vk_hash);
	enclave_key(pk);
	if ((fd = in_open(argv[i], &e)) < 0 ||
	    out_open(&out, output, OUT_BINARY, fd, &e) < 0 ||
	    secmem_read(&in, fd, SEALED_MAX - 8, in_name(argv[i]), &e) < 0)
		die_err(&e);
	check_input(&in, in_name(argv[i]));
	n = sealed_size(in.n);
	if (secmem_need(&sealed, n, &e) < 0 || sealed_seal(sealed.p, pk, vk_hash,
	    who, in.p, in.n, &e) < 0)
		die_err(&e);
	if (cli.verbose && (!in.locked || !sealed.locked))
		complain("memory is not locked: the input may be swapped to disk");
	secmem_free(&in);
	if (out_write(&out, sealed.p, n, &e) < 0 || out_commit(&out, &e) < 0)
		die_err(&e);
	secmem_free(&sealed);
	return 0;
}
