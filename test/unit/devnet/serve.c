/*
 * The devnet behind its server goes on answering while it checks: here a program's key,
 * which takes the pool of threads, and the pool is kept busy until other calls have
 * been answered.
 */
#include "base/io.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/par.h"
#include "crypto/eth.h"
#include "devnet/devnet.h"
#include "proof/vk.h"
#include "rpc/rpc.h"
#include "test/lib/tap.h"
#include "wire/pack.h"

static struct eth_key alice;

/* ---- the server, a process of its own ---- */

static int busy[2], release[2], returned[2], ready[2];
static struct ready { int port; char uri[400]; } where;

static void
put(int fd, const void *p, size_t n)
{
	must(write(fd, p, n) == (ssize_t)n);
}

static void
get(int fd, void *p, size_t n)
{
	must(read(fd, p, n) == (ssize_t)n);
}

static void
wait_there(void *ctx, size_t begin, size_t end, unsigned worker)
{
	char c = 0;

	if (begin > 0)
		return;
	put(busy[1], &c, 1);
	get(release[0], &c, 1);
}

static void *
keep_busy(void *arg)
{
	par_for(2, 1, wait_there, NULL);
	return NULL;
}

/* The devnet's, telling of its return. */
static void
call(struct request *r, void *arg)
{
	bool told = strcmp(r->path, NET_CREATE_PROGRAM) == 0;
	char c = 0;

	devnet_ops.on_request(r, arg);
	if (told)
		put(returned[1], &c, 1);
}

static void
upload(struct devnet *d)
{
	struct net_create_artifact m = { .type = NET_ARTIFACT_PROGRAM };
	struct devnet_call c = { 0 };
	struct net_artifact_created made;
	uint8_t *elf, *packed, head[8], sig[ETH_SIG], in[256];
	struct pack_part parts[2] = { { head, 8 }, { NULL, 0 } };
	char url[400];
	struct err e;
	size_t n;

	if (read_file("test/guest/halt.elf", 1 << 24, &elf, &n, &e) < 0)
		die_err(&e);
	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)(n >> (8 * i));
	parts[1] = (struct pack_part){ elf, n };
	must(pack_zstd(&packed, &n, parts, 2, &e) == 0 &&
	    eth_sign_artifact(sig, &alice, &e) == 0);
	m.signature = pb_mem(sig, sizeof sig);
	c.in = pb_mem(in, pb_write(&pb_net_create_artifact, &m, in));
	devnet_call(d, &c, NET_CREATE_ARTIFACT);
	must(c.status == GRPC_OK && pb_decode(&pb_net_artifact_created, &made,
	    c.out.p, c.out.n, &c.arena, NULL, &e) == 0);
	snprintf(where.uri, sizeof where.uri, "%.*s", (int)made.uri.n,
	    (const char *)made.uri.p);
	snprintf(url, sizeof url, "%.*s", (int)made.presigned_url.n,
	    (const char *)made.presigned_url.p);
	must(devnet_put(d, url + strlen(d->url), packed, n) == 200);
	devnet_call_end(&c);
	free(packed);
	free(elf);
}

static _Noreturn void
serve(const char *db)
{
	struct server_ops ops = { .on_head = devnet_ops.on_head, .on_request = call };
	struct devnet d;
	struct server *s;
	struct err e;
	pthread_t t;
	char c;

	alarm(300);
	if (devnet_open(&d, db, &e) < 0)
		die_err(&e);
	strcpy(d.url, "http://127.0.0.1");
	d.max_artifact = 1 << 20;
	d.loop = loop_new(&e);
	upload(&d);
	par_start(2);
	must(d.loop && (s = server_new(d.loop, &ops, &d)) != NULL &&
	    server_listen(s, "127.0.0.1:0", NULL, 0, &e) == 0 &&
	    pthread_create(&t, NULL, keep_busy, NULL) == 0);
	get(busy[0], &c, 1);
	where.port = server_port(s, 0);
	put(ready[1], &where, sizeof where);
	loop_on_signal(d.loop, (void (*)(void *))server_stop, s);
	must(loop_run(d.loop, &e) == 0 && pthread_join(t, NULL) == 0);
	must(d.checks == 0);
	server_free(s);
	loop_free(d.loop);
	devnet_close(&d);
	exit(0);
}

