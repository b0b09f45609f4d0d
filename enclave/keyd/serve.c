#include "keyd/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secmem.h"
#include "crypto/keyd.h"

#define HEAD 5			/* of a message: length, operation */
#define LOOK 64			/* of a body, for keyd_signable() */
#define EVIDENCE_S 3600		/* a statement's life */

static const struct service *service;	/* of serve_run() */

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
static struct peer peers[SERVE_PEERS];

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
	if (service->verbose)
		log_say(LEVEL_WARN, "refused", e->msg);
	answer(p, e->status, e->msg, strlen(e->msg));
}

static void
answer_info(struct peer *p)
{
	const struct keys *keys = service->keys;
	const struct epoch *const of[] = { &keys->now, &keys->last };
	const struct key_pair *x = keys->now.pair, *w = &keys->now.pair[KEYS_XWING];
	uint8_t out[KEYD_INFO_LEN] = { 0 }, *at = out, *n;

	memcpy(at, x->pk, X25519_KEY);
	memcpy(at += X25519_KEY, keys->eth.address, 20);
	*(at += 20) = w->kem != 0;
	memcpy(at + 1, w->pk, XWING_PUBLIC);
	n = at += 1 + XWING_PUBLIC;
	for (unsigned i = 0; i < 2; i++)
		for (unsigned k = 0; k < KEYS_PAIRS; k++)
			if (of[i]->pair[k].kem != 0)
				memcpy(at + 1 + 32 * (*n)++, of[i]->pair[k].fingerprint, 32);
	answer(p, 0, out, sizeof out);
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
	const struct key_pair *q;
	struct sealed_header h;
	struct hpke c;
	struct err e;
	uint8_t out[45];

	/* The header is judged as if the rest were there: whoever asks has it. */
	if (sealed_parse_header(&h, p->body, &e) < 0 ||
	    check_length(p, &h, &e) < 0 || !(q = keys_find(service->keys, &h, &e)) ||
	    sealed_check(&h, NULL, p->body + h.size, p->body + h.size + 32,
	    &e) < 0 || sealed_context(&c, p->body, q->sk, &e) < 0) {
		refuse(p, &e);
		return;
	}
	out[0] = (uint8_t)c.aead;
	memcpy(out + 1, c.key, 32);
	memcpy(out + 33, c.nonce, 12);
	hpke_wipe(&c);
	if (service->verbose)
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
	if (eth_sign_hash(sig, &service->keys->eth, hash, &e) < 0) {
		refuse(p, &e);
		return;
	}
	if (service->verbose)
		log_event(LEVEL_INFO, "signed", "bytes=%llu",
		    (unsigned long long)p->len);
	answer(p, 0, sig, sizeof sig);
}

/* Evidence: the keys are ours, whatever who asks says. */
static void
answer_evidence(struct peer *p)
{
	const struct quoter *quoter = service->quoter;
	struct statement s = { .compose = quoter->compose, .gpu = quoter->gpu,
	    .not_after = clock_unix() +
	    keys_life_s(service->keys, clock_ms(), EVIDENCE_S) };
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
	keys_state(&s, service->keys);
	n = statement_write(text, &s);
	if (quoter_ask(quoter, text, n, p->fd, &e) < 0) {
		refuse(p, &e);
		return;
	}
	statement_sha256(hash, text, n);
	issued_add(hash, service->keys->now.number);
	if (service->verbose)
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

/* Something has come, or the end. */
static void
hear(struct peer *p)
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
	for (int i = 0; i < SERVE_PEERS; i++)
		if (peers[i].fd < 0) {
			memset(&peers[i], 0, sizeof peers[i]);
			peers[i].fd = new;
			peers[i].until = clock_ms() + KEYD_TIMEOUT * 1000;
			return;
		}
	close(new);
}

static int
rotate(int64_t now, struct err *e)
{
	struct keys *k = service->keys;
	int made = keys_rotate(k, now, e);

	if (made > 0)
		log_text(LEVEL_INFO, "new_keys", "new keys: the last ones open inputs "
		    "for a while", "kept_s=%lld", (long long)k->keep_ms / 1000);
	return made;
}

/* Who has something to say is heard; who takes too long goes. */
static void
hear_all(const struct pollfd p[static SERVE_PEERS], int64_t now)
{
	for (int i = 0; i < SERVE_PEERS; i++) {
		if (peers[i].fd >= 0 && p[i].revents)
			hear(&peers[i]);
		if (peers[i].fd >= 0 && now > peers[i].until)
			drop(&peers[i]);
	}
}

int
serve_run(int fd, const struct service *s, struct err *e)
{
	service = s;
	for (int i = 0; i < SERVE_PEERS; i++)
		peers[i].fd = -1;
	for (;;) {
		struct pollfd p[SERVE_PEERS + 1] = { { fd, POLLIN, 0 } };
		int64_t now;

		for (int i = 0; i < SERVE_PEERS; i++)
			p[i + 1] = (struct pollfd){ peers[i].fd, POLLIN, 0 };
		/* No more than a second passes unseen. */
		if (poll(p, SERVE_PEERS + 1, 1000) < 0 && errno != EINTR)
			return err_set(e, EX_OSERR, "cannot wait:");
		now = clock_ms();
		if (rotate(now, e) < 0)
			return -1;
		hear_all(p + 1, now);
		if (p[0].revents)
			welcome(fd);
	}
}
