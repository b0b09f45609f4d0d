/*
 * tee-keyd: holds the enclave's keys (X25519, X-Wing) and the fulfiller's secp256k1 key, and
 * answers on a unix socket (crypto/keyd.h).  No network, no files once it runs,
 * and neither key ever leaves it.  A process of its own, without keys, has quotes made
 * (keyd/quoter.h).
 *
 * A body to be signed is not kept: its beginning is checked, and all of it goes
 * through Keccak as it comes.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/args.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/openssl.h"
#include "base/ready.h"
#include "base/sandbox.h"
#include "base/secmem.h"
#include "crypto/eth.h"
#include "crypto/keyd.h"
#include "crypto/keyfile.h"
#include "keyd/quoter.h"

#define PEERS 64
#define HEAD 5			/* of a message: length, operation */
#define LOOK 64			/* of a body, for keyd_signable() */
#define EVIDENCE_S 3600		/* a statement's life */

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

/* What inputs are sealed to for a time: a key of each KEM. */
struct pair {
	int kem;			/* 0: none */
	uint8_t sk[HPKE_KEY], pk[HPKE_PUBLIC_MAX], fingerprint[32];
};
enum { X25519, XWING, PAIRS };
struct epoch {
	unsigned number;		/* 0: none */
	int64_t from;			/* clock_ms() */
	struct pair pair[PAIRS];
};

struct keys {
	struct epoch now, last;
	struct eth_key eth;
};
static struct keys *keys;	/* in locked memory */
static int64_t rotate_ms, keep_ms;	/* rotate_ms 0: never */
static struct quoter quoter;

struct peer {
	int fd;			/* -1: free */
	int64_t until;		/* when its request must be complete */
	size_t got;		/* of the message, its head included */
	uint64_t len;		/* of the body; once got >= HEAD */
	uint8_t head[HEAD];
	uint8_t body[KEYD_OPEN_MAX];	/* its beginning, or all of it */
	struct keccak hash;	/* to sign */
	bool refused;		/* what still comes is thrown away */
};
static struct peer peers[PEERS];

static void
drop(struct peer *p)
{
	close(p->fd);
	wipe(p, sizeof *p);
	p->fd = -1;
}

/* An answer fits into the socket's buffer; whoever does not take it is gone. */
static void
answer(struct peer *p, int status, const void *body, size_t len)
{
	uint8_t out[KEYD_ANSWER_MAX + HEAD];

	must(len < KEYD_ANSWER_MAX);
	out[0] = (uint8_t)(len + 1);
	out[1] = (uint8_t)((len + 1) >> 8);
	out[2] = out[3] = 0;
	out[4] = (uint8_t)status;
	memcpy(out + HEAD, body, len);
	if (send(p->fd, out, len + HEAD, MSG_NOSIGNAL) != (ssize_t)(len + HEAD))
		shutdown(p->fd, SHUT_RDWR);
	wipe(out, sizeof out);
}

static void
refuse(struct peer *p, const struct err *e)
{
	if (verbose)
		log_say(LEVEL_WARN, "refused", e->msg);
	answer(p, e->status, e->msg, strlen(e->msg));
}

static void
answer_info(struct peer *p)
{
	const struct epoch *const of[] = { &keys->now, &keys->last };
	const struct pair *x = keys->now.pair, *w = &keys->now.pair[XWING];
	uint8_t out[KEYD_INFO_LEN] = { 0 }, *at = out, *n;

	memcpy(at, x->pk, X25519_KEY);
	memcpy(at += X25519_KEY, keys->eth.address, 20);
	*(at += 20) = w->kem != 0;
	memcpy(at + 1, w->pk, XWING_PUBLIC);
	n = at += 1 + XWING_PUBLIC;
	for (unsigned i = 0; i < 2; i++)
		for (unsigned k = 0; k < PAIRS; k++)
			if (of[i]->pair[k].kem != 0)
				memcpy(at + 1 + 32 * (*n)++, of[i]->pair[k].fingerprint, 32);
	answer(p, 0, out, sizeof out);
}

