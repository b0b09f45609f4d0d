/*
 * tee-worker: takes jobs from tee-proxy, has them executed and proved, and tells the
 * network how they end.
 */
#include <signal.h>
#include <time.h>

#include "base/args.h"
#include "base/child.h"
#include "base/log.h"
#include "base/ready.h"
#include "base/sandbox.h"
#include "crypto/sealed.h"
#include "worker/way.h"
#include "worker/worker.h"

static const char *socket_path, *keyd, *network, *ca, *exec_path, *prover_path,
    *threads, *ready_fd, *keep, *max_input = "268435456", *max_cycles = "0",
    *max_gas = "0", *max_memory, *max_output = "256", *max_time = "14400",
    *max_setup = "300", *level = "info";
static int unlocked, private_store;

static void add_store(const char *pattern);

static const struct arg_opt opts[] = {
	{ 'w', "workers", "SOCKET", "where tee-proxy hands out jobs",
	    .value = &socket_path },
	{ 0, "keyd", "SOCKET", "where tee-keyd listens", .value = &keyd },
	{ 'n', "network", "URL", "the Prover Network", .value = &network },
	{ 0, "ca", "FILE", "authorities for it besides the system's, PEM",
	    .value = &ca },
	{ 'j', "threads", "N", "of what it runs; one a processor without",
	    .value = &threads },
	{ 0, "work", "DIR", "keep finished shards there, in a file system in "
	    "memory, and go on from them", .value = &keep },
	{ 0, "store", "HOST", "fetch programs from there (*: any text; the "
	    "network's store)", .each = add_store },
	{ 0, "private-store", NULL, "even where its addresses are private",
	    .flag = &private_store },
	{ 0, "max-input", "BYTES", "longest input, unpacked (256 MiB)",
	    .value = &max_input },
	{ 0, "max-cycles", "N", "of a job (0: any)", .value = &max_cycles },
	{ 0, "max-gas", "N", "of a job (0: any)", .value = &max_gas },
	{ 0, "max-memory", "MIB", "for a guest (sp1-exec's)",
	    .value = &max_memory },
	{ 0, "max-output", "MIB", "that a guest prints and commits (256)",
	    .value = &max_output },
	{ 0, "max-time", "SECONDS", "for a job, each try (14400; 0: any)",
	    .value = &max_time },
	{ 0, "max-setup", "SECONDS", "for a program's key (300; 0: any)",
	    .value = &max_setup },
	{ 0, "exec", "PROGRAM", "instead of the sp1-exec beside this",
	    .value = &exec_path },
	{ 0, "prover", "PROGRAM", "instead of the sp1-prove-gpu beside this",
	    .value = &prover_path },
	{ 0, "log-level", "LEVEL", "error, warn, info (default) or debug",
	    .value = &level, .words = LOG_LEVELS },
	{ 0, "allow-unlocked", NULL,
	    "go on where memory cannot be locked", .flag = &unlocked },
	{ 0, "ready-fd", "N", "write a line there when ready (3)",
	    .value = &ready_fd },
	{ 0 }
};

static const struct args args = {
	.name = "tee-worker",
	.synopsis = "-w SOCKET --keyd SOCKET -n URL [-j N] [--work DIR]",
	.about = "Proves what tee-proxy hands out, and reports to the network.",
	.example = "tee-worker -w jobs.sock --keyd keyd.sock \\\n"
	    "    -n https://rpc.production.succinct.xyz",
	.opts = opts, .min = 0, .max = 0,
};

static struct worker worker = {
	.way = &way_local,
	.max_elf = (size_t)256 << 20,
	.max_proof = KEYD_BODY_MAX - 4096,
};

static void
add_store(const char *pattern)
{
	if (worker.places.n == PLACE_PATTERNS)
		args_usage(&args, "--store: at most %d", PLACE_PATTERNS);
	worker.places.patterns[worker.places.n++] = pattern;
}

