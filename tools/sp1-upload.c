/*
 * sp1-upload: creates an artifact and PUTs what it reads to the place that it is
 * given.  A sealed input goes as it is; an input in the clear only when asked for.
 *
 * A sealed one that is long goes from its file as it is sent, and from a pipe by way of a
 * file without a name, since it may have to be sent again: it is ciphertext.  What is not
 * sealed is in memory alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/args.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/secmem.h"
#include "crypto/eth.h"
#include "crypto/sealed.h"
#include "rpc/cli.h"
#include "wire/network.h"
#include "wire/pack.h"
#include "wire/record.h"
#include "wire/unpack.h"

#define LONG ((size_t)1 << 20)	/* what is sealed, and longer, is not taken into memory */

static const char *type_name, *key_file, *record_file;
static int plain;
static struct rpc_cli cli;

static const struct arg_opt opts[] = {
	{ 't', "type", "TYPE", "stdin, private-stdin or program",
	    .value = &type_name, .words = "stdin private-stdin program" },
	{ 'k', "key", "FILE", "the requester's key", .value = &key_file },
	RPC_CLI_URL(cli),
	{ 0, "plain", NULL, "upload an input that is not sealed",
	    .flag = &plain },
	{ 0, "record", "FILE", "add to this record, or to that of sp1-attest",
	    .value = &record_file },
	RPC_CLI_REST(cli),
	{ 0 }
};

static const struct args args = {
	.name = "sp1-upload",
	.synopsis = "-t TYPE -k FILE [-u URL] [--plain] [--record FILE] [INPUT]",
	.about = "Uploads an artifact of a proof request and writes its record.",
	.example = "sp1-upload -t stdin -u $TEE -k key sealed | "
	    "sp1-request -p fib.elf -k key",
	.opts = opts, .min = 0, .max = 1,
};

/* Of sp1-attest's record what the pipeline needs: the server and its key. */
static void
take_attested(struct record *rec)
{
	static const char *const kept[] = { "url", "tls_key" };
	struct record all = *rec;
	bool valid = false;
	struct err e;

	if (!record_has(rec, "checks"))
		return;
	if (record_bool(rec, "valid", &valid, &e) < 0)
		die_err(&e);
	if (!valid)
		die(EX_NOPERM, "%s: the evidence was not valid", record_file);
	record_init(rec);
	for (size_t i = 0; i < 2; i++)
		if (record_has(&all, kept[i]))
			record_set_json(rec, kept[i], json_incref(
			    json_object_get(all.o, kept[i])));
	record_free(&all);
}

/* The record to add to: one line of a file, or none yet. */
static void
get_record(struct record *rec)
{
	struct err e;
	FILE *f;

	if (!record_file) {
		record_init(rec);
		return;
	}
	f = fopen(record_file, "re");
	if (!f)
		die(EX_NOINPUT, "cannot open %s:", record_file);
	if (record_need(rec, f, record_file, &e) < 0)
		die_err(&e);
	fclose(f);
	take_attested(rec);
}

/* A file without a name, for n bytes. */
static int
nameless(uint64_t n)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (!dir || !*dir)
		dir = "/var/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 && snprintf(path, sizeof path, "%s/sp1-upload.XXXXXX", dir) <
	    (int)sizeof path && (fd = mkostemp(path, O_CLOEXEC)) >= 0)
		unlink(path);
	if (fd < 0)
		die(EX_CANTCREAT, "cannot make a file in %s:", dir);
	/* What does not fit is known before any of it comes. */
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)n) < 0 &&
	    errno != EOPNOTSUPP && errno != ENOSYS)
		die(EX_IOERR, "no room for %llu bytes in %s (see TMPDIR):",
		    (unsigned long long)n, dir);
	return fd;
}

/* A pipe's bytes, of which the first are in memory, to a file; how many there are, but of
 * more than n just that. */
static uint64_t
spool(int to, int fd, const struct secmem *first, uint64_t n, const char *name)
{
	static uint8_t piece[65536];
	uint64_t have = first->n;
	struct err e;
	ssize_t k;

	if (write_all(to, first->p, first->n, "a temporary file", &e) < 0)
		die_err(&e);
	while (have <= n && (k = read(fd, piece, sizeof piece)) != 0) {
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			die(EX_IOERR, "cannot read %s:", name);
		if (write_all(to, piece, (size_t)k, "a temporary file", &e) < 0)
			die_err(&e);
		have += (uint64_t)k;
	}
	return have;
}

/* A long sealed input, whose first bytes were read from fd. */
static void
sealed_file(struct rpc_bytes *out, int fd, const struct secmem *first,
    const char *name)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	struct sealed_header h;
	struct stat st;
	struct err e;
	uint64_t n;

	if (sealed_parse_header(&h, first->p, &e) < 0) {
		err_prefix(&e, "%s", name);
		die_err(&e);
	}
	n = sealed_size(h.kem, h.padded - 8);
	*out = (struct rpc_bytes){ .n = n, .fd = fd };
	if (at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		out->from = at - (off_t)first->n;
		out->n = (uint64_t)(st.st_size - out->from);
	} else {
		out->fd = nameless(n);
		out->n = spool(out->fd, fd, first, n, name);
	}
	if (out->n != n)
		die(EX_DATAERR, "%s: sealed input cut or lengthened (its header says "
		    "%llu bytes)", name, (unsigned long long)n);
}

