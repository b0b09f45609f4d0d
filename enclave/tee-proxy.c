/*
 * tee-proxy: the enclave's TLS and gRPC front.  Holds no key but its certificate's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/ready.h"
#include "base/sandbox.h"
#include "crypto/keyd.h"
#include "crypto/sealed.h"
#include "proxy/proxy.h"
#include "rpc/rpc.h"

static const char *listen_at = "127.0.0.1:0", *cert, *key, *network, *ca,
    *state, *keyd, *workers, *url, *max_input = "268435456",
    *max_plain = "1073741824", *max_conns = "100", *max_requests = "200",
    *max_total = "1000", *max_sealed = "4294967296",
    *max_jobs = "1000", *max_running = "0", *lease = "60", *max_deaths = "2",
    *every = "60", *cancelled, *ready_fd, *ops, *limits, *level = "info";
static int insecure, unlocked;

static const struct arg_opt opts[] = {
	{ 'l', "listen", "HOST:PORT", "where to listen (127.0.0.1:0)",
	    .value = &listen_at },
	{ 0, "cert", "FILE", "TLS certificate chain, PEM", .value = &cert },
	{ 0, "key", "FILE", "its private key, PEM", .value = &key },
	{ 0, "insecure-loopback", NULL,
	    "no TLS; on this machine's own addresses alone",
	    .flag = &insecure },
	{ 'n', "network", "URL", "the Prover Network", .value = &network },
	{ 0, "ca", "FILE", "authorities for it besides the system's, PEM",
	    .value = &ca },
	{ 0, "keyd", "SOCKET", "where tee-keyd listens", .value = &keyd },
	{ 'w', "workers", "SOCKET", "where workers come for jobs",
	    .value = &workers },
	{ 's', "state", "FILE", "database, made if it is not there",
	    .value = &state },
	{ 'u', "url", "URL", "how clients reach it (made of -l)",
	    .value = &url },
	{ 0, "max-input", "BYTES", "longest input (256 MiB)",
	    .value = &max_input },
	{ 0, "max-plain", "BYTES", "all inputs in the clear (1 GiB)",
	    .value = &max_plain },
	{ 0, "max-sealed", "BYTES", "all sealed inputs (4 GiB)",
	    .value = &max_sealed },
	{ 0, "max-connections", "N", "of one address (100)",
	    .value = &max_conns },
	{ 0, "max-total", "N", "connections of all addresses (1000)",
	    .value = &max_total },
	{ 0, "max-requests", "N", "under way, of one address (200)",
	    .value = &max_requests },
	{ 0, "max-jobs", "N", "of one requester, waiting and at work (1000)",
	    .value = &max_jobs },
	{ 0, "max-running", "N", "at work, of one requester (0: any number)",
	    .value = &max_running },
	{ 0, "lease", "SECONDS", "a worker silent so long is dead (60)",
	    .value = &lease },
	{ 0, "max-deaths", "N", "workers that a job may lose (2)",
	    .value = &max_deaths },
	{ 0, "limits", "FILE", "more of these, read again at SIGHUP",
	    .value = &limits },
	{ 0, "ops", "HOST:PORT", "where operators ask for /metrics and /health",
	    .value = &ops },
	{ 0, "log-level", "LEVEL", "error, warn, info (default) or debug",
	    .value = &level, .words = LOG_LEVELS },
	{ 0, "cancel", "REQUEST_ID", "end that job of the proxy at -w, and exit",
	    .value = &cancelled },
	{ 0, "reconcile", "SECONDS", "how often the network is asked for jobs (60)",
	    .value = &every },
	{ 0, "allow-unlocked", NULL,
	    "go on where memory cannot be locked", .flag = &unlocked },
	{ 0, "ready-fd", "N", "tell the port there when listening (3)",
	    .value = &ready_fd },
	{ 0 }
};

static const struct args args = {
	.name = "tee-proxy",
	.synopsis = "-n URL --keyd SOCKET -w SOCKET -s FILE --cert FILE "
	    "--key FILE ...",
	.about = "Serves clients of the Prover Network, and keeps their inputs.",
	.example = "tee-proxy -n https://rpc.production.succinct.xyz "
	    "--keyd keyd.sock \\\n    -w jobs.sock -s proxy.db -l 0.0.0.0:443 "
	    "-u https://tee.example \\\n    --cert cert.pem --key key.pem",
	.opts = opts, .min = 0, .max = 0,
};

static void
check_options(void)
{
	static const struct {
		const char **value, *name;
	} needed[] = {
		{ &network, "-n URL" }, { &keyd, "--keyd SOCKET" },
		{ &workers, "-w SOCKET" }, { &state, "-s FILE" },
	};

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (!*needed[i].value)
			args_usage(&args, "%s is missing", needed[i].name);
	if (!strrchr(listen_at, ':'))
		args_usage(&args, "-l %s is not HOST:PORT", listen_at);
	if (insecure && (cert || key))
		args_usage(&args, "--insecure-loopback is without --cert");
	if (ops && !strrchr(ops, ':'))
		args_usage(&args, "--ops %s is not HOST:PORT", ops);
	if (log_level_of(level) < 0)
		args_usage(&args, "--log-level takes one of: " LOG_LEVELS);
	log_set((enum log_level)log_level_of(level));
	if (!insecure && (!cert || !key))
		args_usage(&args, "--cert and --key are missing");
	if (insecure && !server_loopback(listen_at))
		args_usage(&args, "--insecure-loopback is for this machine's "
		    "own addresses, not %s", listen_at);
	if (ready_set(ready_fd) < 0)
		args_usage(&args, "--ready-fd %s is not open", ready_fd);
}

static void
stop(void *arg)
{
	struct proxy *p = arg;

	server_stop(p->server);
	jobs_stop(p);
}

#define SPARE 100	/* descriptors that no client's connection has */

