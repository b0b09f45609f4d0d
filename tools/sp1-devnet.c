/*
 * sp1-devnet: a Prover Network and artifact store on one machine, for development
 * and tests.
 */
#include <stdio.h>
#include <string.h>

#include "base/args.h"
#include "base/hex.h"
#include "base/par.h"
#include "base/ready.h"
#include "base/sandbox.h"
#include "devnet/devnet.h"

static const char *listen_at = "127.0.0.1:0", *cert, *key, *state, *fulfiller,
    *url, *ready_fd, *max_artifact = "268435456";

static const struct arg_opt opts[] = {
	{ 'l', "listen", "HOST:PORT", "where to listen (127.0.0.1:0)",
	    .value = &listen_at },
	{ 0, "cert", "FILE", "TLS certificate chain, PEM", .value = &cert },
	{ 0, "key", "FILE", "its private key, PEM", .value = &key },
	{ 's', "state", "FILE", "database, made if it is not there",
	    .value = &state },
	{ 'f', "fulfiller", "ADDRESS", "who gets every request",
	    .value = &fulfiller },
	{ 'u', "url", "URL", "how clients reach it (made of -l)",
	    .value = &url },
	{ 0, "max-artifact", "BYTES", "longest upload (256 MiB)",
	    .value = &max_artifact },
	{ 0, "ready-fd", "N", "tell the port there when listening (3)",
	    .value = &ready_fd },
	{ 0 }
};

static const struct args args = {
	.name = "sp1-devnet",
	.synopsis = "-s FILE -f ADDRESS [-l HOST:PORT] [--cert FILE --key FILE]",
	.about = "A Prover Network and artifact store for development and tests.",
	.example = "sp1-devnet -s devnet.db -l 127.0.0.1:7000 \\\n"
	    "    -f 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
	.opts = opts, .min = 0, .max = 0,
};

static void
check_options(struct devnet *d)
{
	if (!state)
		args_usage(&args, "-s FILE is missing");
	if (!fulfiller)
		args_usage(&args, "-f ADDRESS is missing");
	if (hex_decode(d->fulfiller, 20, fulfiller) < 0)
		args_usage(&args, "%s is no address", fulfiller);
	d->has_fulfiller = true;
	d->max_artifact = (size_t)args_u64(&args, "--max-artifact",
	    max_artifact, 1, 900000000);
	if (!cert != !key)
		args_usage(&args, "--cert and --key go together");
	if (!strrchr(listen_at, ':'))
		args_usage(&args, "-l %s is not HOST:PORT", listen_at);
	if (!cert && !server_loopback(listen_at))
		args_usage(&args, "without --cert only this machine's own "
		    "addresses are served, not %s", listen_at);
}

int
main(int argc, char **argv)
{
	struct server_tls tls;
	struct devnet d, given = { 0 };
	struct server *s;
	struct loop *l;
	struct err e;

	ready_start();
	args_parse(&args, argc, argv);
	check_options(&given);
	if (ready_set(ready_fd) < 0)
		args_usage(&args, "--ready-fd %s is not open", ready_fd);
	l = loop_new(&e);	/* before the pool: signals are for the loop */
	if (!l)
		die_err(&e);
	par_start(0);
	if (devnet_open(&d, state, &e) < 0)
		die_err(&e);
	d.has_fulfiller = given.has_fulfiller;
	memcpy(d.fulfiller, given.fulfiller, sizeof d.fulfiller);
	d.max_artifact = given.max_artifact;
	d.loop = l;
	s = server_new(l, &devnet_ops, &d);
	if (!s)
		die(EX_OSERR, "out of memory");
	tls = (struct server_tls){ cert, key };
	if (server_listen(s, listen_at, cert ? &tls : NULL, 0, &e) < 0)
		die_err(&e);
	if (server_url(d.url, sizeof d.url, s, url, listen_at) < 0)
		args_usage(&args, "the URL is too long");
	loop_on_signal(l, (void (*)(void *))server_stop, s);
	if (sandbox("stdio thread rpath wpath cpath inet", &e) < 0)
		die_err(&e);
	complain("ready url=%s", d.url);
	ready_tell("%d\n", server_port(s, 0));
	if (loop_run(l, &e) < 0)
		die_err(&e);
	/* A thread that still checks ends with the process, and what it uses stays
	 * until then. */
	if (d.checks > 0)
		return 0;
	server_free(s);
	loop_free(l);
	devnet_close(&d);
	return 0;
}
