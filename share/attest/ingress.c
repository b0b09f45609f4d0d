#include "attest/ingress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attest/strict.h"
#include "base/io.h"

#define LIST "sha256sum.txt"

static bool
may_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '*';
}

bool
ingress_is_cert(const struct ingress_file *f)
{
	size_t n = strlen(f->name);

	return strcmp(f->name, "cert.pem") == 0 || (n > 9 && memcmp(f->name,
	    "cert-", 5) == 0 && strcmp(f->name + n - 4, ".pem") == 0);
}

static int
take_name(struct ingress *g, const uint8_t *p, size_t n, struct err *e)
{
	struct ingress_file *f = &g->file[g->n];

	if (n == 0 || n >= sizeof f->name || p[0] == '.')
		return err_set(e, EX_DATAERR, "no name of a file");
	for (size_t i = 0; i < n; i++)
		if (!may_name(p[i]))
			return err_set(e, EX_DATAERR, "a name that is none of a "
			    "file in this folder");
	memcpy(f->name, p, n);
	f->name[n] = '\0';
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->file[i].name, f->name) == 0)
			return err_set(e, EX_DATAERR, "%.100s stands twice",
			    f->name);
	if (!ingress_is_cert(f) && strcmp(f->name, INGRESS_ACCOUNT) != 0)
		return err_set(e, EX_DATAERR, "%.100s is neither the account nor a "
		    "certificate", f->name);
	return 0;
}

/* "HASH  NAME" */
static int
take_line(struct ingress *g, struct bytes line, struct err *e)
{
	struct ingress_file *f = &g->file[g->n];

	if (g->n == INGRESS_FILES)
		return err_set(e, EX_DATAERR, "more than %d files", INGRESS_FILES);
	memset(f, 0, sizeof *f);
	if (line.n < 66 || plain_hex(f->hash, 32, (const char *)line.p, 64) ||
	    line.p[64] != ' ' || line.p[65] != ' ')
		return err_set(e, EX_DATAERR, "not 64 digits, two blanks and a "
		    "name");
	if (take_name(g, line.p + 66, line.n - 66, e))
		return -1;
	g->n++;
	return 0;
}

static int
need_files(const struct ingress *g, struct err *e)
{
	bool account = false, cert = false;

	for (size_t i = 0; i < g->n; i++) {
		account |= strcmp(g->file[i].name, INGRESS_ACCOUNT) == 0;
		cert |= ingress_is_cert(&g->file[i]);
	}
	return account && cert ? 0 : err_set(e, EX_DATAERR, LIST ": no %s",
	    account ? "certificate" : INGRESS_ACCOUNT);
}

int
ingress_parse(struct ingress *g, struct bytes list, struct err *e)
{
	const uint8_t *end;
	struct bytes line;

	memset(g, 0, sizeof *g);
	g->list = list;
	for (unsigned n = 1; list.n > 0; n++) {
		end = memchr(list.p, '\n', list.n);
		if (end == NULL)
			return err_set(e, EX_DATAERR, LIST ": the last line does "
			    "not end");
		line = (struct bytes){ list.p, (size_t)(end - list.p) };
		bytes_take(&list, line.n + 1);
		if (take_line(g, line, e))
			return err_prefix(e, LIST ": line %u", n);
	}
	return need_files(g, e);
}

int
ingress_check(const struct ingress *g, struct err *e)
{
	uint8_t hash[32];

	for (size_t i = 0; i < g->n; i++) {
		const struct ingress_file *f = &g->file[i];

		if (f->text.p == NULL)
			return err_set(e, EX_NO, "%.100s is listed, and missing",
			    f->name);
		sha256(hash, f->text.p, f->text.n);
		if (memcmp(hash, f->hash, 32) != 0)
			return err_set(e, EX_NO, "%.100s is not the file that is "
			    "listed", f->name);
	}
	return 0;
}

/* A URL, without what ends a parameter of CAA. */
static bool
is_url(const char *s)
{
	if (strncmp(s, "https://", 8) != 0)
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || *s == ';' || *s == '"')
			return false;
	return true;
}

static int
find_account(char *out, size_t room, const struct ingress_file *f, struct err *e)
{
	json_t *o = strict_load(f->text, INGRESS_ACCOUNT, e);
	const char *uri = json_string_value(json_object_get(o, "uri"));
	int r = 0;

	if (o == NULL)
		return -1;
	if (uri == NULL)	/* lego's form */
		uri = json_string_value(json_object_get(json_object_get(o,
		    "registration"), "uri"));
	if (uri == NULL || !is_url(uri) || strlen(uri) >= room)
		r = err_set(e, EX_DATAERR, INGRESS_ACCOUNT ": uri is no https:// "
		    "URL");
	else
		strcpy(out, uri);
	json_decref(o);
	return r;
}

int
ingress_account(struct ingress *g, struct err *e)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->file[i].name, INGRESS_ACCOUNT) == 0)
			return find_account(g->account, sizeof g->account,
			    &g->file[i], e);
	return err_set(e, EX_DATAERR, "no " INGRESS_ACCOUNT);
}

static int
read_named(struct bytes *out, const char *folder, const char *name,
    struct err *e)
{
	char path[4096];
	uint8_t *p;

	if (snprintf(path, sizeof path, "%s/%s", folder, name) >=
	    (int)sizeof path)
		return err_set(e, EX_USAGE, "%.80s...: too long", folder);
	if (read_file(path, INGRESS_FILE_MAX, &p, &out->n, e))
		return -1;
	out->p = p;
	return 0;
}

int
ingress_read(struct ingress *g, const char *folder, struct err *bad,
    struct err *e)
{
	struct bytes list;

	memset(g, 0, sizeof *g);
	bad->status = 0;
	if (read_named(&list, folder, LIST, e))
		return -1;
	if (ingress_parse(g, list, bad))
		return 0;
	for (size_t i = 0; i < g->n; i++)
		if (read_named(&g->file[i].text, folder, g->file[i].name, e) &&
		    e->status != EX_NOINPUT)
			return -1;
	return 0;
}

void
ingress_free(struct ingress *g)
{
	free((void *)g->list.p);
	for (size_t i = 0; i < g->n; i++)
		free((void *)g->file[i].text.p);
}
