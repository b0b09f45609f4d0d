/*
 * A body that a handler has wiped is nowhere in the server's memory: not with its
 * connection open, nor when it has been closed.  The server is a child, whose memory is
 * looked through from here.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secmem.h"
#include "net/server.h"
#include "test/lib/selfsigned.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"

#define CANARY ((size_t)2 << 20)
#define STEP 16			/* bytes between the words that are looked for */
#define TABLE (1 << 20)

static uint8_t canary[CANARY];
static uint64_t table[TABLE];

/* ---- the server ---- */

static struct secmem body;

static int
on_piece(struct request *r, const void *p, size_t n, void *arg)
{
	struct err e;

	if (secmem_need(&body, body.n + n, &e) < 0)
		return 503;
	memcpy(body.p + body.n, p, n);
	body.n += n;
	return 0;
}

static void
on_head(struct request *r, void *arg)
{
	if (strcmp(r->method, "PUT") == 0)
		request_sink(r, CANARY, on_piece, NULL);
}

static void
on_request(struct request *r, void *arg)
{
	if (strcmp(r->path, "/give") == 0) {
		answer_owned(r, 200, NULL, body.p, body.n, NULL);
		return;
	}
	if (strcmp(r->path, "/wipe") == 0)
		secmem_free(&body);
	answer(r, 200, NULL, NULL, 0);
}

static void
serve(const char *cert, const char *key, int out)
{
	static const struct server_ops ops = { .on_head = on_head,
		.on_request = on_request };
	struct server_tls tls = { cert, key };
	struct loop *l;
	struct server *s;
	struct err e;
	int port[2];

	l = loop_new(&e);
	must(l);
	s = server_new(l, &ops, NULL);
	must(s);
	if (server_listen(s, "127.0.0.1:0", &tls, 0, &e) < 0 ||
	    server_listen(s, "127.0.0.1:0", NULL, 1, &e) < 0)
		die_err(&e);
	port[0] = server_port(s, 0);
	port[1] = server_port(s, 1);
	must(write(out, port, sizeof port) == sizeof port);
	if (loop_run(l, &e) < 0)
		die_err(&e);
	exit(0);
}

/* ---- the client ---- */

static int
dial(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
	return fd;
}

/* A GET in the clear; how many bytes came. */
static size_t
get(int port, const char *path)
{
	static char text[CANARY + 4096];
	int fd = dial(port), n = snprintf(text, sizeof text,
	    "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
	size_t got = 0;
	ssize_t k;

	must(send(fd, text, (size_t)n, 0) == n);
	while ((k = recv(fd, text + got, sizeof text - got, 0)) > 0)
		got += (size_t)k;
	close(fd);
	return got;
}

/* The canary as an upload, by TLS; the connection stays open. */
static SSL *
put(SSL_CTX *ctx, int port)
{
	SSL *ssl = SSL_new(ctx);
	char text[256];
	int n;

	must(ssl && SSL_set_fd(ssl, dial(port)) == 1 && SSL_connect(ssl) == 1);
	n = snprintf(text, sizeof text, "PUT /x HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: %zu\r\n\r\n", CANARY);
	must(SSL_write(ssl, text, n) == n);
	/* In two parts, with a rest that no buffer is full of. */
	must(SSL_write(ssl, canary, 1000001) == 1000001);
	must(SSL_write(ssl, canary + 1000001, CANARY - 1000001) > 0);
	n = SSL_read(ssl, text, sizeof text - 1);
	must(n > 0);
	text[n] = '\0';
	ok(strncmp(text, "HTTP/1.1 200", 12) == 0, "the upload is taken");
	return ssl;
}

static void
fill(void)
{
	uint64_t seed = 0x63616e617279, x;

	for (size_t i = 0; i < CANARY; i += 8) {
		x = splitmix64(&seed);
		memcpy(canary + i, &x, 8);
	}
	for (size_t i = 0; i < CANARY; i += STEP) {
		size_t at;

		memcpy(&x, canary + i, 8);
		for (at = x % TABLE; table[at]; at = (at + 1) % TABLE)
			;
		table[at] = x;
	}
}

static size_t
hits_in(const uint8_t *p, size_t n)
{
	size_t hits = 0;

	for (size_t i = 0; i + 8 <= n; i++) {
		uint64_t x;

		memcpy(&x, p + i, 8);
		for (size_t at = x % TABLE; x && table[at];
		    at = (at + 1) % TABLE)
			if (table[at] == x) {
				hits++;
				break;
			}
	}
	return hits;
}

/* Words of the canary in the memory of a process; SIZE_MAX: it cannot be read. */
static size_t
hits(pid_t pid)
{
	static uint8_t piece[1 << 20];
	unsigned long from, to;
	char path[64], line[512], mode[8];
	size_t n = 0;
	FILE *maps;
	int mem;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (!maps || mem < 0)
		return SIZE_MAX;
	while (fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r' || mode[1] != 'w')
			continue;
		while (from < to) {
			ssize_t k = pread(mem, piece, to - from < sizeof piece ?
			    to - from : sizeof piece, (off_t)from);

			if (k <= 0)
				break;
			n += hits_in(piece, (size_t)k);
			from += (unsigned long)k;
		}
	}
	fclose(maps);
	close(mem);
	return n;
}

int
main(void)
{
	char dir[] = "/tmp/net_canary.XXXXXX", cert[64], key[64];
	int out[2], port[2];
	SSL_CTX *ctx;
	SSL *ssl;
	pid_t pid;

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
	printf("1..0 # SKIP a sanitizer's memory is too large to be looked through\n");
	return 0;
#endif
	alarm(300);
	must(mkdtemp(dir));
	snprintf(cert, sizeof cert, "%s/cert", dir);
	snprintf(key, sizeof key, "%s/key", dir);
	must(selfsigned(cert, key) == 0 && pipe(out) == 0);
	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (pid == 0)
		serve(cert, key, out[1]);
	must(read(out[0], port, sizeof port) == sizeof port);
	unlink(cert);
	unlink(key);
	rmdir(dir);
	fill();
	ctx = SSL_CTX_new(TLS_client_method());
	must(ctx);
	ssl = put(ctx, port[0]);
	if (hits(pid) == SIZE_MAX) {
		tap_skip("memory of a child cannot be read here");
	} else {
		ok(hits(pid) >= CANARY / STEP, "it is in memory");
		ok(get(port[1], "/give") > CANARY, "a worker has it");
		must(get(port[1], "/wipe") > 0);
		is_int((long)hits(pid), 0, "wiped: with its connection open");
		close(SSL_get_fd(ssl));
		must(get(port[1], "/") > 0);
		is_int((long)hits(pid), 0, "and with that closed");
	}
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return done_testing();
}
