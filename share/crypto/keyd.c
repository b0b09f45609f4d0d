#include "crypto/keyd.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dial.h"

static int
recv_all(int fd, uint8_t *p, size_t n, int64_t until)
{
	while (n) {
		ssize_t k = recv(fd, p, n, 0);

		if (k < 0 && errno == EAGAIN && dial_ready(fd, POLLIN, until))
			continue;
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return -1;
		p += k;
		n -= k;
	}
	return 0;
}

/* Sends a request.  The descriptor, when the head of its answer has come: the bytes that
 * follow, and the status. */
static int
ask(const char *path, int op, const uint8_t *body, size_t len, int64_t until,
    size_t *follow, int *status, struct err *e)
{
	uint8_t head[5];
	size_t n = len + 1;
	int fd = dial_unix(path, "tee-keyd", e);

	if (fd < 0)
		return -1;
	for (int i = 0; i < 4; i++)
		head[i] = n >> (8 * i);
	head[4] = op;
	/* A refusal may come before all has been sent: read it in any case. */
	if (dial_send(fd, head, 5, until))
		ignore(dial_send(fd, body, len, until));
	if (recv_all(fd, head, 5, until) < 0) {
		close(fd);
		return err_set(e, EX_TEMPFAIL, "tee-keyd at %s does not answer",
		    path);
	}
	n = head[0] | head[1] << 8 | head[2] << 16 | (size_t)head[3] << 24;
	*status = head[4];
	if (n < 1) {
		close(fd);
		return err_set(e, EX_PROTOCOL, "tee-keyd at %s talks nonsense", path);
	}
	*follow = n - 1;
	return fd;
}

static int
call(const char *path, int op, const uint8_t *body, size_t len,
    uint8_t *answer, size_t want, struct err *e)
{
	uint8_t text[KEYD_ANSWER_MAX];
	int64_t until = clock_ms() + KEYD_TIMEOUT * 1000;
	int fd, status, r = -1;
	size_t n;

	if (len > KEYD_BODY_MAX)
		return err_set(e, EX_DATAERR, "body of %zu bytes to sign", len);
	fd = ask(path, op, body, len, until, &n, &status, e);
	if (fd < 0)
		return -1;
	if (n >= KEYD_ANSWER_MAX || (status == 0 && n != want) ||
	    recv_all(fd, status ? text : answer, n, until) < 0)
		err_set(e, EX_PROTOCOL, "tee-keyd at %s talks nonsense", path);
	else if (status)
		err_set(e, status, "%.*s", (int)n, (const char *)text);
	else
		r = 0;
	close(fd);
	return r;
}

int
keyd_info(struct keyd_info *out, const char *path, struct err *e)
{
	uint8_t answer[KEYD_INFO_LEN], *p = answer;

	if (call(path, KEYD_INFO, NULL, 0, answer, sizeof answer, e) < 0)
		return -1;
	memset(out, 0, sizeof *out);
	memcpy(out->public_key, p, sizeof out->public_key);
	memcpy(out->fulfiller, p += sizeof out->public_key, 20);
	p += 20;
	out->has_xwing = *p++ == 1;
	memcpy(out->xwing, p, sizeof out->xwing);
	p += sizeof out->xwing;
	out->nprints = *p < KEYD_PRINTS ? *p : KEYD_PRINTS;
	memcpy(out->print, p + 1, sizeof out->print);
	return 0;
}

bool
keyd_has(const struct keyd_info *k, const struct sealed_header *h)
{
	bool has = h->by_statement;

	for (unsigned i = 0; i < k->nprints; i++)
		has |= memcmp(k->print[i], h->fingerprint, 32) == 0;
	return has;
}

int
keyd_open(struct hpke *out, const char *path, const uint8_t *header,
    const uint8_t vk_hash[static 32], const uint8_t requester[static 20],
    struct err *e)
{
	uint8_t body[KEYD_OPEN_MAX], answer[45];
	struct sealed_header h;
	int r;

	if (sealed_parse_header(&h, header, e) < 0)
		return -1;
	memcpy(body, header, h.size);
	memcpy(body + h.size, vk_hash, 32);
	memcpy(body + h.size + 32, requester, 20);
	r = call(path, KEYD_OPEN, body, h.size + KEYD_NAMES, answer, sizeof answer, e);
	if (r == 0) {
		memset(out, 0, sizeof *out);
		out->aead = answer[0];
		memcpy(out->key, answer + 1, 32);
		memcpy(out->nonce, answer + 33, 12);
	}
	OPENSSL_cleanse(answer, sizeof answer);
	return r;
}

int
keyd_sign(uint8_t sig[static 65], const char *path, const uint8_t *body,
    size_t len, struct err *e)
{
	return call(path, KEYD_SIGN, body, len, sig, 65, e);
}

