#include "attest/caa.h"

#include <stdio.h>

#include "attest/date.h"

#define PERSIST "_validation-persist."
#define CRITICAL 0x80		/* of CAA's flags */
#define SOON (30 * 86400)	/* seconds that a renewal needs at most */

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* What is still to be read of a value. */
struct text {
	const char *p;
	size_t n;
};

static void
skip_blanks(struct text *t)
{
	for (; t->n > 0 && (*t->p == ' ' || *t->p == '\t'); t->n--)
		t->p++;
}

/* Takes what belongs to a word of letters, digits, hyphens within, and `more`. */
static struct text
take_word(struct text *t, char more)
{
	struct text w = { t->p, 0 };

	while (w.n < t->n && (is_alnum(w.p[w.n]) || (w.n > 0 && (w.p[w.n] == '-' ||
	    w.p[w.n] == more))))
		w.n++;
	t->p += w.n;
	t->n -= w.n;
	return w;
}

static bool
word_is(struct text w, const char *s)
{
	return w.n == strlen(s) && memcmp(w.p, s, w.n) == 0;
}

static int
take_once(char *out, size_t room, bool *has, struct text v, const char *what,
    struct err *e)
{
	if (*has)
		return err_set(e, EX_DATAERR, "%s stands twice", what);
	if (v.n >= room)
		return err_set(e, EX_DATAERR, "%s is too long", what);
	*has = true;
	memcpy(out, v.p, v.n);
	out[v.n] = '\0';
	return 0;
}

static int
take_until(struct issue_value *v, struct text t, struct err *e)
{
	int64_t x = 0;
	size_t i;

	for (i = 0; i < t.n && i < 12 && t.p[i] >= '0' && t.p[i] <= '9'; i++)
		x = 10 * x + (t.p[i] - '0');
	if (v->has_until || i < t.n || t.n == 0)
		return err_set(e, EX_DATAERR, "persistUntil is no time, or stands "
		    "twice");
	v->has_until = true;
	v->until = x;
	return 0;
}

static int
take_parameter(struct issue_value *v, struct text tag, struct text t,
    struct err *e)
{
	static const char wild[] = "wildcard";

	/* Tags in capitals are others: a CA that does not know a parameter does
	 * not keep to it. */
	if (word_is(tag, "accounturi"))
		return take_once(v->account, sizeof v->account, &v->has_account, t,
		    "accounturi", e);
	if (word_is(tag, "validationmethods"))
		return take_once(v->methods, sizeof v->methods, &v->has_methods, t,
		    "validationmethods", e);
	if (word_is(tag, "persistUntil"))
		return take_until(v, t, e);
	if (word_is(tag, "policy") && t.n == sizeof wild - 1) {
		v->wildcard = true;
		for (size_t i = 0; i < t.n; i++)
			v->wildcard &= lower(t.p[i]) == wild[i];
	}
	return 0;
}

/* tag = value */
static int
parse_parameter(struct issue_value *v, struct text *t, struct err *e)
{
	struct text tag = take_word(t, '-'), value;

	skip_blanks(t);
	if (tag.n == 0 || tag.p[tag.n - 1] == '-' || t->n == 0 || *t->p != '=')
		return err_set(e, EX_DATAERR, "a parameter is no tag=value");
	t->p++;
	t->n--;
	skip_blanks(t);
	value = (struct text){ t->p, 0 };
	for (; t->n > 0 && *t->p > ' ' && *t->p <= '~' && *t->p != ';'; t->n--) {
		t->p++;
		value.n++;
	}
	skip_blanks(t);
	return take_parameter(v, tag, value, e);
}

int
issue_value_parse(struct issue_value *v, const char *text, size_t n,
    struct err *e)
{
	struct text t = { text, n }, issuer;