/* What goes over the wire: as it is, or as the SDK packs it. */
static void
payload(struct rpc_bytes *out, struct secmem *in, int type, int fd, const char *name)
{
	uint8_t head[8], *packed;
	struct pack_part parts[2] = { { head, 8 } };
	bool sealed;
	struct err e;
	size_t n;
	int r;

	r = secmem_some(in, fd, LONG, name, &e);
	sealed = type != NET_ARTIFACT_PROGRAM && sealed_is(in->p, in->n);
	if (r > 0 && sealed) {
		sealed_file(out, fd, in, name);
		return;
	}
	if (r < 0 || (r > 0 && secmem_read(in, fd, SEALED_HEADER_MAX + 2 *
	    SEALED_MAX, name, &e) < 0))
		die_err(&e);
	if (in->n == 0)
		die(EX_DATAERR, "%s is empty", name);
	*out = (struct rpc_bytes){ .p = in->p, .n = in->n };
	if (sealed)
		return;
	parts[1] = (struct pack_part){ in->p, in->n };
	if (unpack_is_zstd(in->p, in->n))
		die(EX_DATAERR, "the input is packed already: give it as it was");
	if (type == NET_ARTIFACT_PROGRAM) {
		/* bincode of the ELF's bytes */
		for (int i = 0; i < 8; i++)
			head[i] = (uint8_t)((uint64_t)in->n >> (8 * i));
		r = pack_zstd(&packed, &n, parts, 2, &e);
	} else if (plain) {
		r = pack_zstd(&packed, &n, parts + 1, 1, &e);
	} else {
		die(EX_USAGE, "the input is not sealed: sp1-encrypt it, or say "
		    "--plain if the server may read it");
	}
	if (r < 0)
		die_err(&e);
	*out = (struct rpc_bytes){ .p = packed, .n = n };
}

/* tee-proxy tells whoever holds the upload's token what becomes of the job, at
 * URI/report?token=TOKEN. */
static void
note_report(struct record *rec, const char *uri, const char *put)
{
	size_t n = strlen(uri);
	char *url;

	if (strncmp(put, uri, n) != 0 || strncmp(put + n, "?token=", 7) != 0)
		return;
	if (asprintf(&url, "%s/report%s", uri, put + n) < 0)
		die(EX_OSERR, "out of memory");
	record_set_str(rec, "report_url", url);
	free(url);
}

int
main(int argc, char **argv)
{
	int i = args_parse(&args, argc, argv), fd, type;
	struct secmem in = { 0 };
	const char *record_url, *name;
	struct rpc_bytes bytes;
	struct record rec = { 0 };
	struct eth_key key;
	uint8_t sig[ETH_SIG];
	struct rpc *r;
	struct err e;
	char *uri, *put;

	if (!type_name)
		args_usage(&args, "-t is needed");
	for (type = NET_ARTIFACT_PRIVATE_STDIN; type > 0; type--)
		if (strcmp(net_artifact_name(type), type_name) == 0)
			break;
	if (type != NET_ARTIFACT_STDIN && type != NET_ARTIFACT_PRIVATE_STDIN &&
	    type != NET_ARTIFACT_PROGRAM)
		args_usage(&args, "-t takes stdin, private-stdin or program, not "
		    "%s", type_name);
	if (!key_file)
		args_usage(&args, "-k is needed");
	openssl_start();
	if (no_dumps(&e) < 0 || eth_key_load(&key, key_file, &e) < 0)
		die_err(&e);
	get_record(&rec);
	if (record_opt_str(&rec, "url", &record_url, &e) < 0 ||
	    rpc_cli_pin(&cli, &rec, &e) < 0)
		die_err(&e);
	r = rpc_cli_open(&cli, record_url, &e);
	if (!r || (fd = in_open(argv[i], &e)) < 0)
		die_err(&e);
	payload(&bytes, &in, type, fd, in_name(argv[i]));
	if (eth_sign_artifact(sig, &key, &e) < 0 ||
	    rpc_upload(r, sig, type, &bytes, &uri, &put, &e) < 0)
		die_err(&e);
	name = type == NET_ARTIFACT_PROGRAM ? "program_uri" : "stdin_uri";
	record_set_str(&rec, "url", rpc_url(r));
	record_set_hex(&rec, "requester", key.address, 20);
	record_set_str(&rec, name, uri);
	if (type != NET_ARTIFACT_PROGRAM) {
		record_set_bool(&rec, "sealed", sealed_is(in.p, in.n));
		record_set_bool(&rec, "stdin_private",
		    type == NET_ARTIFACT_PRIVATE_STDIN);
		note_report(&rec, uri, put);
	}
	eth_key_wipe(&key);
	secmem_free(&in);
	if (record_write(&rec, stdout, "standard output", &e) < 0)
		die_err(&e);
	record_free(&rec);
	rpc_free(r);
	free(uri);
	free(put);
	return 0;
}
