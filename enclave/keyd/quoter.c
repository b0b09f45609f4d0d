#include "keyd/quoter.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "crypto/keyd.h"
#include "keyd/source.h"

#define SEND_MS 5000		/* a peer that does not read is gone */

/* What the process says first. */
struct hello {
	struct statement_hash compose, gpu;
	bool failed;
	struct err why;
};

struct worker {
	const struct source *source;
	const char *path;
	struct beside beside;
	int fd;				/* to tee-keyd */
};

static void
send_all(int fd, const uint8_t *p, size_t n)
{
	int64_t until = clock_ms() + SEND_MS;

	while (n > 0) {
		struct pollfd w = { .fd = fd, .events = POLLOUT };
		int64_t left = until - clock_ms();
		ssize_t k;

		if (left <= 0 || (poll(&w, 1, (int)left) <= 0 && errno != EINTR))
			return;
		k = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (k < 0 && errno != EAGAIN && errno != EINTR)
			return;
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
}

static void
answer(int fd, int status, const void *p, size_t n)
{
	uint8_t head[5] = { (uint8_t)(n + 1), (uint8_t)((n + 1) >> 8),
	    (uint8_t)((n + 1) >> 16), (uint8_t)((n + 1) >> 24), (uint8_t)status };

	send_all(fd, head, sizeof head);
	send_all(fd, p, n);
}

/* The evidence, as sp1-evidence(5) has it; NULL when memory is out. */
static char *
evidence(const struct worker *w, const char *statement, const struct quoted *q,
    size_t *n)
{
	char *out = NULL;
	FILE *f = open_memstream(&out, n);
	struct err e;
	struct jw j;
	int bad;

	if (!f)
		return NULL;
	jw_start(&j, f);
	jw_object(&j, NULL);
	jw_str(&j, "statement", statement);
	jw_str(&j, "quote", q->quote);
	if (q->event_log)
		jw_str(&j, "event_log", q->event_log);
	if (w->beside.compose)
		jw_str(&j, "app_compose", w->beside.compose);
	if (w->beside.gpus)
		jw_str(&j, "gpu_evidence", w->beside.gpus);
	jw_end(&j);
	bad = jw_finish(&j, "evidence", &e) < 0;
	bad |= fclose(f) != 0;
	if (bad || *n > KEYD_EVIDENCE_MAX) {
		free(out);
		return NULL;
	}
	return out;
}

static void
serve(const struct worker *w, int peer, const char *statement, size_t n)
{
	struct quoted q = { 0 };
	uint8_t data[64];
	struct err e;
	char *text = NULL;
	size_t len = 0;

	statement_report_data(data, statement, n);
	if (w->source->quote(w->path, data, &q, &e) == 0 &&
	    !(text = evidence(w, statement, &q, &len)))
		err_set(&e, EX_OSERR, "the evidence is too long");
	if (text) {
		answer(peer, 0, text, len);
	} else {
		log_say(LEVEL_WARN, "no_quote", e.msg);
		answer(peer, e.status, e.msg, strlen(e.msg));
	}
	free(text);
	quoted_free(&q);
}

/* The next statement and the peer that asks; false at the end.  *peer -1: it was none. */
static bool
next(const struct worker *w, char text[static STATEMENT_MAX], size_t *n, int *peer)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec v = { text, STATEMENT_MAX - 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof control };
	ssize_t k = recvmsg(w->fd, &m, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = k > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*peer = -1;
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(peer, CMSG_DATA(c), sizeof *peer);
	*n = k > 0 ? (size_t)k : 0;
	text[*n] = '\0';
	return k > 0 || (k < 0 && errno == EINTR);
}

static void
hash_text(struct statement_hash *h, const char *text)
{
	h->there = text != NULL;
	if (text)
		statement_sha256(h->v, text, strlen(text));
}

_Noreturn static void
work(struct worker *w)
{
	struct hello hello = { 0 };
	char text[STATEMENT_MAX];
	size_t n;
	int peer;

	/* Who waits for the end of what else is open waits for tee-keyd. */
	if (w->fd > 3)
		close_range(3, (unsigned)w->fd - 1, 0);
	close_range((unsigned)w->fd + 1, ~0u, 0);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	json_object_seed(0);	/* it opens /dev/urandom */
	hello.failed = sandbox(w->source->sandbox, &hello.why) < 0;
	if (!hello.failed && w->source->beside)
		w->source->beside(w->path, &w->beside);
	hash_text(&hello.compose, w->beside.compose);
	hash_text(&hello.gpu, w->beside.gpus);
	if (send(w->fd, &hello, sizeof hello, MSG_NOSIGNAL) < 0 || hello.failed)
		_exit(0);
	while (next(w, text, &n, &peer))
		if (peer >= 0) {
			serve(w, peer, text, n);
			close(peer);
		}
	_exit(0);
}

/* The first source that is here; false: none. */
static bool
find(struct worker *w, const struct quoter_options *o)
{
	const struct {
		const struct source *source;
		const char *path;
	} all[] = {
		{ &source_dstack, o->dstack }, { &source_tappd, o->tappd },
		{ &source_tsm, o->tsm },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].source->here(all[i].path)) {
			w->source = all[i].source;
			w->path = all[i].path;
			return true;
		}
	return false;
}

int
quoter_start(struct quoter *q, const struct quoter_options *o, struct err *e)
{
	struct worker w = { 0 };
	struct hello hello;
	int pair[2];
	pid_t pid;

	*q = (struct quoter){ .fd = -1 };
	if (!find(&w, o))
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(e, EX_OSERR, "cannot make a socket:");
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		w.fd = pair[1];
		work(&w);
	}
	close(pair[1]);
	if (pid < 0 || recv(pair[0], &hello, sizeof hello, 0) !=
	    (ssize_t)sizeof hello) {
		close(pair[0]);
		return err_set(e, EX_OSERR, "cannot start a process for quotes");
	}
	if (hello.failed) {
		close(pair[0]);
		*e = hello.why;
		return -1;
	}
	q->fd = pair[0];
	q->source = w.source->name;
	q->compose = hello.compose;
	q->gpu = hello.gpu;
	return 0;
}

int
quoter_ask(const struct quoter *q, const char *text, size_t n, int peer,
    struct err *e)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec v = { (char *)text, n };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (q->fd < 0)
		return err_set(e, EX_UNAVAILABLE, "this enclave has no evidence: "
		    "neither dstack's agent nor configfs-tsm is there");
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof peer);
	memcpy(CMSG_DATA(c), &peer, sizeof peer);
	if (sendmsg(q->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n)
		return 0;
	return errno == EAGAIN ?
	    err_set(e, EX_TEMPFAIL, "too many ask for evidence: try again") :
	    err_set(e, EX_UNAVAILABLE, "the process for quotes has ended");
}
