/*
 * tee-keyd: holds the enclave's keys (X25519, X-Wing) and the fulfiller's secp256k1 key, and
 * answers on a unix socket (crypto/keyd.h).  No network, no files once it runs,
 * and neither key ever leaves it.  A process of its own, without keys, has quotes made
 * (keyd/quoter.h).
 */
#include <openssl/crypto.h>
#include <signal.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/dial.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/openssl.h"
#include "base/ready.h"
#include "base/sandbox.h"
#include "base/secmem.h"
#include "keyd/serve.h"
#include "keyd/socket.h"

static const char *socket_path, *eth_file, *enclave_file, *ready_fd,
    *level = "info", *rotate_text, *keep_text;
static struct quoter_options sources = { "/var/run/dstack.sock",
    "/var/run/tappd.sock", "/sys/kernel/config/tsm/report" };
static int unlocked, verbose;

static const struct arg_opt opts[] = {
	{ 'S', "socket", "PATH", "answer on this unix socket",
	    .value = &socket_path },
	{ 'k', "key", "FILE", "the fulfiller's key (default: a new one)",
	    .value = &eth_file },
	{ 0, "enclave-key", "FILE", "the enclave's X25519 key (default: a new one)",
	    .value = &enclave_file },
	{ 0, "rotate", "SECONDS", "new enclave keys so often (3600; 0: never)",
	    .value = &rotate_text },
	{ 0, "keep", "SECONDS", "the last ones open inputs so much longer (600)",
	    .value = &keep_text },
	{ 0, "log-level", "LEVEL", "error, warn, info (default) or debug",
	    .value = &level, .words = LOG_LEVELS },
	{ 0, "dstack", "PATH", "dstack's socket (/var/run/dstack.sock)",
	    .value = &sources.dstack },
	{ 0, "tappd", "PATH", "its older one (/var/run/tappd.sock)",
	    .value = &sources.tappd },
	{ 0, "tsm", "FOLDER", "configfs-tsm (/sys/kernel/config/tsm/report)",
	    .value = &sources.tsm },
	{ 0, "allow-unlocked", NULL, "run though memory cannot be locked",
	    .flag = &unlocked },
	{ 0, "ready-fd", "N", "say there when it serves (default: 3, if open)",
	    .value = &ready_fd },
	{ 'v', "verbose", NULL, "a line for each request", .flag = &verbose },
	{ 0 }
};

static const struct args args = {
	.name = "tee-keyd",
	.synopsis = "-S PATH [-k FILE] [--enclave-key FILE] [--allow-unlocked]",
	.about = "Holds the enclave's keys and the fulfiller's; opens and signs "
	    "for others.",
	.example = "tee-keyd -S /run/keyd.sock -k fulfiller.key",
	.opts = opts, .min = 0, .max = 0,
};

static void
read_times(int64_t *rotate_ms, int64_t *keep_ms)
{
	uint64_t every = rotate_text ? args_u64(&args, "--rotate", rotate_text, 0,
	    86400 * 365) : enclave_file ? 0 : 3600;
	uint64_t keep = keep_text ? args_u64(&args, "--keep", keep_text, 0,
	    86400 * 365) : every < 600 ? every : 600;

	if (every != 0 && enclave_file)
		args_usage(&args, "--enclave-key stays: it is not rotated");
	if (keep > every)
		args_usage(&args, "--keep is longer than --rotate: one older set of "
		    "keys is kept, no more");
	*rotate_ms = (int64_t)every * 1000;
	*keep_ms = (int64_t)keep * 1000;
}

static int
start_listening(void)
{
	struct err e;
	int fd = dial_listen(socket_path, SERVE_PEERS, &e);

	if (fd < 0 && e.status == EX_USAGE)
		args_usage(&args, "the path of -S is too long");
	if (fd < 0)
		die_err(&e);
	socket_watch(socket_path);
	return fd;
}

/* All keys, into memory that is locked or, if that is allowed, is not. */
static struct keys *
make_keys(void)
{
	static struct secmem m;
	struct keys *k;
	struct err e;

	secmem_daemon(&m, sizeof *k, unlocked, "keys");
	k = (struct keys *)(void *)m.p;
	/* What OpenSSL keeps of a private key while it works. */
	if (CRYPTO_secure_malloc_init(32768, 16) != 1 && !unlocked)
		die(EX_OSERR, "cannot lock OpenSSL's memory; see "
		    "--allow-unlocked");
	if ((enclave_file ? keys_load(k, enclave_file, &e) :
	    keys_new(k, clock_ms(), &e)) < 0 ||
	    (eth_file ? eth_key_load(&k->eth, eth_file, &e) :
	    eth_key_generate(&k->eth, &e)) < 0)
		die_err(&e);
	return k;
}

/* In the log, and to whoever started it. */
static void
tell_ready(const struct keys *k, const struct quoter *q)
{
	const struct key_pair *x = &k->now.pair[KEYS_X25519];
	const struct key_pair *w = &k->now.pair[KEYS_XWING];
	char pk[65], fingerprint[65], xwing[65] = "", fulfiller[41];

	hex_encode(pk, x->pk, 32);
	hex_encode(fingerprint, x->fingerprint, 32);
	if (w->kem != 0)
		hex_encode(xwing, w->fingerprint, 32);
	hex_encode(fulfiller, k->eth.address, 20);
	log_event(LEVEL_INFO, "ready", "fingerprint=0x%s xwing=%s%s fulfiller=0x%s",
	    fingerprint, *xwing ? "0x" : "none", xwing, fulfiller);
	if (q->fd < 0)
		log_say(LEVEL_INFO, "no_evidence", "no evidence: neither dstack's agent "
		    "nor configfs-tsm is here, so clients can only pin the "
		    "fingerprint");
	else
		log_event(LEVEL_INFO, "evidence", "from=%s", q->source);
	ready_tell("{\"public_key\":\"0x%s\",\"fingerprint\":\"0x%s\","
	    "\"fulfiller\":\"0x%s\"%s%s%s}\n", pk, fingerprint, fulfiller,
	    *xwing ? ",\"xwing_fingerprint\":\"0x" : "", xwing, *xwing ? "\"" : "");
}

int
main(int argc, char **argv)
{
	static struct quoter quoter;
	struct service service = { .quoter = &quoter };
	int64_t rotate_ms, keep_ms;
	struct err e;
	int fd;

	ready_start();
	args_parse(&args, argc, argv);
	if (!socket_path)
		args_usage(&args, "-S is needed");
	read_times(&rotate_ms, &keep_ms);
	if (ready_set(ready_fd) < 0)
		args_usage(&args, "--ready-fd %s is not open", ready_fd);
	if (log_level_of(level) < 0)
		args_usage(&args, "--log-level takes one of: " LOG_LEVELS);
	log_set((enum log_level)log_level_of(level));
	signal(SIGPIPE, SIG_IGN);
	openssl_start();
	/* First, so that the process that it makes has no key. */
	if (no_dumps(&e) < 0 || quoter_start(&quoter, &sources, &e) < 0)
		die_err(&e);
	/* Who comes before the keys are there waits. */
	fd = start_listening();
	service.keys = make_keys();
	service.keys->rotate_ms = rotate_ms;
	service.keys->keep_ms = keep_ms;
	service.verbose = verbose != 0;
	if (sandbox("stdio unix", &e) < 0)
		die_err(&e);
	tell_ready(service.keys, &quoter);
	if (serve_run(fd, &service, &e) < 0)
		die_err(&e);
}
