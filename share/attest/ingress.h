#ifndef ATTEST_INGRESS_H
#define ATTEST_INGRESS_H
/*
 * What dstack-ingress publishes of a domain at /evidences/: certificates, the ACME account
 * that they were issued to, sha256sum.txt of both, and a quote whose REPORTDATA is the SHA-256
 * of that list, then 32 zeros.  One spelling of all of it is taken.
 */
#include "attest/chain.h"

#define INGRESS_FILES 64
#define INGRESS_NAME 300	/* room for a file's name, with its NUL */
#define INGRESS_FILE_MAX ((size_t)1 << 20)
#define INGRESS_ACCOUNT "acme-account.json"

struct ingress_file {
	char name[INGRESS_NAME];
	uint8_t hash[32];	/* as listed */
	struct bytes text;	/* as found; p NULL: missing */
};

/* All zero: none. */
struct ingress {
	struct bytes list;	/* sha256sum.txt */
	size_t n;
	struct ingress_file file[INGRESS_FILES];
	char account[512];	/* once ingress_account() found it */
};

/* Reads sha256sum.txt: lines of 64 digits, two blanks, a name that needs no folder, each once,
 * acme-account.json and at least one certificate among them.  Fills all but the files' texts;
 * list must stay.  EX_DATAERR. */
CHECKED int ingress_parse(struct ingress *g, struct bytes list, struct err *e);
/* Whether every file that is listed is there and has its hash; EX_NO names the first that is
 * not. */
CHECKED int ingress_check(const struct ingress *g, struct err *e);
/* Finds the account's URL in its file, as certbot or lego writes it; EX_DATAERR. */
CHECKED int ingress_account(struct ingress *g, struct err *e);
/* Whether a file is a certificate's, by its name. */
bool ingress_is_cert(const struct ingress_file *f);
/* The same in a folder: sha256sum.txt, then each file that it names.  EX_NOINPUT and the like
 * for files that cannot be read; a file that is not there is missing, and a list that is
 * malformed is told in *bad, whose status is 0 otherwise.  What is read is freed by
 * ingress_free(). */
CHECKED int ingress_read(struct ingress *g, const char *folder, struct err *bad,
    struct err *e);
/* Frees what ingress_read() read, not *g. */
void ingress_free(struct ingress *g);

#endif