static const struct pair *
find_pair(const struct epoch *ep, const struct sealed_header *h, unsigned number)
{
	for (unsigned k = 0; k < PAIRS; k++) {
		const struct pair *q = &ep->pair[k];

		if (q->kem == h->kem && (h->by_statement ? ep->number == number :
		    memcmp(q->fingerprint, h->fingerprint, 32) == 0))
			return q;
	}
	return NULL;
}

/* The key that an input is sealed to, by its fingerprint or by a statement of ours. */
static const struct pair *
sealed_to(const struct sealed_header *h, struct err *e)
{
	const struct pair *q;
	unsigned number = 0;

	if (h->by_statement && !issued_has(h->statement, &number)) {
		err_set(e, EX_NOPERM, "sealed under evidence that this enclave "
		    "has not given, or long ago");
		return NULL;
	}
	q = find_pair(&keys->now, h, number);
	if (!q)
		q = find_pair(&keys->last, h, number);
	if (!q && h->by_statement)
		err_set(e, EX_NOPERM, "sealed under evidence whose keys are gone");
	else if (!q)
		err_set(e, EX_DATAERR, "sealed for another enclave's key");
	return q;
}

static int
check_length(const struct peer *p, const struct sealed_header *h, struct err *e)
{
	return p->len == h->size + KEYD_NAMES ? 0 :
	    err_set(e, EX_PROTOCOL, "no such request");
}

static void
answer_open(struct peer *p)
{
	const struct pair *q;
	struct sealed_header h;
	struct hpke c;
	struct err e;
	uint8_t out[45];

	/* The header is judged as if the rest were there: whoever asks has it. */
	if (sealed_parse_header(&h, p->body, &e) < 0 ||
	    check_length(p, &h, &e) < 0 || !(q = sealed_to(&h, &e)) ||
	    sealed_check(&h, NULL, p->body + h.size, p->body + h.size + 32,
	    &e) < 0 || sealed_context(&c, p->body, q->sk, &e) < 0) {
		refuse(p, &e);
		return;
	}
	out[0] = (uint8_t)c.aead;
	memcpy(out + 1, c.key, 32);
	memcpy(out + 33, c.nonce, 12);
	hpke_wipe(&c);
	if (verbose)
		log_event(LEVEL_INFO, "opened", "bytes=%llu",
		    (unsigned long long)h.padded);
	answer(p, 0, out, sizeof out);
	wipe(out, sizeof out);
}

static void
answer_sign(struct peer *p)
{
	uint8_t hash[32], sig[ETH_SIG];
	struct err e;

	keccak_final(hash, &p->hash);
	if (eth_sign_hash(sig, &keys->eth, hash, &e) < 0) {
		refuse(p, &e);
		return;
	}
	if (verbose)
		log_event(LEVEL_INFO, "signed", "bytes=%llu",
		    (unsigned long long)p->len);
	answer(p, 0, sig, sizeof sig);
}

/* Seconds that a statement holds: no longer than its keys open inputs. */
static uint64_t
life_s(void)
{
	int64_t left = (keys->now.from + rotate_ms + keep_ms - clock_ms()) / 1000;

	return rotate_ms != 0 && left < EVIDENCE_S ? left > 0 ? (uint64_t)left : 0 :
	    EVIDENCE_S;
}

/* The stronger one first. */
static void
put_keys(struct statement *s)
{
	for (unsigned k = PAIRS; k-- > 0;) {
		const struct pair *q = &keys->now.pair[k];

		if (q->kem == 0)
			continue;
		s->keys[s->nkeys].kem = (unsigned)q->kem;
		s->keys[s->nkeys].len = hpke_public_size(q->kem);
		memcpy(s->keys[s->nkeys++].key, q->pk, hpke_public_size(q->kem));
	}
}