void
keyd_ask_write(uint8_t out[static KEYD_ASK_LEN], const struct keyd_ask *ask)
{
	const struct statement_hash *const of[] = { &ask->nonce, &ask->spki,
	    &ask->exporter };

	memset(out, 0, KEYD_ASK_LEN);
	for (size_t i = 0; i < 3; i++)
		if (of[i]->there) {
			out[0] |= (uint8_t)(1 << i);
			memcpy(out + 1 + 32 * i, of[i]->v, 32);
		}
}

int
keyd_ask_read(struct keyd_ask *ask, const uint8_t in[static KEYD_ASK_LEN])
{
	struct statement_hash *const of[] = { &ask->nonce, &ask->spki,
	    &ask->exporter };

	if (in[0] > 7)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		of[i]->there = in[0] >> i & 1;
		memcpy(of[i]->v, in + 1 + 32 * i, 32);
	}
	return 0;
}

int
keyd_evidence(uint8_t **out, size_t *n, const char *path,
    const struct keyd_ask *q, struct err *e)
{
	int64_t until = clock_ms() + KEYD_TIMEOUT * 1000;
	uint8_t body[KEYD_ASK_LEN];
	int fd, status, r = -1;

	*out = NULL;
	keyd_ask_write(body, q);
	fd = ask(path, KEYD_EVIDENCE, body, sizeof body, until, n, &status, e);
	if (fd < 0)
		return -1;
	if (*n > KEYD_EVIDENCE_MAX)
		err_set(e, EX_PROTOCOL, "tee-keyd at %s talks nonsense", path);
	else if (!(*out = malloc(*n + 1)))
		err_set(e, EX_OSERR, "out of memory");
	else if (recv_all(fd, *out, *n, until) < 0)
		err_set(e, EX_TEMPFAIL, "tee-keyd at %s does not answer", path);
	else if (status)
		err_set(e, status, "%.*s", (int)*n, (const char *)*out);
	else
		r = 0;
	close(fd);
	if (r < 0) {
		free(*out);
		*out = NULL;
	} else {
		(*out)[*n] = '\0';
	}
	return r;
}

/* The canonical varint at *p; 0 when there is none. */
static int
varint(const uint8_t **p, const uint8_t *end, uint64_t *x)
{
	int shift;

	*x = 0;
	for (shift = 0; *p < end && shift < 64; shift += 7) {
		uint8_t b = *(*p)++;

		*x |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return shift == 0 || (b != 0 && (shift < 63 || b == 1));
	}
	return 0;
}

/* What follows a FailFulfillment's cause, to the body's end: nothing, or field 4, an
 * error_trace.  Where that is, ExecuteProof has a hash of 32 bytes. */
static int
trace_fits(const uint8_t *p, const uint8_t *end, uint64_t left)
{
	static const char begin[] = "{\"version\":1,";
	const uint8_t *start = p;
	uint64_t x;

	if (left == 0)
		return 1;
	if (p == end || *p++ != 0x22 || !varint(&p, end, &x))
		return 0;
	return x == left - (uint64_t)(p - start) && x >= 64 &&
	    x <= KEYD_TRACE_MAX && end - p >= (long)sizeof begin - 1 &&
	    memcmp(p, begin, sizeof begin - 1) == 0;
}

int
keyd_signable(const uint8_t *head, size_t head_len, uint64_t len,
    struct err *e)
{
	const uint8_t *p = head, *end = head + head_len;
	uint64_t x;

	/* Field 1, the nonce; left out when it is 0. */
	if (p < end && *p == 0x08) {
		p++;
		if (!varint(&p, end, &x) || x == 0)
			goto no;
	}
	/* Field 2, 32 bytes. */
	if (end - p < 34 || p[0] != 0x12 || p[1] != 32)
		goto no;
	p += 34;
	/* A FailFulfillment without a cause would also be a FulfillProof without a
	 * proof. */
	if (p == end)
		goto no;
	if (*p == 0x18) {	/* field 3, a cause of 0 to 127 */
		if (end - p >= 2 && p[1] < 0x80 && trace_fits(p + 2, end,
		    len - (uint64_t)(p + 2 - head)))
			return 0;
		goto no;
	}
	/* Field 3, the proof, to the end: a tag of 0 to 3, and no proof is short. */
	if (*p++ != 0x1a || !varint(&p, end, &x) ||
	    x != len - (uint64_t)(p - head) || x < 1000 || end - p < 4 ||
	    p[0] > 3 || p[1] || p[2] || p[3])
		goto no;
	return 0;
no:
	return err_set(e, EX_NOPERM,
	    "neither a FulfillProof nor a FailFulfillment: not signed");
}
