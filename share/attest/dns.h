#ifndef ATTEST_DNS_H
#define ATTEST_DNS_H
/*
 * What the DNS says of a domain: records of a few kinds, from a file with the lines of a
 * zone, or from resolvers (attest/resolve.h), which fill the same table.  A name without
 * records does not exist.
 */
#include "attest/bytes.h"
#include "base/err.h"

#define DNS_NAME 254		/* room for a name, with its NUL */
#define DNS_FILE_MAX ((size_t)1 << 20)
#define DNS_VALUE_MAX 4096	/* bytes of one record's text */

enum dns_type {
	DNS_CNAME = 5, DNS_TXT = 16, DNS_CAA = 257
};

struct dns_record {
	char name[DNS_NAME];	/* small letters, no full stop at the end */
	enum dns_type type;
	uint8_t flags;		/* of CAA */
	char tag[16];		/* likewise, small letters; 15 are all that a tag has */
	char *value;		/* of CAA and TXT any bytes, a NUL after them; of CNAME a name */
	size_t len;
};

enum dns_security {
	DNS_SIGNED,		/* by a chain of keys from the root */
	DNS_UNSIGNED,		/* by a zone that is provably not signed, or nobody checked */
	DNS_BOGUS,		/* by a zone that is, and the signatures do not hold */
};

/* All zero: nothing, signed. */
struct dns {
	size_t n, room;
	struct dns_record *r;
	enum dns_security security;	/* of the least trustworthy answer */
	char weakest[DNS_NAME];		/* which that was; "": all of a file */
};

/* Makes a name one of the table: small letters, no full stop at the end.  EX_DATAERR: it has
 * characters or lengths that no host, nor a name with an underscore or an asterisk, has. */
CHECKED int dns_name(char out[static DNS_NAME], const char *text, size_t n,
    struct err *e);
/* Appends a record; EX_DATAERR: more than 10,000, or a value too long.  tag: NULL unless CAA. */
CHECKED int dns_add(struct dns *d, const char *name, enum dns_type type,
    unsigned flags, const char *tag, const void *value, size_t len,
    struct err *e);
/* CAA's RDATA (RFC 8659, 4.1): flags, tag, value; EX_DATAERR. */
CHECKED int dns_add_caa(struct dns *d, const char *name, struct bytes rdata,
    struct err *e);
/* TXT's: strings with their lengths, which become one; EX_DATAERR. */
CHECKED int dns_add_txt(struct dns *d, const char *name, struct bytes rdata,
    struct err *e);

/* A file: lines "NAME [TTL] [IN] TYPE DATA" with every name in full; CAA, TXT and CNAME
 * count, other kinds that zones have are passed over.  $DNSSEC secure or $DNSSEC insecure,
 * before any record, says what whoever made the file found: insecure without.  EX_DATAERR
 * names the line.  dns_free() either way. */
CHECKED int dns_parse(struct dns *d, struct bytes text, struct err *e);
/* Frees the records, not *d, and clears it. */
void dns_free(struct dns *d);

/* Where aliases lead from a name: the name itself without any.  EX_NO: in a circle, or through
 * more than 8. */
CHECKED int dns_target(const struct dns *d, char out[static DNS_NAME],
    const char *name, struct err *e);
/* The next record of the kind at exactly this name, after `last` (NULL: the first); NULL: there
 * is none. */
const struct dns_record *dns_next(const struct dns *d, const char *name,
    enum dns_type type, const struct dns_record *last);
/* The name without its first label; "" at the end. */
const char *dns_parent(const char *name);

#endif
