/*
 * sp1-poll against a server that gives the answers a network may give: which of them
 * end the wait, and how.  Runs the program of the same build; left out where that is
 * not there.
 */
#include "base/arena.h"

#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hex.h"
#include "net/server.h"
#include "test/lib/tap.h"
#include "wire/network.h"
#include "wire/record.h"

/* The first byte of a request's id chooses its story. */
static const struct story {
	const char *name;
	int fulfillment, execution, error, cause, deadline;
	const char *proof_uri;
	int status;		/* of sp1-poll */
	const char *said;	/* on stderr */
} stories[] = {
	{ "fulfilled", NET_FULFILLED, NET_EXECUTED, 0, 0, 1000, "https://x/p", 0,
	  "" },
	{ "fulfilled past the deadline", NET_FULFILLED, NET_EXECUTED, 0, 0, -1000,
	  "https://x/p", 0, "" },
	{ "fulfilled, no proof", NET_FULFILLED, NET_EXECUTED, 0, 0, 1000, NULL,
	  EX_PROTOCOL, "no place of the proof" },
	{ "unexecutable", NET_ASSIGNED, NET_UNEXECUTABLE, NET_ERR_EXECUTION,
	  NET_CAUSE_NONZERO_EXIT, 1000, NULL, 1,
	  "assigned, unexecutable: halt_with_non_zero_exit_code" },
	{ "unfulfillable", NET_UNFULFILLABLE, NET_EXECUTED, NET_ERR_PROVING, 0,
	  1000, NULL, 1, "unfulfillable, executed: proving_failure" },
	{ "reverted", NET_REVERTED, NET_EXECUTED, 0, 0, 1000, NULL, 1,
	  "reverted" },
	{ "expired", NET_EXPIRED, NET_UNEXECUTED, 0, 0, 1000, NULL, 1, "expired" },
	{ "a status of tomorrow", 9, NET_EXECUTED, 0, 0, 1000, NULL, EX_PROTOCOL,
	  "a status that is not known here: fulfillment 9" },
	{ "late", NET_ASSIGNED, NET_UNEXECUTED, 0, 0, -1000, NULL, 1,
	  "deadline has passed" },
	{ "open", NET_REQUESTED, NET_UNEXECUTED, 0, 0, 1000, NULL, EX_TEMPFAIL,
	  "still requested" },
	{ "an error of tomorrow", NET_UNFULFILLABLE, 4, 77, 0, 1000, NULL, 1,
	  "unfulfillable" },
};
#define STORIES ((int)(sizeof stories / sizeof stories[0]))

static void
reply(struct request *r, const struct pb_message *m, const void *v,
    struct arena *a)
{
	struct pb_bytes b;
	struct err e;

	if (pb_encode(m, v, a, &b, &e) < 0)
		die_err(&e);
	answer_grpc(r, GRPC_OK, NULL, b.p, b.n);
}

static void
call(struct request *r, void *arg)
{
	struct net_request_id q;
	const struct story *s;
	struct arena a;
	struct err e;

	arena_init(&a, 1 << 20);
	if (pb_decode(&pb_net_request_id, &q, r->body, r->body_len, &a, NULL, &e)
	    < 0 || q.request_id.n != 32 || q.request_id.p[0] >= STORIES) {
		answer_grpc(r, GRPC_NOT_FOUND, "no such request", NULL, 0);
		arena_free(&a);
		return;
	}
	s = &stories[q.request_id.p[0]];
	if (strcmp(r->path, NET_STATUS) == 0) {
		struct net_status v = { .fulfillment_status = s->fulfillment,
			.execution_status = s->execution,
			.deadline = (uint64_t)(time(NULL) + s->deadline),
			.has_proof_uri = s->proof_uri != NULL,
			.proof_uri = pb_str(s->proof_uri) };

		reply(r, &pb_net_status, &v, &a);
	} else if (strcmp(r->path, NET_DETAILS) == 0) {
		struct net_details v = { .has_request = true, .request = {
			.request_id = q.request_id, .error = s->error,
			.execute_fail_cause = s->cause, .has_cycles = true,
			.cycles = 12345 } };

		reply(r, &pb_net_details, &v, &a);
	} else {
		answer_grpc(r, GRPC_UNIMPLEMENTED, "no such call", NULL, 0);
	}
	arena_free(&a);
}