/* ---- its clients ---- */

static char url[64];
static atomic_bool answered;

/* A program whose key is not the one that it is said to have. */
static void *
create_program(void *arg)
{
	static const uint8_t key[VK_BYTES];
	struct net_program_body b = { .vk = pb_mem(key, sizeof key),
		.program_uri = pb_str(where.uri) };
	struct net_signed m = { .format = NET_BINARY, .has_body = true };
	uint8_t hash[32], body[1024], in[2048], sig[ETH_SIG];
	struct rpc_reply *reply = arg;
	struct rpc_options o = { .retry_s = -1, .timeout_s = 500 };
	struct rpc *r;
	struct err e;
	struct vk vk;

	must(vk_decode(&vk, key, sizeof key, &e) == 0);
	vk_network_hash(hash, &vk);
	b.vk_hash = pb_mem(hash, sizeof hash);
	m.body = pb_mem(body, pb_write(&pb_net_program_body, &b, body));
	must(eth_sign(sig, &alice, body, m.body.n, &e) == 0);
	m.signature = pb_mem(sig, sizeof sig);
	r = rpc_new(url, &o, &e);
	must(r);
	ignore(rpc_call_once(r, NET_CREATE_PROGRAM, in, pb_write(&pb_net_signed,
	    &m, in), NULL, reply, &e));
	answered = true;
	rpc_free(r);
	return NULL;
}

static void
test_others(void)
{
	struct net_address a = { pb_mem(alice.address, 20) };
	struct rpc_options o = { .retry_s = -1, .timeout_s = 500 };
	struct rpc_reply reply = { 0 }, of_program = { 0 };
	uint8_t in[64], *health;
	struct rpc *r;
	struct err e;
	pthread_t t;
	size_t n;
	char c = 0;

	must(pthread_create(&t, NULL, create_program, &of_program) == 0);
	get(returned[0], &c, 1);	/* a call with a check is put by */
	r = rpc_new(url, &o, &e);
	must(r);
	ok(rpc_call_once(r, NET_GET_NONCE, in, pb_write(&pb_net_address, &a,
	    in), NULL, &reply, &e) == 0, "another is answered meanwhile");
	ok(reply.n == 0, "the nonce is not taken");
	ok(rpc_get(r, "/health", 100, &health, &n, NULL, &e) == 0,
	    "so is plain HTTP");
	free(health);
	ok(!answered, "the first one waits for its check");
	put(release[1], &c, 1);
	pthread_join(t, NULL);
	ok(of_program.status == GRPC_FAILED_PRECONDITION &&
	    strcmp(of_program.text, "the verifying key is not that of the "
	    "program") == 0, "and has the verdict: %s", of_program.text);
	rpc_free(r);
}

int
main(void)
{
	char dir[] = "/tmp/devnet_serve.XXXXXX", db[64];
	struct err e;
	int status;
	pid_t pid;

	alarm(300);		/* where the server waits, so would this */
	must(mkdtemp(dir) && pipe(busy) == 0 && pipe(release) == 0 &&
	    pipe(returned) == 0 && pipe(ready) == 0 &&
	    eth_key_generate(&alice, &e) == 0);
	snprintf(db, sizeof db, "%s/db", dir);
	pid = fork();
	if (pid == 0)
		serve(db);
	get(ready[0], &where, sizeof where);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", where.port);
	test_others();
	kill(pid, SIGTERM);
	ok(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0, "and it ends when told to");
	unlink(db);
	strcat(db, "-wal");
	unlink(db);
	strcpy(db + strlen(db) - 3, "shm");
	unlink(db);
	rmdir(dir);
	return done_testing();
}