static uint64_t descriptors;	/* as many as there may be */

static void
get_descriptors(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		die(EX_OSERR, "cannot read RLIMIT_NOFILE:");
	descriptors = r.rlim_cur;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) == 0)
		descriptors = r.rlim_cur;
}

static void
apply_limits(struct proxy *p)
{
	uint64_t most = descriptors > 2 * SPARE ? descriptors - SPARE :
	    descriptors / 2, total = p->l.max_total;

	if (total > most) {
		log_event(LEVEL_WARN, "few_descriptors", "max_total=%llu taken=%llu "
		    "msg=\"RLIMIT_NOFILE is %llu\"", (unsigned long long)total,
		    (unsigned long long)most, (unsigned long long)descriptors);
		total = most;
	}
	server_limits(p->server, (int)p->l.max_connections,
	    (int)p->l.max_requests, (int)total);
}

/* The command line's, then the file's. */
static void
set_limits(struct proxy *p)
{
	const struct {
		const char *name, *value;
	} given[] = {
		{ "max-input", max_input }, { "max-plain", max_plain },
		{ "max-sealed", max_sealed }, { "max-connections", max_conns },
		{ "max-requests", max_requests }, { "max-total", max_total },
		{ "max-jobs", max_jobs }, { "max-running", max_running },
		{ "max-deaths", max_deaths }, { "lease", lease },
	};
	struct err e;

	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
		if (limits_set(p, given[i].name, given[i].value, &e) < 0)
			args_usage(&args, "--%s", e.msg);
	p->limits_file = limits;
	if (limits_read(p, &e) < 0)
		die_err(&e);
}

static void
on_hangup(void *arg)
{
	struct proxy *p = arg;
	struct err e;

	if (p->tls.cert && server_retls(p->server, 0, &p->tls, &e) < 0)
		log_say(LEVEL_ERROR, "certificate_kept", e.msg);
	if (limits_read(p, &e) < 0)
		log_say(LEVEL_ERROR, "limits_kept", e.msg);
	apply_limits(p);
	log_event(LEVEL_INFO, "reloaded", "certificate_end=%llu",
	    (unsigned long long)server_cert_end(p->server, 0));
	ops_warn(p);
}

