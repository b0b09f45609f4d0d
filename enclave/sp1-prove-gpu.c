/*
 * sp1-prove-gpu: execution records, or an input, to a proof.  See sp1-prove-gpu(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/args.h"
#include "base/child.h"
#include "base/io.h"
#include "base/par.h"
#include "base/progress.h"
#include "base/sandbox.h"
#include "base/secmem.h"
#include "proof/container.h"
#include "proofs/compressed.h"
#include "proofs/core.h"
#include "proofs/kept.h"
#include "proofs/watch.h"
#include "run/record.h"
#include "stark/verify.h"

static const char *program_path, *mode = "core", *out_path, *threads, *exec_path,
    *device = "auto", *work_path, *timings_path, *progress_fd, *memory;
static int debug, verbose, no_verify, verify, no_sandbox;
static uint64_t ceiling;
static struct timings timings;
static struct watch watch = {.t = &timings, .fd = -1};

static const struct arg_opt opts[] = {
	{'p', "program", "ELF", "the guest program", .value = &program_path},
	{'m', "mode", "MODE", "what to prove: core (default) or compressed",
	    .value = &mode, .words = "core compressed"},
	{'o', "output", "FILE", "write the proof to FILE", .value = &out_path},
	{'j', "jobs", "N", "use N threads (default: all processors)",
	    .value = &threads},
	{'d', "device", "DEVICE", "what to prove with: cpu, or auto (default)",
	    .value = &device, .words = "cpu auto"},
	{0, "memory", "SIZE", "use no more memory than SIZE: 512M, 8G (default: "
	    "what there is)", .value = &memory},
	{0, "work", "DIR", "keep finished shards' proofs in DIR, and go on from "
	    "them", .value = &work_path},
	{0, "timings", "FILE", "write the seconds of each shard and phase to FILE, "
	    "as JSON", .value = &timings_path},
	{0, "progress", "FD", "tell how far it is on descriptor FD, a line of JSON "
	    "each time", .value = &progress_fd},
	{0, "exec", "PROGRAM", "run PROGRAM as sp1-exec on an input",
	    .value = &exec_path},
	{0, "debug", NULL, "check every row and message before proving; tell "
	    "what fails", .flag = &debug},
	{0, "verify", NULL, "verify the proof before it is written (default)",
	    .flag = &verify},
	{0, "no-verify", NULL, "do not verify the proof before it is written",
	    .flag = &no_verify},
	SANDBOX_OPTION(no_sandbox),
	{'v', "verbose", NULL, "tell each shard and phase, with seconds",
	    .flag = &verbose},
	{0}
};

static const struct args args = {
	.name = "sp1-prove-gpu",
	.synopsis = "-p ELF [-m MODE] [-o FILE] [-j N] [--work DIR] < RECORDS | SP1STDIN",
	.about = "Proves a run of a guest program, from the records of "
	    "sp1-exec or from its input.",
	.example = "sp1-stdin u32:20 | sp1-prove-gpu -p fib.elf > proof.bin",
	.opts = opts, .min = 0, .max = 0,
};

/* ---- an input: sp1-exec makes the records ---- */

struct feed { uint64_t first; size_t nfirst; int fd; };

/* Standard input, its first bytes taken already, to sp1-exec. */
static void *
feed_input(void *arg)
{
	struct feed *f = arg;
	uint8_t buf[65536];
	ssize_t n;

	if (write_all(f->fd, &f->first, f->nfirst, "sp1-exec", NULL) == 0)
		while ((n = read(0, buf, sizeof buf)) > 0 ||
		    (n < 0 && errno == EINTR))
			if (n > 0 && write_all(f->fd, buf, (size_t)n,
			    "sp1-exec", NULL) < 0)
				break;
	explicit_bzero(buf, sizeof buf);
	close(f->fd);
	return NULL;
}

