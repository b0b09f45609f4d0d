#include "attest/logged.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "attest/chain.h"
#include "attest/dns.h"
#include "base/channel.h"
#include "base/hex.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define STOP "-----END CERTIFICATE-----"

static int
add(struct logged *l, struct bytes text, struct err *e)
{
	struct chain c = { 0 };
	X509 **more = NULL;
	int r = chain_one(&c, text, e);

	if (r == 0 && (more = realloc(l->x, (l->n + 1) * sizeof *more)) == NULL)
		r = err_set(e, EX_OSERR, "out of memory");
	if (more != NULL)
		l->x = more;
	if (r == 0) {
		must(X509_up_ref(c.x[0]) == 1);
		l->x[l->n++] = c.x[0];
	}
	chain_free(&c);
	return r;
}

/* Without the blanks that it begins with. */
static struct bytes
after_blanks(struct bytes b)
{
	while (b.n > 0 && (*b.p == '\n' || *b.p == '\r' || *b.p == ' ' ||
	    *b.p == '\t'))
		b.p++, b.n--;
	return b;
}

int
logged_parse(struct logged *l, struct bytes text, struct err *e)
{
	struct bytes one;
	const uint8_t *end;

	*l = (struct logged){ 0 };
	for (text = after_blanks(text); text.n > 0; text = after_blanks(text)) {
		end = memmem(text.p, text.n, STOP, strlen(STOP));
		if (end == NULL || text.n < strlen(BEGIN) ||
		    memcmp(text.p, BEGIN, strlen(BEGIN)) != 0)
			return err_set(e, EX_DATAERR, "after %zu certificates "
			    "something else follows", l->n);
		one = (struct bytes){ text.p,
		    (size_t)(end - text.p) + strlen(STOP) };
		if (add(l, one, e))
			return err_prefix(e, "certificate %zu", l->n + 1);
		text.p += one.n;
		text.n -= one.n;
	}
	return 0;
}

void
logged_free(struct logged *l)
{
	for (size_t i = 0; i < l->n; i++)
		X509_free(l->x[i]);
	free(l->x);
	*l = (struct logged){ 0 };
}

bool
cert_is_for(X509 *x, const char *domain)
{
	char name[DNS_NAME + 8];

	if (strncmp(domain, "*.", 2) == 0)
		snprintf(name, sizeof name, "any-label.%s", domain + 2);
	else
		snprintf(name, sizeof name, "%s", domain);
	return X509_check_host(x, name, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
}

int
logged_check(const struct logged *l, const char *domain, int64_t now,
    bool (*known)(const void *c, const uint8_t *spki), const void *c, size_t *looked,
    struct err *e)
{
	uint8_t spki[32];
	int64_t from, until;
	char hex[65];

	*looked = 0;
	for (size_t i = 0; i < l->n; i++) {
		cert_dates(l->x[i], &from, &until);
		/* What tells no dates may well be of this time. */
		if ((from >= 0 && until >= 0 && (now < from || now > until)) ||
		    !cert_is_for(l->x[i], domain))
			continue;
		++*looked;
		memset(spki, 0, sizeof spki);
		if (spki_of(spki, l->x[i]) && known(c, spki))
			continue;
		hex_encode(hex, spki, 32);
		return err_set(e, EX_NO, "certificate %zu has the key 0x%s, which "
		    "nothing attests to", i + 1, hex);
	}
	return 0;
}