	memset(v, 0, sizeof *v);
	skip_blanks(&t);
	issuer = take_word(&t, '.');
	if (issuer.n > 0 && (issuer.p[issuer.n - 1] == '.' ||
	    dns_name(v->issuer, issuer.p, issuer.n, e)))
		return err_set(e, EX_DATAERR, "the issuer is no domain");
	skip_blanks(&t);
	while (t.n > 0 && *t.p == ';') {
		t.p++;
		t.n--;
		skip_blanks(&t);
		if (t.n > 0 && parse_parameter(v, &t, e))
			return -1;
	}
	if (t.n > 0)
		return err_set(e, EX_DATAERR, "something follows the issuer");
	return 0;
}

bool
account_is_of(const char *account, const char *issuer)
{
	static const char scheme[] = "https://";
	const char *host = account + sizeof scheme - 1;
	size_t n, m = strlen(issuer);

	if (strncmp(account, scheme, sizeof scheme - 1) != 0)
		return false;
	n = strcspn(host, "/:?#@");
	if (host[n] != '/' || n < m || m == 0)
		return false;
	return memcmp(host + n - m, issuer, m) == 0 &&
	    (n == m || host[n - m - 1] == '.');
}

/* Where the records of this very name are: there, or where its aliases lead. */
static int
find_at(char at[static DNS_NAME], const struct dns *d, const char *name,
    enum dns_type type, struct err *e)
{
	/* Some servers have aliases and other records at one name. */
	if (dns_next(d, name, type, NULL) == NULL)
		return dns_target(d, at, name, e);
	strcpy(at, name);
	return 0;
}

int
caa_find(char at[static DNS_NAME], const struct dns *d, const char *name,
    struct err *e)
{
	for (; *name != '\0'; name = dns_parent(name)) {
		if (find_at(at, d, name, DNS_CAA, e))
			return -1;
		if (dns_next(d, at, DNS_CAA, NULL) != NULL)
			return 1;
	}
	return 0;
}

/* Tags that somebody has given a meaning to. */
static bool
tag_known(const char *tag)
{
	static const char *const known[] = { "issue", "issuewild", "iodef",
	    "issuemail", "issuevmc", "contactemail", "contactphone" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], tag) == 0)
			return true;
	return false;
}

static int
is_ours(const struct issue_value *v, const struct caa_rule *rule, struct err *e)
{
	if (strcmp(v->issuer, rule->issuer) != 0)
		return err_set(e, EX_NO, "%.100s may", v->issuer);
	if (!v->has_account)
		return err_set(e, EX_NO, "any account of %.100s may", v->issuer);
	if (strcmp(v->account, rule->account) != 0)
		return err_set(e, EX_NO, "the account %.120s may", v->account);
	return 0;
}

/* A renewal under this record. */
static void
warn_of_value(const struct issue_value *v, bool wild, struct attest_warnings *w)
{
	if (strcmp(v->issuer, "letsencrypt.org") == 0 && v->has_methods)
		warning(w, "Let's Encrypt has refused renewals under CAA with "
		    "accounturi and validationmethods: try one in time");
	if (v->has_methods && wild && strstr(v->methods, "dns-") == NULL)
		warning(w, "no method of \"%.80s\" validates a wildcard",
		    v->methods);
}

/* The records at `at` for one property. */
static int
check_set(char detail[static 200], const struct dns *d, const char *at,
    const char *tag, bool wild, const struct caa_rule *rule,
    struct attest_warnings *w, struct err *e)
{
	const struct dns_record *r = NULL;
	struct issue_value v;
	bool any = false, ours = false;

	while ((r = dns_next(d, at, DNS_CAA, r)) != NULL) {
		if (r->flags & CRITICAL && !tag_known(r->tag))
			return err_set(e, EX_NO, "%.100s: %s is critical, and not "
			    "known", at, r->tag);
		if (strcmp(r->tag, tag) != 0)
			continue;
		any = true;
		if (issue_value_parse(&v, r->value, r->len, e) ||
		    (v.issuer[0] != '\0' && is_ours(&v, rule, e))) {
			e->status = EX_NO;
			return err_prefix(e, "%s at %.60s", tag, at);
		}
		if (v.issuer[0] == '\0')
			continue;
		ours = true;
		warn_of_value(&v, wild, w);
		snprintf(detail, 200, "%s at %.80s: %.50s%s%.40s", tag, at,
		    v.issuer, v.has_methods ? ", by " : "", v.methods);
	}
	if (!any)
		return err_set(e, EX_NO, "%.100s has no %s: any CA may", at, tag);
	if (!ours) {
		snprintf(detail, 200, "%s at %.80s: nobody", tag, at);
		warning(w, "no CA may renew the certificate: %.100s forbids all", at);
	}
	return 0;
}