/* Evidence: the keys are ours, whatever who asks says. */
static void
answer_evidence(struct peer *p)
{
	struct statement s = { .compose = quoter.compose, .gpu = quoter.gpu,
	    .not_after = clock_unix() + life_s() };
	char text[STATEMENT_MAX];
	struct keyd_ask ask;
	uint8_t hash[32];
	struct err e;
	size_t n;

	if (keyd_ask_read(&ask, p->body) < 0) {
		err_set(&e, EX_PROTOCOL, "no such request");
		refuse(p, &e);
		return;
	}
	s.nonce = ask.nonce;
	s.spki = ask.spki;
	s.exporter = ask.exporter;
	put_keys(&s);
	memcpy(s.fulfiller, keys->eth.address, sizeof s.fulfiller);
	n = statement_write(text, &s);
	if (quoter_ask(&quoter, text, n, p->fd, &e) < 0) {
		refuse(p, &e);
		return;
	}
	statement_sha256(hash, text, n);
	issued_add(hash, keys->now.number);
	if (verbose)
		log_event(LEVEL_INFO, "evidence", "nonce=%d", ask.nonce.there);
	drop(p);	/* the quoter has the connection, and answers */
}

/* The head is there: may it go on?  Refuses if not. */
static int
admit(struct peer *p)
{
	struct err e;
	uint32_t n = p->head[0] | (uint32_t)p->head[1] << 8 |
	    (uint32_t)p->head[2] << 16 | (uint32_t)p->head[3] << 24;
	int op = p->head[4];

	p->len = n ? n - 1 : 0;
	if (n == 0 || (op == KEYD_INFO && p->len != 0) ||
	    (op == KEYD_OPEN && (p->len < SEALED_INFO + KEYD_NAMES ||
	    p->len > KEYD_OPEN_MAX)) ||
	    (op == KEYD_SIGN && (p->len == 0 || p->len > KEYD_BODY_MAX)) ||
	    (op == KEYD_EVIDENCE && p->len != KEYD_ASK_LEN) ||
	    op < KEYD_INFO || op > KEYD_EVIDENCE) {
		err_set(&e, EX_PROTOCOL, "no such request");
		refuse(p, &e);
		return -1;
	}
	if (op == KEYD_SIGN)
		eth_hash191_init(&p->hash, p->len);
	return 0;
}

static void
complete(struct peer *p)
{
	switch (p->head[4]) {
	case KEYD_INFO:
		answer_info(p);
		break;
	case KEYD_OPEN:
		answer_open(p);
		break;
	case KEYD_EVIDENCE:
		answer_evidence(p);
		break;
	default:
		answer_sign(p);
	}
	if (p->fd < 0)
		return;
	/* And the next one, for as long as anybody cares. */
	p->got = 0;
	wipe(p->body, sizeof p->body);
}

/* n bytes of the body have come, at p->got. */
static int
take_body(struct peer *p, const uint8_t *in, size_t n)
{
	size_t at = p->got - HEAD, keep = sizeof p->body;
	struct err e;

	if (at < keep)
		memcpy(p->body + at, in, n < keep - at ? n : keep - at);
	p->got += n;
	if (p->head[4] != KEYD_SIGN)
		return 0;
	keccak_update(&p->hash, in, n);
	at += n;
	/* Checked once, when enough of it is there, before more is read. */
	if ((at >= LOOK || at == p->len) && at - n < LOOK &&
	    keyd_signable(p->body, at < LOOK ? at : LOOK, p->len, &e) < 0) {
		refuse(p, &e);
		return -1;
	}
	return 0;
}