static void
listen_on(struct proxy *p)
{
	char where[256];
	struct err e;

	if (snprintf(where, sizeof where, "unix:%s", workers) >=
	    (int)sizeof where)
		args_usage(&args, "the path of -w is too long");
	p->server = server_new(p->loop, &proxy_ops, p);
	if (!p->server)
		die(EX_OSERR, "out of memory");
	apply_limits(p);
	p->tls = (struct server_tls){ cert, key };
	if (server_listen(p->server, listen_at, insecure ? NULL : &p->tls,
	    PROXY_PUBLIC, &e) < 0 ||
	    server_listen(p->server, where, NULL, PROXY_WORKERS, &e) < 0 ||
	    (ops && server_listen(p->server, ops, NULL, PROXY_OPS, &e) < 0))
		die_err(&e);
	if (server_url(p->url, sizeof p->url, p->server, url, listen_at) < 0)
		args_usage(&args, "the URL is too long");
}

/* --cancel: asks the proxy that serves at -w. */
static int
cancel(void)
{
	const char *hex = strncmp(cancelled, "0x", 2) == 0 ? cancelled + 2 :
	    cancelled;
	struct rpc_options o = { .retry_s = -1 };
	char at[256], path[80];
	uint8_t id[32];
	struct err e;
	struct rpc *r;
	int status;

	if (!workers)
		args_usage(&args, "-w SOCKET is missing");
	if (hex_decode(id, 32, hex) < 0)
		args_usage(&args, "--cancel %s is no request id", cancelled);
	if (snprintf(at, sizeof at, "unix:%s", workers) >= (int)sizeof at)
		args_usage(&args, "the path of -w is too long");
	snprintf(path, sizeof path, "/cancel/%s", hex);
	r = rpc_new(at, &o, &e);
	if (!r || rpc_put(r, path, "", 0, &status, &e) < 0) {
		if (r && status == 404)
			die(EX_NOINPUT, "no job of %s waits or is at work",
			    cancelled);
		die_err(&e);
	}
	rpc_free(r);
	return 0;
}

int
main(int argc, char **argv)
{
	struct secmem locked = { 0 };
	struct proxy p = { 0 };
	struct keyd_info info;
	char sealed[4096];
	struct err e;

	ready_start();
	args_parse(&args, argc, argv);
	if (cancelled)
		return cancel();
	check_options();
	set_limits(&p);
	p.state = state;
	p.reconcile_s = args_u64(&args, "--reconcile", every, 1, 86400);
	p.started = clock_unix();
	if (no_dumps(&e) < 0)
		die_err(&e);
	secmem_daemon(&locked, 1 << 20, unlocked, "inputs");
	secmem_free(&locked);
	secmem_enough(p.l.max_plain, unlocked, "--max-plain");
	get_descriptors();
	p.loop = loop_new(&e);
	if (p.loop)
		loop_on_hangup(p.loop, on_hangup, &p);
	if (!p.loop || keyd_info(&info, keyd, &e) < 0 ||
	    !(p.store = db_open(state, &e)))
		die_err(&e);
	if (snprintf(sealed, sizeof sealed, "%s.sealed", state) >=
	    (int)sizeof sealed)
		args_usage(&args, "the path of -s is too long");
	if (upload_start(&p, sealed, &e) < 0 || durable_start(&p, &e) < 0)
		die_err(&e);
	p.keys = info;
	memcpy(p.fulfiller, info.fulfiller, 20);
	p.up = upstream_new(p.loop, network, ca, &e);
	if (!p.up)
		die_err(&e);
	p.evidence = evidence_new(p.loop, keyd, &e);
	if (!p.evidence || keys_watch(&p, keyd, &info, &e) < 0)
		die_err(&e);
	listen_on(&p);
	loop_on_signal(p.loop, stop, &p);
	if (sandbox("stdio thread rpath wpath cpath inet unix", &e) < 0)
		die_err(&e);
	ops_warn(&p);
	reconcile_start(&p);
	sweep_start(&p);
	log_event(LEVEL_INFO, "ready", "url=%s network=%s", p.url, network);
	ready_tell("%d\n", server_port(p.server, 0));
	if (loop_run(p.loop, &e) < 0)
		die_err(&e);
	server_free(p.server);
	while (p.plains) {
		struct plain *in = p.plains;

		p.plains = in->next;
		secmem_free(&in->m);
		free(in);
	}
	leave_now(&p);
	store_close(p.store);
	/* Threads may be inside calls to the network: they end with the process,
	 * and what they use stays until then. */
	return 0;
}