static bool
has_tag(const struct dns *d, const char *at, const char *tag)
{
	const struct dns_record *r = NULL;

	while ((r = dns_next(d, at, DNS_CAA, r)) != NULL)
		if (strcmp(r->tag, tag) == 0)
			return true;
	return false;
}

/* Others' names on the way to the records. */
static void
warn_of_alias(const struct dns *d, const char *name, const char *at,
    struct attest_warnings *w)
{
	char target[DNS_NAME];
	struct err e;

	if (dns_target(d, target, name, &e) || strcmp(target, name) == 0)
		return;
	if (strcmp(at, target) == 0)
		warning(w, "CAA is that of %.80s, an alias: whoever has that name "
		    "can change it", target);
	else if (strcmp(at, name) == 0)
		warning(w, "%.80s has an alias beside CAA: some resolvers see the "
		    "alias alone", name);
	else
		warning(w, "CAA above the alias %.80s does not count, that above "
		    "%.80s does", target, name);
}

int
caa_check(char detail[static 200], const struct dns *d, const char *domain,
    const struct caa_rule *rule, struct attest_warnings *w, struct err *e)
{
	bool wild = strncmp(domain, "*.", 2) == 0;
	const char *name = wild ? domain + 2 : domain;
	char at[DNS_NAME];
	int r = caa_find(at, d, name, e);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, EX_NO, "neither %.80s nor a name above it has CAA: "
		    "any CA may", name);
	warn_of_alias(d, name, at, w);
	return check_set(detail, d, at, wild && has_tag(d, at, "issuewild") ?
	    "issuewild" : "issue", wild, rule, w, e);
}

/* One record of `name`, which is the domain or one above it. */
static int
check_persist(const struct dns_record *r, const char *name, bool above,
    const struct caa_rule *rule, int64_t now, struct attest_warnings *w,
    struct err *e)
{
	struct issue_value v;
	char date[32];

	/* What a CA could not read either is nobody's; but who wrote it there? */
	if (issue_value_parse(&v, r->value, r->len, e)) {
		e->status = EX_NO;
		return err_prefix(e, PERSIST "%.80s", name);
	}
	if ((v.has_until && now > v.until) || (above && !v.wildcard))
		return 0;
	if (is_ours(&v, rule, e))
		return err_prefix(e, PERSIST "%.80s", name);
	if (v.has_until && v.until - now < SOON) {
		date_text(date, v.until);
		warning(w, PERSIST "%.80s ends %s", name, date);
	}
	return 0;
}

int
persist_check(const struct dns *d, const char *domain,
    const struct caa_rule *rule, int64_t now, struct attest_warnings *w,
    struct err *e)
{
	const char *base = strncmp(domain, "*.", 2) == 0 ? domain + 2 : domain;
	char owner[sizeof PERSIST + DNS_NAME], at[DNS_NAME];
	const struct dns_record *r;

	for (const char *name = base; strchr(name, '.') != NULL;
	    name = dns_parent(name)) {
		snprintf(owner, sizeof owner, PERSIST "%s", name);
		if (strlen(owner) >= DNS_NAME)
			continue;	/* no DNS has it */
		if (find_at(at, d, owner, DNS_TXT, e))
			return -1;
		for (r = NULL; (r = dns_next(d, at, DNS_TXT, r)) != NULL;)
			if (check_persist(r, name, name != base, rule, now, w, e))
				return -1;
	}
	return 0;
}