static void
serve(struct peer *p)
{
	static uint8_t in[65536];
	size_t want = p->refused ? sizeof in : p->got < HEAD ? HEAD - p->got :
	    p->len - (p->got - HEAD);
	ssize_t n;

	n = recv(p->fd, in, want < sizeof in ? want : sizeof in, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		drop(p);
		return;
	}
	if (p->refused)
		return;
	if (p->got < HEAD) {
		if (p->got == 0)
			p->until = clock_ms() + KEYD_TIMEOUT * 1000;
		memcpy(p->head + p->got, in, (size_t)n);
		p->got += (size_t)n;
		if (p->got == HEAD && admit(p) < 0)
			p->refused = true;
	} else if (take_body(p, in, (size_t)n) < 0) {
		p->refused = true;
	}
	wipe(in, (size_t)n);
	if (p->refused)
		shutdown(p->fd, SHUT_WR);	/* its end comes when it has read */
	else if (p->got >= HEAD && p->got - HEAD == p->len)
		complete(p);
}

static void
welcome(int fd)
{
	int new = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (new < 0)
		return;
	for (int i = 0; i < PEERS; i++)
		if (peers[i].fd < 0) {
			memset(&peers[i], 0, sizeof peers[i]);
			peers[i].fd = new;
			peers[i].until = clock_ms() + KEYD_TIMEOUT * 1000;
			return;
		}
	close(new);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t mask;
	int fd;

	if (strlen(path) >= sizeof a.sun_path)
		args_usage(&args, "the path of -S is too long");
	strcpy(a.sun_path, path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);	/* left by a run that was killed */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	mask = umask(0177);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
	    listen(fd, PEERS) < 0)
		die(EX_CANTCREAT, "cannot listen at %s:", path);
	umask(mask);
	return fd;
}

/* Removes the socket, if it is still ours, when the process has ended, however it did: a
 * child of it waits for that, which has no key yet, and no more than this pipe. */
static void
watch_socket(const char *path)
{
	struct stat ours, st;
	int pipes[2];
	char none;

	if (lstat(path, &ours) < 0 || pipe(pipes) < 0)
		return;
	switch (fork()) {
	case 0:
		break;
	default:	/* or -1: nobody watches */
		/* The other end is open as long as this process is. */
		close(pipes[0]);
		(void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
		return;
	}
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	dup2(pipes[0], 0);
	if (close_range(1, ~0u, 0) < 0 || sandbox("stdio rpath cpath", NULL) < 0)
		_exit(EX_OSERR);
	while (read(0, &none, 1) < 0 && errno == EINTR)
		;
	if (lstat(path, &st) == 0 && st.st_dev == ours.st_dev &&
	    st.st_ino == ours.st_ino)
		unlink(path);
	_exit(0);
}

static void
make_epoch(struct epoch *ep, unsigned number, int64_t from)
{
	static const int kems[PAIRS] = { HPKE_X25519, HPKE_XWING };
	struct err e;

	ep->number = number;
	ep->from = from;
	for (unsigned k = 0; k < PAIRS; k++) {
		struct pair *q = &ep->pair[k];

		q->kem = kems[k];
		if (hpke_generate(q->kem, q->sk, q->pk, &e) < 0)
			die_err(&e);
		sealed_fingerprint(q->fingerprint, q->kem, q->pk);
	}
}

/* New keys when it is their time, and the last ones gone when it is theirs. */
static void
rotate(int64_t now)
{
	if (rotate_ms == 0)
		return;
	if (now >= keys->now.from + rotate_ms) {
		keys->last = keys->now;
		make_epoch(&keys->now, keys->last.number + 1, now);
		log_text(LEVEL_INFO, "new_keys", "new keys: the last ones open inputs "
		    "for a while", "kept_s=%lld", (long long)keep_ms / 1000);
	}
	if (keys->last.number != 0 && now >= keys->now.from + keep_ms)
		wipe(&keys->last, sizeof keys->last);
}

/* Peers that take too long go; no more than a second passes unseen. */
_Noreturn static void
run(int fd)
{
	for (;;) {
		struct pollfd p[PEERS + 1] = { { fd, POLLIN, 0 } };
		int64_t now;

		for (int i = 0; i < PEERS; i++)
			p[i + 1] = (struct pollfd){ peers[i].fd, POLLIN, 0 };
		if (poll(p, PEERS + 1, 1000) < 0 && errno != EINTR)
			die(EX_OSERR, "cannot wait:");
		now = clock_ms();
		rotate(now);
		for (int i = 0; i < PEERS; i++) {
			if (peers[i].fd >= 0 && p[i + 1].revents)
				serve(&peers[i]);
			if (peers[i].fd >= 0 && now > peers[i].until)
				drop(&peers[i]);
		}
		if (p[0].revents)
			welcome(fd);
	}
}

/* One key from a file, which stays. */
static void
load_key(struct epoch *ep)
{
	struct pair *q = ep->pair;
	struct err e;

	ep->number = 1;
	q->kem = HPKE_X25519;
	if (keyfile_secret(q->sk, enclave_file, &e) < 0 ||
	    hpke_public(q->kem, q->pk, q->sk, &e) < 0)
		die_err(&e);
	sealed_fingerprint(q->fingerprint, q->kem, q->pk);
}

static void
read_times(void)
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
	rotate_ms = (int64_t)every * 1000;
	keep_ms = (int64_t)keep * 1000;
}

