/*
 * sp1-encrypt: seals an input to an enclave's key, for one program and one
 * requester.  The key is taken only from evidence that holds, or if its fingerprint is the
 * one pinned.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "attested/attested.h"
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
#define MAX_AGE 3600		/* of a record, seconds */

static const char *program, *vk_hash_hex, *key_file, *requester, *pin, *recipient,
    *output, *max_age;
static int raw;
static struct rpc_cli cli;
static struct attested_options attest;

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
	ATTESTED_OPTIONS(attest),
	{ 0, "record", "FILE", "take it from a record of sp1-attest",
	    .value = &cli.record },
	{ 0, "max-age", "SECONDS", "that the record may be old (3600)",
	    .value = &max_age },
	{ 'r', "recipient", "FILE", "the enclave's key from a file, not the URL",
	    .value = &recipient },
	{ 'o', "output", "FILE", "write to FILE", .value = &output },
	{ 0, "raw", NULL, "seal anything, not only an SP1Stdin", .flag = &raw },
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-encrypt",
	.synopsis = "-p ELF -k FILE (-u URL (--attest POLICY | --pin HEX) | "
	    "--record FILE | -r FILE) [-o FILE] [INPUT]",
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

/* The key to seal to. */
struct recipient {
	int kem;
	uint8_t key[HPKE_PUBLIC_MAX];
	bool attested;		/* by this statement */
	uint8_t statement[32];
};

/* From evidence, or what was made of it earlier. */
static void
attested_key(struct recipient *to)
{
	uint64_t age = max_age ? args_u64(&args, "--max-age", max_age, 1, 86400) :
	    MAX_AGE;
	struct attested a;
	struct err e;

	if (cli.record ? attested_record(&a, cli.record, age, &e) < 0 :
	    attested_now(&a, &cli, &attest, &e) < 0)
		die(e.status == EX_NO ? EX_NOPERM : e.status,
		    "%s: nothing was encrypted", e.msg);
	to->kem = a.kem;
	memcpy(to->key, a.key, sizeof a.key);
	memcpy(to->statement, a.statement, 32);
	to->attested = true;
}

/* {"public_key":"0x..","xwing_public_key":"0x..", ...}: the one that is pinned; if neither is,
 * the first. */
static int
parse_answer(struct recipient *to, const uint8_t *p, size_t n,
    const uint8_t want[static 32])
{
	json_t *o = json_loadb((const char *)p, n, JSON_REJECT_DUPLICATES, NULL);
	const char *text = json_string_value(json_object_get(o, "public_key"));
	const char *xwing = json_string_value(json_object_get(o,
	    "xwing_public_key"));
	const char *kem = json_string_value(json_object_get(o, "kem"));
	uint8_t got[32];
	int r = -1;

	to->kem = HPKE_XWING;
	if (xwing && hex_decode(to->key, XWING_PUBLIC, xwing) == 0) {
		sealed_fingerprint(got, to->kem, to->key);
		r = memcmp(got, want, 32) == 0 ? 0 : -1;
	}
	if (r < 0 && text && (!kem || strcmp(kem, "x25519") == 0)) {
		to->kem = HPKE_X25519;
		r = hex_decode(to->key, X25519_KEY, text);
	}
	json_decref(o);
	return r;
}

/* From the server's word, which the pin must confirm. */
static void
served_key(struct recipient *to, const uint8_t want[static 32])
{
	struct rpc *r;
	struct err e;
	uint8_t *p;
	size_t n;

	r = rpc_cli_open(&cli, NULL, &e);
	if (!r || rpc_get(r, "/v1/enclave-key", ANSWER_CAP, &p, &n, NULL, &e) < 0)
		die_err(&e);
	if (parse_answer(to, p, n, want) < 0)
		die(EX_PROTOCOL, "%s does not give an X25519 key", rpc_url(r));
	free(p);
	rpc_free(r);
}

static void
enclave_key(struct recipient *to)
{
	uint8_t want[32] = { 0 }, got[32];
	char hex[65];
	struct err e;

	if (pin)
		args_hex(&args, "--pin", pin, want, 32);
	if (attest.policy || cli.record)
		attested_key(to);
	else if (!recipient)
		served_key(to, want);
	else if (keyfile_recipient(&to->kem, to->key, recipient, &e) < 0)
		die_err(&e);
	sealed_fingerprint(got, to->kem, to->key);
	hex_encode(hex, got, 32);
	if (pin && memcmp(got, want, 32) != 0)
		die(EX_NOPERM, "the enclave's key has the fingerprint 0x%s, not "
		    "the one pinned: nothing was encrypted", hex);
	if (cli.verbose)
		complain("sealing to the %s key with the fingerprint 0x%s",
		    to->kem == HPKE_XWING ? "X-Wing" : "X25519", hex);
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

static int
put(const void *p, size_t n, void *arg, struct err *e)
{
	return out_write(arg, p, n, e);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd;
	uint8_t vk_hash[32], who[20];
	struct recipient to = { .attested = false };
	struct secmem in = { 0 };
	struct out out;
	struct err e;

	if (!program == !vk_hash_hex)
		args_usage(&args, "one of -p and --vk-hash is needed");
	if (!key_file == !requester)
		args_usage(&args, "one of -k and --requester is needed");
	if (recipient && cli.url)
		args_usage(&args, "-u and -r exclude each other");
	if (!!recipient + !!attest.policy + !!cli.record > 1)
		args_usage(&args, "-r, --attest and --record exclude each other");
	if (!recipient && !attest.policy && !cli.record && !pin)
		args_usage(&args, "--attest or --pin is needed: the key that the URL "
		    "gives is not trusted for itself");
	if (!attest.policy && (attest.collateral || attest.pccs || attest.root))
		args_usage(&args, "--collateral, --pccs and --trust-root go with "
		    "--attest");
	if (attested_check(attest.collateral, attest.pccs, &e) < 0)
		args_usage(&args, "%s", e.msg);
	openssl_start();
	if (no_dumps(&e) < 0)
		die_err(&e);
	requester_address(who);
	program_hash(vk_hash);
	enclave_key(&to);
	if ((fd = in_open(argv[i], &e)) < 0 ||
	    out_open(&out, output, OUT_BINARY, fd, &e) < 0 ||
	    secmem_read(&in, fd, SEALED_MAX - 8, in_name(argv[i]), &e) < 0)
		die_err(&e);
	check_input(&in, in_name(argv[i]));
	if (cli.verbose && !in.locked)
		complain("memory is not locked: the input may be swapped to disk");
	if (sealed_seal_to(put, &out, to.kem, to.key, to.attested ? to.statement :
	    NULL, vk_hash, who, in.p, in.n, &e) < 0 || out_commit(&out, &e) < 0) {
		secmem_free(&in);
		die_err(&e);
	}
	secmem_free(&in);
	return 0;
}