static void
on_signal(int sig)
{
	worker.stop = 1;
	worker.hurry = 1;
}

static void
check_options(void)
{
	if (!socket_path || !keyd || !network)
		args_usage(&args, "-w SOCKET, --keyd SOCKET and -n URL are "
		    "needed");
	(void)args_threads(&args, threads);
	worker.max_input = (size_t)args_u64(&args, "--max-input", max_input, 1,
	    (uint64_t)1 << 32);
	worker.max_cycles = args_u64(&args, "--max-cycles", max_cycles, 0,
	    UINT64_MAX);
	worker.max_gas = args_u64(&args, "--max-gas", max_gas, 0, UINT64_MAX);
	(void)args_u64(&args, "--max-output", max_output, 1, 1 << 20);
	worker.max_output = max_output;
	worker.max_seconds = args_u64(&args, "--max-time", max_time, 0,
	    UINT32_MAX);
	worker.max_setup = args_u64(&args, "--max-setup", max_setup, 0,
	    UINT32_MAX);
	if (max_memory)
		(void)args_u64(&args, "--max-memory", max_memory, 1, 1 << 20);
	worker.max_memory = max_memory;
	if (log_level_of(level) < 0)
		args_usage(&args, "--log-level takes one of: " LOG_LEVELS);
	log_set((enum log_level)log_level_of(level));
	if (ready_set(ready_fd) < 0)
		args_usage(&args, "--ready-fd %s is not open", ready_fd);
}

static void
set_up(void)
{
	struct rpc_options o = { .ca_file = ca, .timeout_s = 120,
		.retry_s = 20, .max_reply = (size_t)16 << 20,
		.stop = &worker.hurry };
	struct sigaction a = { .sa_handler = on_signal };
	struct secmem locked = { 0 };
	struct err e;

	if (no_dumps(&e) < 0)
		die_err(&e);
	secmem_daemon(&locked, 1 << 20, unlocked, "inputs");
	secmem_free(&locked);
	if (keep && keep_open(keep, unlocked, &e) < 0)
		die_err(&e);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGINT, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
	worker.socket = socket_path;
	worker.places.network = network;
	worker.places.private = private_store;
	worker.keyd = keyd;
	worker.threads = threads;
	worker.keep = keep;
	worker.exec = exec_path ? exec_path : child_beside("sp1-exec");
	worker.prover = prover_path ? prover_path :
	    child_beside("sp1-prove-gpu");
	worker.vk = child_beside("sp1-vk");
	worker.verify = child_beside("sp1-verify");
	if (!worker.exec || !worker.prover || !worker.vk || !worker.verify)
		die(EX_OSERR, "out of memory");
	if (keyd_info(&worker.keys, keyd, &e) < 0)
		die_err(&e);
	secmem_enough(input_longest(&worker), unlocked, "--max-input");
	worker.network = rpc_new(network, &o, &e);
	if (!worker.network || rpc_trust(worker.network, &e) < 0)
		die_err(&e);
	/* What it runs has no sockets: child.c. */
	if (sandbox("stdio thread rpath wpath cpath proc exec inet unix", &e) < 0)
		die_err(&e);
}

int
main(int argc, char **argv)
{
	struct job j;
	struct err e;
	bool told = false;

	ready_start();
	args_parse(&args, argc, argv);
	check_options();
	set_up();
	log_event(LEVEL_INFO, "ready", "network=%s", network);
	ready_tell("ready\n");
	while (!worker.stop) {
		int got;

		if (worker.keep)
			keep_sweep(&worker);
		got = proxy_take(&worker, &j, 20, &e);
		if (got == 1)
			job_run(&worker, &j);
		if (got < 0 && !worker.stop) {
			if (!told)
				log_say(LEVEL_WARN, "proxy_away", e.msg);
			nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
		}
		told = got < 0;
	}
	rpc_free(worker.network);
	programs_free(&worker);
	return 0;
}