/* All keys, into memory that is locked or, if that is allowed, is not. */
static void
make_keys(void)
{
	static struct secmem m;
	struct err e;

	secmem_daemon(&m, sizeof *keys, unlocked, "keys");
	keys = (struct keys *)(void *)m.p;
	/* What OpenSSL keeps of a private key while it works. */
	if (CRYPTO_secure_malloc_init(32768, 16) != 1 && !unlocked)
		die(EX_OSERR, "cannot lock OpenSSL's memory; see "
		    "--allow-unlocked");
	if (enclave_file)
		load_key(&keys->now);
	else
		make_epoch(&keys->now, 1, clock_ms());
	if (eth_file ? eth_key_load(&keys->eth, eth_file, &e) < 0 :
	    eth_key_generate(&keys->eth, &e) < 0)
		die_err(&e);
}

int
main(int argc, char **argv)
{
	const struct pair *x, *w;
	char pk[65], fingerprint[65], xwing[65] = "", fulfiller[41];
	struct err e;
	int fd;

	ready_start();
	args_parse(&args, argc, argv);
	if (!socket_path)
		args_usage(&args, "-S is needed");
	read_times();
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
	fd = listen_at(socket_path);
	watch_socket(socket_path);
	make_keys();
	for (int i = 0; i < PEERS; i++)
		peers[i].fd = -1;
	if (sandbox("stdio unix", &e) < 0)
		die_err(&e);
	x = &keys->now.pair[X25519];
	w = &keys->now.pair[XWING];
	hex_encode(pk, x->pk, 32);
	hex_encode(fingerprint, x->fingerprint, 32);
	if (w->kem != 0)
		hex_encode(xwing, w->fingerprint, 32);
	hex_encode(fulfiller, keys->eth.address, 20);
	log_event(LEVEL_INFO, "ready", "fingerprint=0x%s xwing=%s%s fulfiller=0x%s",
	    fingerprint, *xwing ? "0x" : "none", xwing, fulfiller);
	if (quoter.fd < 0)
		log_say(LEVEL_INFO, "no_evidence", "no evidence: neither dstack's agent "
		    "nor configfs-tsm is here, so clients can only pin the "
		    "fingerprint");
	else
		log_event(LEVEL_INFO, "evidence", "from=%s", quoter.source);
	ready_tell("{\"public_key\":\"0x%s\",\"fingerprint\":\"0x%s\","
	    "\"fulfiller\":\"0x%s\"%s%s%s}\n", pk, fingerprint, fulfiller,
	    *xwing ? ",\"xwing_fingerprint\":\"0x" : "", xwing, *xwing ? "\"" : "");
	run(fd);
}
