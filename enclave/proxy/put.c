/*
 * The bytes of inputs, as they come in.
 *
 * PUT {url}/artifacts/stdin/ID?token=TOKEN.  The token is used up by a body that
 * came whole; the same body again is answered like the first, since an answer may
 * have been lost.  Nobody can fetch an input here.
 */
#include "proxy/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "crypto/sealed.h"

/* A body that is coming in. */
struct coming {
	struct coming *next;
	struct proxy *p;
	struct request *r;
	char id[ID_ARTIFACT];
	uint8_t owner[20];
	struct address from;
	struct secmem m;	/* of one in the clear */
	struct body *body;	/* of a sealed one */
	uint64_t got;		/* bytes that have come */
	size_t same;		/* the first of these in the clear that are as the first time; */
	bool differs;		/* the next is not */
	size_t charged;		/* of p->plain_bytes, or of p->sealed_bytes */
	uint64_t length;	/* as it was said, or as a sealed one's header says;
				 * UINT64_MAX: neither */
	/* The first bytes, until they tell whether it is sealed. */
	uint8_t head[SEALED_INFO];
	size_t head_len;
	bool known, sealed;
};

/* The account of its kind. */
static size_t *
charge_of(const struct coming *c)
{
	return c->sealed ? &c->p->sealed_bytes : &c->p->plain_bytes;
}

static void
coming_free(struct request *r)
{
	struct coming *c = r->user, **at;

	if (!c)
		return;
	for (at = &c->p->coming; *at != c;)
		at = &(*at)->next;
	*at = c->next;
	*charge_of(c) -= c->charged;
	leave(c->p, &c->m);
	if (c->body)
		body_drop(c->body);
	free(c);
	r->user = NULL;
}

/* Bytes of inputs in the clear, here or coming in, from its address, or of its owner,
 * whichever has more. */
static size_t
held(const struct coming *by)
{
	size_t there = 0, theirs = 0;

	for (const struct coming *c = by->p->coming; c; c = c->next) {
		if (!c->sealed && memcmp(&c->from, &by->from, sizeof c->from) == 0)
			there += c->charged;
		if (!c->sealed && memcmp(c->owner, by->owner, 20) == 0)
			theirs += c->charged;
	}
	for (const struct plain *in = by->p->plains; in; in = in->next) {
		if (memcmp(&in->from, &by->from, sizeof in->from) == 0)
			there += in->m.cap;
		if (memcmp(in->owner, by->owner, 20) == 0)
			theirs += in->m.cap;
	}
	return there > theirs ? there : theirs;
}

/* Bytes of sealed inputs, kept or coming in, of one owner. */
static size_t
owned(struct proxy *p, const uint8_t owner[static 20])
{
	uint64_t n = 0;
	struct err e;

	if (db_sealed_bytes(p->store, owner, &n, &e) < 0)
		return SIZE_MAX / 2;
	for (const struct coming *c = p->coming; c; c = c->next)
		if (c->sealed && memcmp(c->owner, owner, 20) == 0)
			n += c->charged;
	return (size_t)n;
}

/* Has nobody more than his share, were it n bytes more?  One address, or one owner at
 * several, may have half of all inputs in the clear; one owner a quarter of the sealed
 * ones (which cost the machine's disk, and of which each has its owner's name in it). */
static bool
fair(struct coming *c, size_t n)
{
	struct proxy *p = c->p;
	size_t all = c->sealed ? p->l.max_sealed : p->l.max_plain,
	    share = all / (c->sealed ? 4 : 2);

	if (share < p->l.max_input)
		share = all;
	return (c->sealed ? owned(p, c->owner) : held(c)) + n <= share;
}

/* Makes room for n bytes more of all, at the cost of what came, and nobody asked a proof
 * for. */
static bool
fits(struct coming *c, size_t n)
{
	struct proxy *p = c->p;
	size_t all = c->sealed ? p->l.max_sealed : p->l.max_plain;
	int state = c->sealed ? UPLOAD_SEALED : UPLOAD_PLAIN;
	char id[ID_ARTIFACT];
	struct err e;

	while (*charge_of(c) + n > all) {
		size_t before = *charge_of(c);

		if (db_upload_unused(p->store, state, clock_unix() -
		    PROXY_SPARED_S, id, &e) != 1 || request_inflight(p, id))
			return false;
		log_text(LEVEL_INFO, "dropped", "dropped for room: nobody has "
		    "asked a proof for it", "id=%s", id);
		upload_drop(p, id);
		if (*charge_of(c) >= before)
			return false;	/* a worker still reads it */
	}
	return true;
}

/* Room for n bytes; 0, or the status to refuse with. */
static int
room(struct coming *c, size_t n)
{
	struct err e;
	size_t before = c->charged;

	if (n <= before)
		return 0;
	if (!fair(c, n - before) || !fits(c, n - before))
		return 504;	/* jobs end, and give room: try again */
	if (!c->sealed && secmem_need(&c->m, n, &e) < 0) {
		log_say(LEVEL_ERROR, "broken", e.msg);
		return 504;
	}
	c->charged = c->sealed ? n : c->m.cap;
	*charge_of(c) += c->charged - before;
	return 0;
}

