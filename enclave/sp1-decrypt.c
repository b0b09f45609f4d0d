/*
 * sp1-decrypt: opens a sealed input for the program and the requester that it was
 * sealed for.  Nothing is written before all of it has been verified.
 */
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

/* A sealed input, as long as its header says, or a byte more; what it is shows later. */
static int
read_sealed(struct secmem *m, int fd, const char *name, struct err *e)
{
	struct sealed_header h;
	int more = secmem_some(m, fd, SEALED_INFO, name, e);

	if (more > 0 && sealed_parse_header(&h, m->p, NULL) == 0)
		more = secmem_some(m, fd, sealed_size(h.kem, h.padded - 8) + 1,
		    name, e);
	return more < 0 ? -1 : 0;
}

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
	uint8_t vk_hash[32], who[20];
	struct secmem m = { 0 };	/* as it comes, then what is inside */
	struct sealed_header h;
	struct hpke c;
	struct out out;
	struct err e;
	size_t at, len;

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
	    sandbox("stdio rpath wpath cpath unix", &e) < 0)
		die_err(&e);
	if (read_sealed(&m, fd, in_name(argv[i]), &e) < 0) {
		if (e.status == EX_OSERR)
			die(e.status, "%s; see --allow-unlocked", e.msg);
		die_err(&e);
	}
	if (sealed_parse(&h, m.p, m.n, &e) < 0) {
		err_prefix(&e, "%s", in_name(argv[i]));
		die_err(&e);
	}
	if (!m.locked)
		complain("memory is not locked: the input may be swapped to disk");
	if (context(&c, m.p, vk_hash, who, &e) < 0 ||
	    sealed_open(m.p, &at, &len, m.p, m.n, &c, &e) < 0 ||
	    out_write(&out, m.p + at, len, &e) < 0 ||
	    out_commit(&out, &e) < 0) {
		secmem_free(&m);
		die_err(&e);
	}
	hpke_wipe(&c);
	secmem_free(&m);
	return 0;
}
