#ifndef TEST_LIB_ZONES_H
#define TEST_LIB_ZONES_H
/* Lines of zones about who may get certificates, and texts as spans, for tests of domains. */
#include "attest/bytes.h"
#include "test/lib/web.h"

#define NOW (FIRST + 1000)
#define ACCOUNT "accounturi=" WEB_ACCOUNT
#define ISSUE(name) name " CAA 0 issue \"letsencrypt.org; " ACCOUNT "\"\n"
#define OTHERS(name, more) "_validation-persist." name " TXT \"evil.org; " \
	"accounturi=https://evil.org/1" more "\"\n"

/* The text, which stays the caller's. */
static inline struct bytes
of_string(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

/* The same of one that has grown. */
static inline struct bytes
of_text(const struct text *t)
{
	return (struct bytes){ (const uint8_t *)t->p, t->n };
}

#endif