/* A sealed input must be one, and to this enclave's key: 0, 400, 413, 421.  Its header
 * says how long it is. */
static int
check_head(struct coming *c)
{
	struct sealed_header h;
	uint64_t n;
	struct err e;

	if (c->head_len < SEALED_INFO ||
	    sealed_parse_header(&h, c->head, &e) < 0)
		return 400;
	n = sealed_size(h.kem, h.padded - 8);
	if (c->length != UINT64_MAX && n != c->length)
		return 400;
	if (n > c->p->l.max_input)
		return 413;
	c->length = n;
	return keyd_has(&c->p->keys, &h) ? 0 : 421;
}

/* The disk has caught up. */
static void
on_room(void *arg)
{
	request_resume(((struct coming *)arg)->r);
}

/* Looks at bytes that are to follow what has come in the clear, while they are few: are they as
 * the first time? */
static void
compare(struct coming *c, const void *bytes, size_t n)
{
	const struct plain *in = upload_plain(c->p, c->id);

	if (!in || c->differs || c->same != c->m.n)
		return;
	if (n <= in->m.n - c->m.n && memcmp(in->m.p + c->m.n, bytes, n) == 0)
		c->same += n;
	else
		c->differs = true;
}

static int
store_piece(struct coming *c, const void *bytes, size_t n)
{
	int status;

	if (c->sealed && n > c->length - c->got)
		return 400;
	c->got += n;
	if (c->sealed) {
		status = body_put(c->body, bytes, n);
		if (status > 0)
			request_pause(c->r);
		return status < 0 ? 504 : 0;
	}
	if (c->got > PROXY_PLAIN)
		return 413;
	status = room(c, c->m.n + n);
	if (status)
		return status;
	compare(c, bytes, n);
	memcpy(c->m.p + c->m.n, bytes, n);
	c->m.n += n;
	return 0;
}

/* The first bytes are there: what is it, and has it room? */
static int
recognize(struct coming *c)
{
	int status;

	c->known = true;
	c->sealed = sealed_is(c->head, c->head_len);
	status = c->sealed ? check_head(c) : c->length != UINT64_MAX &&
	    c->length > PROXY_PLAIN ? 413 : 0;
	/* All of it at once, so that it does not grow by moving. */
	if (status == 0 && c->length != UINT64_MAX)
		status = room(c, (size_t)c->length + !c->sealed);
	if (status == 0 && c->sealed && !(c->body = body_new(c->p->files, c->id,
	    &c->from, on_room, c)))
		status = 504;
	if (status == 0)
		status = store_piece(c, c->head, c->head_len);
	wipe(c->head, sizeof c->head);
	return status;
}

/* Tells of a refusal by its status. */
static int
told(struct proxy *p, const struct request *r, int status)
{
	enum refusal why = status == 401 ? REFUSED_token : status == 403 ?
	    REFUSED_late : status == 400 ? REFUSED_malformed : status == 409 ?
	    REFUSED_other_bytes : status == 411 ? REFUSED_no_body :
	    status == 413 ? REFUSED_too_long : status == 421 ?
	    REFUSED_other_key : status == 504 ? REFUSED_no_room :
	    REFUSED_unserved;

	if (status && status != 200)
		refused(p, r, why);
	return status;
}

static int
on_piece(struct request *r, const void *bytes, size_t n, void *arg)
{
	struct coming *c = r->user;
	size_t k = sizeof c->head - c->head_len;
	int status;

	if (c->known)
		return told(c->p, r, store_piece(c, bytes, n));
	if (k > n)
		k = n;
	memcpy(c->head + c->head_len, bytes, k);
	c->head_len += k;
	if (c->head_len < sizeof c->head)
		return 0;
	status = recognize(c);
	return told(c->p, r, status ? status :
	    store_piece(c, (const uint8_t *)bytes + k, n - k));
}

/* What follows the id in a path. */
static bool
is_cancel(const char *rest)
{
	return rest && strncmp(rest, "/cancel?", 8) == 0;
}

void
upload_head(struct proxy *p, struct request *r)
{
	char id[ID_ARTIFACT];
	const char *rest = upload_path(r->path, id);
	struct coming *c;
	uint8_t owner[20];
	int state, status;
	bool late;

	if (is_cancel(rest))
		return;		/* upload_body() */
	if (!rest || *rest != '?') {
		ignore(told(p, r, 404));
		answer_text(r, 404, "no such thing\n");
		return;
	}
	status = upload_authorize(p, r->path, id, &state, &late, owner);
	if (status == 200 && state == UPLOAD_OPEN && late)
		status = 403;
	if (status == 200 && state == UPLOAD_GONE)
		status = 409;
	if (status == 200 && r->content_length != UINT64_MAX &&
	    r->content_length > p->l.max_input)
		status = 413;
	if (status != 200) {
		answer(r, told(p, r, status), NULL, NULL, 0);
		return;
	}
	c = calloc(1, sizeof *c);
	if (!c) {
		answer(r, 504, NULL, NULL, 0);
		return;
	}
	c->p = p;
	c->r = r;
	memcpy(c->id, id, sizeof id);
	c->from = *request_address(r);
	memcpy(c->owner, owner, 20);
	c->length = r->content_length;
	c->next = p->coming;
	p->coming = c;
	r->user = c;
	request_sink(r, p->l.max_input, on_piece, p);
}