static pid_t
start_exec(int *records, struct feed *f)
{
	const char *path = exec_path ? exec_path : child_beside("sp1-exec");
	int in[2], out[2];
	pid_t pid;

	if (!path)
		die(EX_OSERR, "out of memory");
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		die(EX_OSERR, "cannot make a pipe:");
	pid = child_fork();
	if (pid < 0)
		die(EX_OSERR, "cannot start sp1-exec:");
	if (pid == 0) {
		/* It must end when nobody reads its records, or waits for them. */
		signal(SIGPIPE, SIG_DFL);
		signal(SIGXFSZ, SIG_DFL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execlp(path, "sp1-exec", "-p", program_path, "--records",
		    (char *)NULL);
		die(EX_UNAVAILABLE, "cannot run %s:", path);
	}
	close(in[0]);
	close(out[1]);
	f->fd = in[1];
	*records = out[0];
	return pid;
}

/* Where it failed, its own message has been printed: only the status is left to
 * pass on.  e: why the prover gave up; NULL: it did not. */
static void
end_exec(pid_t pid, int records, const struct err *e)
{
	int status;

	/* Where the fault is not the records' it would wait for a reader. */
	if (e && e->status != EX_DATAERR) {
		kill(pid, SIGKILL);
		die_err(e);
	}
	close(records);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (e && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
		die_err(e);
	if (WIFSIGNALED(status))
		die(EX_SOFTWARE, "sp1-exec ended by signal %d",
		    WTERMSIG(status));
	if (WEXITSTATUS(status) > 1)
		exit(WEXITSTATUS(status));
	if (e)
		die_err(e);
}

/* ---- the proof ---- */

/* Of one of the modes. */
struct proof {
	enum proof_mode mode;
	struct core_proof core;
	struct compressed_proof compressed;
};

static int
prove(struct proof *p, struct arena *a, const struct proving_key *key,
    const struct rv_program *program, int fd, const uint64_t *magic,
    const struct core_options *o, struct err *e)
{
	return p->mode == PROOF_CORE ?
	    prove_core(&p->core, a, key, program, fd, magic, o, e) :
	    prove_compressed(&p->compressed, a, key, program, fd, magic, o, e);
}

static int
verify_proof(const struct proof *p, const struct vk *vk, struct err *e)
{
	const struct verify_options vo = {.allow_exit_code = 1};
	digest program = vk_digest(vk);

	return p->mode == PROOF_CORE ?
	    verify_core(air_machine_riscv(), vk, &p->core, &vo, e) :
	    verify_compressed(&program, &p->compressed, &vo, e);
}

static size_t
proof_size(const struct proof *p)
{
	return p->mode == PROOF_CORE ? core_proof_size(&p->core) :
	    compressed_proof_size(&p->compressed);
}

static void
proof_write(uint8_t *out, const struct proof *p)
{
	if (p->mode == PROOF_CORE)
		core_proof_write(out, &p->core);
	else
		compressed_proof_write(out, &p->compressed);
}

static void
check_and_write(const struct proof *proof, const struct vk *vk)
{
	size_t n = proof_size(proof);
	struct err e;
	uint8_t *bytes;

	if (!no_verify) {
		double start = timings_now(&timings);

		watch_stage(&watch, "verify");
		if (verify_proof(proof, vk, &e) < 0)
			die(EX_SOFTWARE, "the proof does not verify: %s",
			    e.msg);
		timings.verify = timings_now(&timings) - start;
		watch_took(&watch, "verify", timings.verify);
	}
	watch_stage(&watch, "write");
	bytes = malloc(n);
	if (!bytes)
		die(EX_OSERR, "no memory for the proof");
	proof_write(bytes, proof);
	if (out_file(out_path, OUT_BINARY, -1, bytes, n, &e) < 0)
		die_err(&e);
	free(bytes);
}

static void
open_watch(void)
{
	watch.verbose = verbose;
	if (!progress_fd)
		return;
	watch.fd = (int)args_u64(&args, "--progress", progress_fd, 3, 65535);
	/* sp1-exec has no use for it. */
	if (fcntl(watch.fd, F_SETFD, FD_CLOEXEC) < 0)
		args_usage(&args, "--progress %s is not open", progress_fd);
}

static void
check_args(int argc, char **argv)
{
	args_parse(&args, argc, argv);
	open_watch();
	if (!program_path)
		args_usage(&args, "-p ELF is missing");
	if (strcmp(mode, "core") && strcmp(mode, "compressed"))
		args_usage(&args, "mode %s is not one of: core compressed", mode);
	if (!strcmp(device, "cuda"))
		die(EX_UNAVAILABLE, "this program was built without CUDA: "
		    "use -d cpu or -d auto");
	if (memory)
		ceiling = args_size(&args, "--memory", memory);
	if (strcmp(device, "cpu") && strcmp(device, "auto"))
		args_usage(&args, "device %s is not one of: cpu auto", device);
	if (verify && no_verify)
		args_usage(&args, "--verify and --no-verify exclude each other");
	if (!out_path && isatty(1))
		args_usage(&args, "a proof is not for a terminal: use -o FILE");
}

/* That a reader is gone, or a file is too long for the limit, is an error of a write
 * here, not the end without a word. */
static void
no_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* The input's traces: no core dump has them, and what is freed is given back to the
 * kernel, or overwritten where it stays in the heap. */
static void
keep_secrets(void)
{
	struct err e;

	if (no_dumps(&e) < 0)
		die_err(&e);
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	mallopt(M_PERTURB, 0xa5);
}

/* A stranger's program and records are looked into with no network, and no more files
 * than the options name.  runs: it may have to run sp1-exec. */
static void
confine(bool runs)
{
	char promises[80];
	struct err e;

	snprintf(promises, sizeof promises, "stdio thread rpath%s%s",
	    out_path || work_path || timings_path || runs ? " wpath cpath" : "",
	    runs ? " proc exec" : "");
	if (!no_sandbox && sandbox(promises, &e) < 0)
		die_err(&e);
}

int
main(int argc, char **argv)
{
	struct core_options o = {.backend = &backend_cpu,
	    .on_shard = watch_shard, .on_note = watch_note,
	    .on_phase = watch_phase, .ctx = &watch};
	struct proving_key key;
	struct proof proof;
	struct rv_program program;
	struct arena arena;
	struct feed feed = {0};
	struct kept kept = {.fd = -1};
	struct err e;
	pthread_t feeder;
	pid_t child = 0;
	int records = 0, got;

	timings_start(&timings);
	check_args(argc, argv);
	no_signals();
	keep_secrets();
	par_start(threads ? (unsigned)args_u64(&args, "-j", threads, 1,
	    PAR_MAX) : 0);
	confine(true);
	if (rv_load_file(&program, program_path, &e) < 0)
		die_err(&e);
	/* An SP1Stdin has at least three counts, so eight bytes at any rate. */
	got = read_exact(0, &feed.first, sizeof feed.first, "standard input",
	    &e);
	if (got < 0)
		die_err(&e);
	if (got == 0)
		die(EX_DATAERR, "standard input is empty: no SP1Stdin, and no "
		    "records (or the execution failed)");
	feed.nfirst = sizeof feed.first;
	if (work_path && kept_open(&kept, work_path, &key.vk, &e) < 0)
		die_err(&e);
	if (feed.first != REC_MAGIC) {
		child = start_exec(&records, &feed);
		if (pthread_create(&feeder, NULL, feed_input, &feed))
			die(EX_OSERR, "cannot start a thread");
		pthread_detach(feeder);
	}
	if (!child)
		confine(false);
	progress_start();
	watch_stage(&watch, "setup");
	if (setup_key(&key, &program, &e) < 0)
		die_err(&e);
	timings.setup = timings_now(&timings);
	watch_took(&watch, "setup", timings.setup);
	if (debug)
		o.debug = stderr;
	o.memory = ceiling;
	if (work_path)
		o.kept = &kept;
	arena_init(&arena, 0);
	proof.mode = strcmp(mode, "core") ? PROOF_COMPRESSED : PROOF_CORE;
	got = prove(&proof, &arena, &key, &program, records,
	    child ? NULL : &feed.first, &o, &e);
	progress_clear();
	if (child)
		end_exec(child, records, got < 0 ? &e : NULL);
	if (got < 0)
		die_err(&e);
	check_and_write(&proof, &key.vk);
	progress_clear();
	watch_took(&watch, "all", timings_now(&timings));
	if (timings_path && timings_write(&timings, timings_path, &e) < 0)
		die_err(&e);
	kept_close(&kept);
	timings_free(&timings);
	arena_free(&arena);
	setup_free(&key);
	rv_free(&program);
	return 0;
}