static pid_t
start(int *port)
{
	const struct server_ops ops = { .on_request = call };
	int fd[2];
	pid_t pid;

	must(pipe(fd) == 0);
	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		struct server *s;
		struct loop *l;
		struct err e;

		l = loop_new(&e);
		s = l ? server_new(l, &ops, NULL) : NULL;
		if (!s || server_listen(s, "127.0.0.1:0", NULL, 0, &e) < 0)
			die_err(&e);
		*port = server_port(s, 0);
		if (write(fd[1], port, sizeof *port) != sizeof *port)
			_exit(1);
		close(fd[0]);
		close(fd[1]);
		loop_on_signal(l, (void (*)(void *))server_stop, s);
		if (loop_run(l, &e) < 0)
			die_err(&e);
		server_free(s);
		loop_free(l);
		exit(0);
	}
	close(fd[1]);
	if (read(fd[0], port, sizeof *port) != sizeof *port)
		die(EX_OSERR, "the server does not start");
	close(fd[0]);
	return pid;
}

/* What sp1-poll does with that record, asking once; out gets stdout, err stderr. */
static int
poll(const char *program, const char *record, char *out, char *err, size_t size)
{
	char command[2 * PATH_MAX], path[] = "/tmp/net_poll.XXXXXX";
	int fd = mkstemp(path), r;
	size_t n;
	FILE *f;

	must(fd >= 0);
	snprintf(command, sizeof command,
	    "echo '%s' | %s -t 60 --interval 90000 2>%s", record, program, path);
	f = popen(command, "r");
	must(f);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	r = pclose(f);
	f = fdopen(fd, "r");
	n = fread(err, 1, size - 1, f);
	err[n] = '\0';
	fclose(f);
	unlink(path);
	return WIFEXITED(r) ? WEXITSTATUS(r) : -1;
}

static void
one(const char *program, int port, int i)
{
	const struct story *s = &stories[i];
	char record[300], out[4096], err[4096], id[65];
	uint8_t bytes[32] = { (uint8_t)i };
	const char *text = NULL;
	struct record rec;
	struct err e;
	uint64_t cycles;

	hex_encode(id, bytes, 32);
	snprintf(record, sizeof record, "{\"url\":\"http://127.0.0.1:%d\","
	    "\"request_id\":\"0x%s\",\"mine\":[1]}", port, id);
	is_int(poll(program, record, out, err, sizeof out), s->status, "%s",
	    s->name);
	if (!ok(strstr(err, s->said) && (*s->said || !*err), "it says so"))
		diag("%s", err);
	if (s->status == EX_PROTOCOL)
		return;
	if (!ok(record_parse(&rec, out, strlen(out), &e) == 0 &&
	    record_has(&rec, "mine"), "the record is copied through"))
		return;
	if (s->status == 0)
		ok(record_str(&rec, "proof_uri", &text, &e) == 0 &&
		    strcmp(text, s->proof_uri) == 0, "with the proof's place");
	if (s->error && s->error < 10)
		ok(record_str(&rec, "cause", &text, &e) == 0 &&
		    strcmp(text, net_error_name(s->error)) == 0 &&
		    record_u64(&rec, "cycles", &cycles, &e) == 0 &&
		    cycles == 12345, "with cause and cycles");
	if (s->error > 10)
		ok(record_u64(&rec, "cause", &cycles, &e) == 0 &&
		    cycles == (uint64_t)s->error, "with the cause's number");
	record_free(&rec);
}

int
main(int argc, char **argv)
{
	char self[PATH_MAX], program[PATH_MAX + 20], out[4096], err[4096],
	    record[200];
	int port, status;
	pid_t pid;

	snprintf(self, sizeof self, "%s", argv[0]);
	snprintf(program, sizeof program, "%s/../../bin/sp1-poll", dirname(self));
	if (access(program, X_OK) < 0)
		tap_skip_all("%s is not built", program);
	alarm(600);
	pid = start(&port);
	for (int i = 0; i < STORIES; i++)
		one(program, port, i);
	snprintf(record, sizeof record, "{\"url\":\"http://127.0.0.1:%d\","
	    "\"request_id\":\"0x%064d\"}", port, 0);
	memset(strstr(record, "0x") + 2, 'f', 64);
	is_int(poll(program, record, out, err, sizeof out), EX_NOINPUT,
	    "a request that nobody knows");
	kill(pid, SIGTERM);
	must(waitpid(pid, &status, 0) == pid);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the server ends");
	return done_testing();
}