void
upload_aborted(struct proxy *p, struct request *r)
{
	coming_free(r);
}

/* Keeps a body in the clear, in memory; the HTTP status. */
static int
keep_plain(struct proxy *p, struct coming *c)
{
	struct plain *in = calloc(1, sizeof *in);
	struct err e;

	if (!in || db_upload_came(p->store, c->id, c->m.n, UPLOAD_PLAIN,
	    clock_unix(), &e) != 1) {
		free(in);
		return 504;
	}
	memcpy(in->id, c->id, sizeof in->id);
	memcpy(in->owner, c->owner, 20);
	in->from = c->from;
	in->m = c->m;
	in->next = p->plains;
	p->plains = in;
	memset(&c->m, 0, sizeof c->m);
	c->charged = 0;		/* it is the input's now */
	return 200;
}

/* The same bytes as the first time? */
static int
again_plain(struct proxy *p, const struct coming *c)
{
	struct plain *in = upload_plain(p, c->id);

	/* Where both came at the same time, some has not been looked at. */
	return in && !c->differs && in->m.n == c->m.n &&
	    memcmp(in->m.p + c->same, c->m.p + c->same, c->m.n - c->same) == 0 ?
	    200 : 409;
}

/* The end of r, which has user data. */
static void
conclude(struct request *r, int status)
{
	struct coming *c = r->user;

	if (status == 200) {
		log_event(LEVEL_INFO, "uploaded", "id=%s", c->id);
		c->p->m.uploads[c->sealed]++;
		c->p->m.upload_bytes[c->sealed] += c->got;
	}
	ignore(told(c->p, r, status));
	if (status == 200)
		durable_answer(c->p, r);
	coming_free(r);
	answer(r, status, NULL, NULL, 0);
}

/* Another body for the same token may have come to its end meanwhile: the state counts
 * that the database has now. */
static int
keep_sealed(struct proxy *p, const struct coming *c, int how, int state)
{
	struct err e;

	if (state == UPLOAD_SEALED)
		return how == BODY_SAME ? 200 : 409;
	if (state != UPLOAD_OPEN || how == BODY_OTHER ||
	    db_upload_came(p->store, c->id, c->got, UPLOAD_SEALED, clock_unix(),
	    &e) != 1) {
		/* Whoever comes next may keep it. */
		files_remove(p->files, c->id);
		return state == UPLOAD_OPEN ? 504 : 409;
	}
	p->sealed_bytes += c->got;
	return 200;
}

/* A sealed body is on the disk, or not. */
static void
on_kept(int how, const struct err *e, void *arg)
{
	struct request *r = arg;
	struct coming *c = r->user;
	struct proxy *p = c->p;
	int status = 504, state = UPLOAD_GONE;
	bool late;

	if (how == BODY_FAILED)
		log_say(LEVEL_ERROR, "broken", e->msg);
	else
		status = upload_authorize(p, r->path, c->id, &state, &late, c->owner);
	if (status == 200)
		status = keep_sealed(p, c, how, state);
	conclude(r, status);
}

void
upload_body(struct proxy *p, struct request *r)
{
	struct coming *c = r->user;
	int status = 0, state = UPLOAD_GONE;
	char id[ID_ARTIFACT];
	bool late;

	if (is_cancel(upload_path(r->path, id))) {
		upload_cancel(p, r, id);
		return;
	}
	if (!c) {
		ignore(told(p, r, 411));
		answer_text(r, 411, "an input has a body\n");
		return;
	}
	if (!c->known)	/* shorter than a sealed one's header */
		status = recognize(c);
	if (status == 0 && (c->got == 0 || (c->sealed && c->got != c->length)))
		status = 400;
	/* Another body for the same token may have come to its end meanwhile. */
	if (status == 0)
		status = upload_authorize(p, r->path, c->id, &state, &late, c->owner);
	if (status == 200 && (state == UPLOAD_GONE ||
	    state == (c->sealed ? UPLOAD_PLAIN : UPLOAD_SEALED)))
		status = 409;
	if (status == 200 && c->sealed) {
		struct body *body = c->body;

		c->body = NULL;
		body_end(body, on_kept, r);
		return;
	}
	if (status == 200)
		status = state == UPLOAD_OPEN ? keep_plain(p, c) :
		    again_plain(p, c);
	conclude(r, status);
}
