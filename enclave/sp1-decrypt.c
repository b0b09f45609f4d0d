/*
 * sp1-decrypt: opens a sealed input for the program and the requester that it was
 * sealed for.  Nothing is written before all of it has been verified.
 */
#include <stdlib.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/sandbox.h"
#include "base/secmem.h"
#include "crypto/keyd.h"
#include "crypto/keyfile.h"

static const char *socket_path, *key_file, *program, *requester, *output;
static int unlocked;

static const struct arg_opt opts[] = {
	{ 'S', "socket", "PATH", "tee-keyd's socket", .value = &socket_path },
	{ 'k', "key", "FILE", "the X25519 private key itself, in hex",
	    .value = &key_file },
	{ 0, "vk-hash", "HEX", "the program that it must be sealed for",
	    .value = &program },
	{ 0, "requester", "ADDRESS", "the requester that it must be sealed for",
	    .value = &requester },
	{ 'o', "output", "FILE", "write to FILE (mode 600)", .value = &output },
	{ 0, "allow-unlocked", NULL, "go on though memory cannot be locked",
	    .flag = &unlocked },
	{ 0 }
};

static const struct args args = {
	.name = "sp1-decrypt",
	.synopsis = "(-S PATH | -k FILE) --vk-hash HEX --requester ADDRESS "
	    "[SEALED]",
	.about = "Opens an input that was sealed for this enclave.",
	.example = "sp1-decrypt -S /run/keyd.sock --vk-hash $VK_HASH "
	    "--requester $WHO < sealed |\n    sp1-exec -p fib.elf",
	.opts = opts, .min = 0, .max = 1,
};

/* The context of this input, by whoever holds the key. */
static int
context(struct hpke *c, const uint8_t *in, const uint8_t *vk_hash,
    const uint8_t *who, struct err *e)
{
	uint8_t sk[HPKE_KEY], pk[HPKE_PUBLIC_MAX], fingerprint[32];
	struct sealed_header h;
	int r;

	if (socket_path)
		return keyd_open(c, socket_path, in, vk_hash, who, e);
	if (sealed_parse_header(&h, in, e) < 0)
		return -1;
	if (h.by_statement)
		return err_set(e, EX_DATAERR, "sealed under evidence: the tee-keyd "
		    "that gave it opens this, and no key file");
	if (keyfile_secret(sk, key_file, e) < 0)
		return -1;
	r = hpke_public(h.kem, pk, sk, e);
	if (r == 0) {
		sealed_fingerprint(fingerprint, h.kem, pk);
		r = sealed_check(&h, fingerprint, vk_hash, who, e) < 0 ||
		    sealed_context(c, in, sk, e) < 0 ? -1 : 0;
	}
	wipe(sk, sizeof sk);
	return r;
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd;
	uint8_t *in, vk_hash[32], who[20];
	struct secmem plain = { 0 };
	struct sealed_header h;
	struct hpke c;
	struct out out;
	struct err e;
	size_t n, at, len;

	if (!socket_path == !key_file)
		args_usage(&args, "one of -S and -k is needed");
	if (!program || hex_decode(vk_hash, 32, program) < 0)
		args_usage(&args, "--vk-hash takes 32 bytes in hex");
	if (!requester || hex_decode(who, 20, requester) < 0)
		args_usage(&args, "--requester takes 20 bytes in hex");
	openssl_start();
	if (!unlocked)
		secmem_strict();
	if (no_dumps(&e) < 0 || (fd = in_open(argv[i], &e)) < 0 ||
	    out_open(&out, output, OUT_BINARY | OUT_PRIVATE, fd, &e) < 0 ||
	    sandbox("stdio rpath wpath cpath unix", &e) < 0 ||
	    read_all(fd, SEALED_HEADER_MAX + 2 * SEALED_MAX, in_name(argv[i]), &in,
	    &n, &e) < 0)
		die_err(&e);
	if (sealed_parse(&h, in, n, &e) < 0) {
		err_prefix(&e, "%s", in_name(argv[i]));
		die_err(&e);
	}
	if (secmem_need(&plain, h.padded, &e) < 0)
		die(e.status, "%s; see --allow-unlocked", e.msg);
	if (!plain.locked)
		complain("memory is not locked: the input may be swapped to disk");
	if (context(&c, in, vk_hash, who, &e) < 0 ||
	    sealed_open(plain.p, &at, &len, in, n, &c, &e) < 0 ||
	    out_write(&out, plain.p + at, len, &e) < 0 ||
	    out_commit(&out, &e) < 0) {
		secmem_free(&plain);
		die_err(&e);
	}
	hpke_wipe(&c);
	secmem_free(&plain);
	free(in);
	return 0;
}
