#include "attest/resolve.h"

#include <poll.h>
#include <stdio.h>
#include <unbound.h>

#include "base/clock.h"

#define CLASS_IN 1
#define NXDOMAIN 3
#define QUESTIONS 256		/* a name has at most 127 labels */

/* The keys that sign the root's, as IANA publishes them (root-anchors.xml). */
static const char *const root_keys[] = {
	". IN DS 20326 8 2 "
	    "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
	". IN DS 38696 8 2 "
	    "683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

struct question {
	struct asking *of;
	char name[DNS_NAME];
	enum dns_type type;
};

struct asking {
	struct dns *d;
	struct question q[QUESTIONS];
	size_t n, left;
	struct err e;		/* the first error; status 0: none */
};

static void
worse(struct dns *d, enum dns_security s, const char *name)
{
	if (s <= d->security)
		return;
	d->security = s;
	snprintf(d->weakest, sizeof d->weakest, "%s", name);
}

static int
add_records(struct dns *d, const char *at, enum dns_type type,
    const struct ub_result *r, struct err *e)
{
	for (unsigned i = 0; r->data != NULL && r->data[i] != NULL; i++) {
		struct bytes rdata = { (const uint8_t *)r->data[i],
		    (size_t)r->len[i] };

		if (type == DNS_CAA ? dns_add_caa(d, at, rdata, e) :
		    dns_add_txt(d, at, rdata, e))
			return -1;
	}
	return 0;
}

static int
take_answer(struct dns *d, const struct question *q, const struct ub_result *r,
    struct err *e)
{
	char at[DNS_NAME];

	worse(d, r->bogus ? DNS_BOGUS : r->secure ? DNS_SIGNED : DNS_UNSIGNED,
	    q->name);
	if (r->bogus)
		return 0;
	if (r->rcode != 0 && r->rcode != NXDOMAIN)
		return err_set(e, EX_TEMPFAIL, "no answer about %.100s (RCODE %d)",
		    q->name, r->rcode);
	strcpy(at, q->name);
	if (r->canonname != NULL && dns_name(at, r->canonname,
	    strlen(r->canonname), e))
		return -1;
	if (strcmp(at, q->name) != 0 &&
	    dns_next(d, q->name, DNS_CNAME, NULL) == NULL &&
	    dns_add(d, q->name, DNS_CNAME, 0, NULL, at, strlen(at), e))
		return -1;
	return dns_next(d, at, q->type, NULL) != NULL ? 0 :
	    add_records(d, at, q->type, r, e);
}

static void
on_answer(void *arg, int failure, struct ub_result *r)
{
	struct question *q = arg;
	struct asking *a = q->of;
	struct err e;

	a->left--;
	e.status = 0;
	if (failure)
		err_set(&e, EX_TEMPFAIL, "no answer about %.100s: %s", q->name,
		    ub_strerror(failure));
	else
		ignore(take_answer(a->d, q, r, &e));
	if (a->e.status == 0)
		a->e = e;
	ub_resolve_free(r);
}

static int
add_anchors(struct ub_ctx *c, struct bytes text)
{
	char line[4096];
	size_t n;
	int r = 0;

	while (text.n > 0 && r == 0) {
		const uint8_t *end = memchr(text.p, '\n', text.n);

		n = end != NULL ? (size_t)(end - text.p) : text.n;
		if (n >= sizeof line)
			return UB_SYNTAX;
		memcpy(line, text.p, n);
		line[n] = '\0';
		bytes_take(&text, n + (end != NULL));
		if (n > 0 && line[0] != ';')
			r = ub_ctx_add_ta(c, line);
	}
	return r;
}

static int
set_up(struct ub_ctx *c, const struct resolve *how, struct err *e)
{
	int r = 0;

	ub_ctx_async(c, 1);	/* threads, which share this sandbox's fate */
	ub_ctx_set_option(c, "do-not-query-localhost:", "no");
	ub_ctx_debugout(c, NULL);
	if (how->anchors.p != NULL)
		r = add_anchors(c, how->anchors);
	else
		for (unsigned i = 0; i < 2 && r == 0; i++)
			r = ub_ctx_add_ta(c, root_keys[i]);
	if (r == 0)
		r = how->server != NULL ? ub_ctx_set_fwd(c, how->server) :
		    ub_ctx_resolvconf(c, NULL);
	return r == 0 ? 0 : err_set(e, EX_CONFIG, "cannot ask the DNS: %s",
	    ub_strerror(r));
}

static int
ask(struct ub_ctx *c, struct asking *a, const char *prefix, const char *name,
    enum dns_type type, struct err *e)
{
	struct question *q = &a->q[a->n];
	int r;

	must(a->n < QUESTIONS);
	/* Too long for the DNS: nobody has it. */
	if (snprintf(q->name, sizeof q->name, "%s%s", prefix, name) >=
	    (int)sizeof q->name)
		return 0;
	q->of = a;
	q->type = type;
	a->n++;
	r = ub_resolve_async(c, q->name, (int)type, CLASS_IN, q, on_answer, NULL);
	if (r != 0)
		return err_set(e, r == UB_INITFAIL ? EX_CONFIG : EX_OSERR,
		    "cannot ask the DNS: %s", ub_strerror(r));
	a->left++;
	return 0;
}

static int
await(struct ub_ctx *c, struct asking *a, int timeout_s, struct err *e)
{
	int64_t until = clock_ms() + (int64_t)timeout_s * 1000, left;
	struct pollfd p = { .fd = ub_fd(c), .events = POLLIN };

	while (a->left > 0 && a->e.status == 0) {
		left = until - clock_ms();
		if (left <= 0)
			return err_set(e, EX_TEMPFAIL, "no answer from the DNS in %d "
			    "seconds", timeout_s);
		if (poll(&p, 1, (int)left) > 0 && ub_process(c) != 0)
			return err_set(e, EX_TEMPFAIL, "the resolver failed");
	}
	if (a->e.status == 0)
		return 0;
	*e = a->e;
	return -1;
}

static int
ask_all(struct ub_ctx *c, struct asking *a, const char *domain, struct err *e)
{
	for (const char *n = domain; *n != '\0'; n = dns_parent(n)) {
		if (ask(c, a, "", n, DNS_CAA, e))
			return -1;
		if (strchr(n, '.') != NULL && ask(c, a, "_validation-persist.", n,
		    DNS_TXT, e))
			return -1;
	}
	return 0;
}

int
resolve_domain(struct dns *d, const char *domain, const struct resolve *how,
    struct err *e)
{
	static struct asking a;
	struct ub_ctx *c = ub_ctx_create();
	int r;

	memset(d, 0, sizeof *d);
	memset(&a, 0, sizeof a);
	a.d = d;
	if (c == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	if (strncmp(domain, "*.", 2) == 0)
		domain += 2;
	r = set_up(c, how, e) || ask_all(c, &a, domain, e) ||
	    await(c, &a, how->timeout_s, e) ? -1 : 0;
	ub_ctx_delete(c);
	return r;
}
