#include "attested/tunnel.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attested/relay.h"
#include "base/channel.h"
#include "base/clock.h"
#include "base/ready.h"
#include "base/sandbox.h"

#define CONNECTIONS 200		/* at a time */
#define BEFORE_S 300		/* of the statement's end: it is time for another */
#define PAUSE_S 5		/* between two tries that fail */
#define SILENT_MS 30000		/* a connection that says nothing at first */
#define OTHER_KEY 7		/* exit status: the server's key is another */

struct tunnel {
	const struct tunnel_options *o;
	struct attested a;
	bool holds;
	uint64_t next;		/* unix time: no try before */
	int children;
};

/* ---- one connection, in a process of its own ---- */

static int
dial(const struct tunnel_options *o)
{
	struct addrinfo want = { .ai_socktype = SOCK_STREAM }, *all;
	int fd = -1, on = 1;

	if (getaddrinfo(o->host, o->port, &want, &all) != 0)
		return -1;
	for (const struct addrinfo *a = all; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(all);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

/* Whether the local side speaks HTTP/2: its first bytes say. */
static bool
speaks_h2(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char first[3];

	return poll(&p, 1, SILENT_MS) > 0 &&
	    recv(fd, first, sizeof first, MSG_PEEK | MSG_WAITALL) == 3 &&
	    memcmp(first, "PRI", 3) == 0;
}

static bool
is_address(const char *host)
{
	uint8_t any[16];

	return strchr(host, ':') || inet_pton(AF_INET, host, any) == 1;
}

/* TLS, agreed on; NULL.  Who is there is known by the key alone. */
static SSL *
agree(const char *host, int fd, bool h2)
{
	static const uint8_t two[] = "\2h2", one[] = "\10http/1.1";
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());
	SSL *ssl = c ? SSL_new(c) : NULL;

	if (!ssl || SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) != 1 ||
	    SSL_set_alpn_protos(ssl, h2 ? two : one, h2 ? 3 : 9) != 0 ||
	    SSL_set_fd(ssl, fd) != 1 ||
	    (!is_address(host) && SSL_set_tlsext_host_name(ssl, host) != 1) ||
	    SSL_connect(ssl) != 1)
		return NULL;
	return ssl;
}

static bool
is_attested(SSL *ssl, const struct attested *a)
{
	X509 *cert = SSL_get1_peer_certificate(ssl);
	struct channel c;

	channel_of(&c, ssl, cert);
	X509_free(cert);
	return c.tls && memcmp(c.spki, a->tls_key, 32) == 0;
}

_Noreturn static void
serve(const struct tunnel *t, int local)
{
	bool h2 = speaks_h2(local);
	int fd = dial(t->o);
	struct err e;
	SSL *ssl;

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (fd < 0) {
		complain("warn cannot reach %s:%s", t->o->host, t->o->port);
		_exit(1);
	}
	if (sandbox("stdio inet", &e) < 0) {
		complain("error %s", e.msg);
		_exit(1);
	}
	ssl = agree(t->o->host, fd, h2);
	if (!ssl) {
		complain("warn %s:%s: no TLS 1.3 with it", t->o->host, t->o->port);
		_exit(1);
	}
	if (!is_attested(ssl, &t->a)) {
		complain("warn %s:%s shows another key than the attested one: nothing "
		    "was forwarded", t->o->host, t->o->port);
		_exit(OTHER_KEY);
	}
	relay(local, ssl);
	_exit(0);
}

/* ---- the tunnel ---- */

static int
attest(struct tunnel *t, struct err *e)
{
	t->holds = false;
	t->next = clock_unix() + PAUSE_S;
	if (attested_now(&t->a, t->o->cli, t->o->attested, e) < 0)
		return -1;
	if (!t->a.has_tls_key)
		return err_set(e, EX_NO, "TLS does not end in the enclave: there is "
		    "nothing to forward to");
	t->holds = true;
	return 0;
}

/* The evidence again, where it is time; whether it holds. */
static bool
holds(struct tunnel *t)
{
	uint64_t now = clock_unix();
	struct err e;

	if ((!t->holds || now + BEFORE_S >= t->a.not_after) && now >= t->next &&
	    attest(t, &e) < 0)
		complain("warn %s: nothing is forwarded", e.msg);
	return t->holds && now < t->a.not_after;
}

static void
reap(struct tunnel *t)
{
	int status;

	while (waitpid(-1, &status, WNOHANG) > 0) {
		t->children--;
		if (WIFEXITED(status) && WEXITSTATUS(status) == OTHER_KEY)
			t->holds = false;
	}
}

static void
welcome(struct tunnel *t, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	pid_t pid = -1;

	if (fd < 0)
		return;
	if (t->children < CONNECTIONS && holds(t)) {
		pid = fork();
		if (pid == 0) {
			close(listener);
			serve(t, fd);
		}
	}
	t->children += pid > 0;
	close(fd);
}

static int
listen_at(uint16_t port, uint16_t *got, struct err *e)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	socklen_t n = sizeof a;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    listen(fd, 64) < 0 || getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		return err_set(e, EX_CANTCREAT, "cannot listen on port %u:", port);
	*got = ntohs(a.sin_port);
	return fd;
}

int
tunnel_run(const struct tunnel_options *o, struct err *e)
{
	struct tunnel t = { .o = o };
	uint16_t port = 0;
	int fd;

	if (attest(&t, e) < 0)
		return -1;
	fd = listen_at(o->listen, &port, e);
	if (fd < 0)
		return -1;
	complain("info verified; http://127.0.0.1:%u leads to the enclave at %s:%s",
	    port, o->host, o->port);
	ready_tell("%u\n", port);
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (poll(&p, 1, 1000) > 0)
			welcome(&t, fd);
		reap(&t);
	}
}
