#include "attest/dns.h"

#include <stdio.h>
#include <stdlib.h>

#define RECORDS_MAX 10000
#define ALIASES_MAX 8
#define LABEL_MAX 63

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
in_name(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '*';
}

int
dns_name(char out[static DNS_NAME], const char *text, size_t n, struct err *e)
{
	size_t label = 0, i;

	if (n > 0 && text[n - 1] == '.')
		n--;
	for (i = 0; i < n && i < DNS_NAME - 1; i++) {
		if (text[i] == '.' ? label == 0 : !in_name(text[i]) ||
		    label == LABEL_MAX)
			break;
		label = text[i] == '.' ? 0 : label + 1;
		out[i] = lower(text[i]);
	}
	if (i < n || label == 0)
		return err_set(e, EX_DATAERR, "%.*s is no name of a domain",
		    n > 80 ? 80 : (int)n, text);
	out[i] = '\0';
	return 0;
}

static int
more_room(struct dns *d, struct err *e)
{
	size_t room = d->room ? 2 * d->room : 16;
	struct dns_record *r;

	if (d->n >= RECORDS_MAX)
		return err_set(e, EX_DATAERR, "more than %d records", RECORDS_MAX);
	if (d->n < d->room)
		return 0;
	r = realloc(d->r, room * sizeof *r);
	if (r == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	d->r = r;
	d->room = room;
	return 0;
}

/* RFC 8659, 4.1: letters and digits. */
static int
take_tag(char out[static 16], const char *tag, struct err *e)
{
	size_t n = strlen(tag);

	for (size_t i = 0; i < n && n <= 15; i++) {
		if (!is_letter(tag[i]) && !is_digit(tag[i]))
			n = 0;
		out[i] = lower(tag[i]);
	}
	if (n == 0 || n > 15)
		return err_set(e, EX_DATAERR, "%.40s is no tag of CAA", tag);
	return 0;
}

int
dns_add(struct dns *d, const char *name, enum dns_type type, unsigned flags,
    const char *tag, const void *value, size_t len, struct err *e)
{
	struct dns_record *r;

	if (more_room(d, e))
		return -1;
	if (len > DNS_VALUE_MAX || flags > 255)
		return err_set(e, EX_DATAERR, "a record's value is out of range");
	r = &d->r[d->n];
	memset(r, 0, sizeof *r);
	must(strlen(name) < sizeof r->name);
	strcpy(r->name, name);
	r->type = type;
	r->flags = (uint8_t)flags;
	if (tag != NULL && take_tag(r->tag, tag, e))
		return -1;
	r->value = malloc(len + 1);
	if (r->value == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	memcpy(r->value, value, len);
	r->value[len] = '\0';
	r->len = len;
	d->n++;
	return 0;
}

int
dns_add_caa(struct dns *d, const char *name, struct bytes rdata, struct err *e)
{
	const uint8_t *head = bytes_take(&rdata, 2), *p;
	char tag[16] = "";

	p = head != NULL && head[1] < sizeof tag ? bytes_take(&rdata, head[1]) :
	    NULL;
	if (p == NULL)
		return err_set(e, EX_DATAERR, "%s: a CAA record is cut", name);
	memcpy(tag, p, head[1]);
	return dns_add(d, name, DNS_CAA, head[0], tag, rdata.p, rdata.n, e);
}

int
dns_add_txt(struct dns *d, const char *name, struct bytes rdata, struct err *e)
{
	char text[DNS_VALUE_MAX];
	const uint8_t *length, *p;
	size_t n = 0;

	if (rdata.n == 0)
		return err_set(e, EX_DATAERR, "%s: a TXT record is empty", name);
	while (rdata.n > 0) {
		length = bytes_take(&rdata, 1);
		p = bytes_take(&rdata, *length);
		if (p == NULL || *length > sizeof text - n)
			return err_set(e, EX_DATAERR, "%s: a TXT record is cut, or "
			    "too long", name);
		memcpy(text + n, p, *length);
		n += *length;
	}
	return dns_add(d, name, DNS_TXT, 0, NULL, text, n, e);
}

/* A line's words. */
struct word {
	char text[DNS_VALUE_MAX + 1];
	size_t n;
	bool quoted;
};

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* One character of a zone's text, which may be \C or \DDD; -1: neither. */
static int
take_char(struct bytes *line)
{
	const uint8_t *p = bytes_take(line, 1);
	int x;

	if (*p != '\\')
		return *p;
	p = bytes_take(line, 1);
	if (p == NULL)
		return -1;
	if (!is_digit((char)*p))
		return *p;
	if (bytes_take(line, 2) == NULL || !is_digit((char)p[1]) ||
	    !is_digit((char)p[2]))
		return -1;
	x = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
	return x < 256 ? x : -1;
}

/* 1: a word; 0: the line ends; -1: what is no word. */
static int
take_word(struct word *w, struct bytes *line)
{
	int c;

	while (line->n > 0 && is_blank(line->p[0]))
		bytes_take(line, 1);
	if (line->n == 0 || line->p[0] == ';')
		return 0;
	w->n = 0;
	w->quoted = line->p[0] == '"';
	if (w->quoted)
		bytes_take(line, 1);
	while (line->n > 0 && (w->quoted ? line->p[0] != '"' :
	    !is_blank(line->p[0]) && line->p[0] != ';')) {
		c = w->quoted || (line->p[0] != '"' && line->p[0] != '(' &&
		    line->p[0] != ')') ? take_char(line) : -1;
		if (c < 0 || w->n == DNS_VALUE_MAX)
			return -1;
		w->text[w->n++] = (char)c;
	}
	w->text[w->n] = '\0';
	if (!w->quoted)
		return 1;
	if (bytes_take(line, 1) == NULL)
		return -1;
	return line->n == 0 || is_blank(line->p[0]) || line->p[0] == ';' ? 1 : -1;
}

static bool
word_is(const struct word *w, const char *text)
{
	if (w->quoted || w->n != strlen(text))
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (lower(w->text[i]) != lower(text[i]))
			return false;
	return true;
}

/* What surrounds the records that count, in a file that was made from a zone or by dig. */
static bool
passed_over(const struct word *type)
{
	static const char *const other[] = { "A", "AAAA", "NS", "SOA", "MX", "SRV",
	    "HTTPS", "SVCB", "DS", "DNSKEY", "RRSIG", "NSEC", "NSEC3",
	    "NSEC3PARAM", "CDS", "CDNSKEY", "TLSA", "SPF" };

	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (word_is(type, other[i]))
			return true;
	return false;
}

static int
bad(struct err *e, const char *why)
{
	return err_set(e, EX_DATAERR, "%s", why);
}

static int
parse_caa(struct dns *d, const char *name, struct bytes *line, struct err *e)
{
	struct word flags, tag, value;
	unsigned x = 0;

	if (take_word(&flags, line) != 1 || take_word(&tag, line) != 1 ||
	    take_word(&value, line) != 1)
		return bad(e, "CAA has flags, a tag and a value");
	for (size_t i = 0; i < flags.n && x <= 255; i++) {
		if (!is_digit(flags.text[i]))
			return bad(e, "CAA's flags are no number");
		x = 10 * x + (unsigned)(flags.text[i] - '0');
	}
	if (flags.n == 0 || flags.quoted || x > 255)
		return bad(e, "CAA's flags are no number up to 255");
	return dns_add(d, name, DNS_CAA, x, tag.text, value.text, value.n, e);
}

static int
parse_txt(struct dns *d, const char *name, struct bytes *line, struct err *e)
{
	char text[DNS_VALUE_MAX];
	struct word w;
	size_t n = 0, words = 0;
	int r;

	while ((r = take_word(&w, line)) == 1) {
		if (w.n > 255 || w.n > sizeof text - n)
			return bad(e, "TXT has a string that is too long");
		memcpy(text + n, w.text, w.n);
		n += w.n;
		words++;
	}
	return r < 0 || words == 0 ? bad(e, "TXT has no strings") :
	    dns_add(d, name, DNS_TXT, 0, NULL, text, n, e);
}

static int
parse_cname(struct dns *d, const char *name, struct bytes *line, struct err *e)
{
	char target[DNS_NAME];
	struct word w;

	if (take_word(&w, line) != 1 || w.quoted)
		return bad(e, "CNAME has no name");
	return dns_name(target, w.text, w.n, e) ? -1 : dns_add(d, name,
	    DNS_CNAME, 0, NULL, target, strlen(target), e);
}

static bool
all_digits(const struct word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!is_digit(w->text[i]))
			return false;
	return w->n > 0 && !w->quoted;
}

static int
parse_record(struct dns *d, const struct word *owner, struct bytes *line,
    struct err *e)
{
	char name[DNS_NAME];
	struct word w, end;
	int r;

	if (owner->quoted || dns_name(name, owner->text, owner->n, e))
		return bad(e, "a line begins with a name");
	r = take_word(&w, line);
	if (r == 1 && all_digits(&w))
		r = take_word(&w, line);
	if (r == 1 && word_is(&w, "IN"))
		r = take_word(&w, line);
	if (r != 1)
		return bad(e, "no type of a record");
	if (passed_over(&w))
		return 0;
	if (word_is(&w, "CAA"))
		r = parse_caa(d, name, line, e);
	else if (word_is(&w, "TXT"))
		r = parse_txt(d, name, line, e);
	else if (word_is(&w, "CNAME"))
		r = parse_cname(d, name, line, e);
	else
		return err_set(e, EX_DATAERR, "records %.20s are not known",
		    w.text);
	if (r == 0 && take_word(&end, line) != 0)
		return bad(e, "more than a record");
	return r;
}

static int
parse_directive(struct dns *d, struct bytes *line, bool *said, struct err *e)
{
	struct word w, end;

	if (d->n > 0 || *said)
		return bad(e, "$DNSSEC stands once, before all records");
	if (take_word(&w, line) != 1 || take_word(&end, line) != 0 ||
	    !(word_is(&w, "secure") || word_is(&w, "insecure")))
		return bad(e, "$DNSSEC is secure or insecure");
	*said = true;
	d->security = word_is(&w, "secure") ? DNS_SIGNED : DNS_UNSIGNED;
	return 0;
}

static int
parse_line(struct dns *d, struct bytes line, bool *said, struct err *e)
{
	bool blank = line.n > 0 && is_blank(line.p[0]);
	struct word w;
	int r = take_word(&w, &line);

	if (r == 0)
		return 0;
	if (r < 0 || blank)
		return bad(e, "a line begins with a name");
	return word_is(&w, "$DNSSEC") ? parse_directive(d, &line, said, e) :
	    parse_record(d, &w, &line, e);
}

int
dns_parse(struct dns *d, struct bytes text, struct err *e)
{
	struct bytes line;
	const uint8_t *end;
	bool said = false;

	memset(d, 0, sizeof *d);
	d->security = DNS_UNSIGNED;
	if (text.n > DNS_FILE_MAX)
		return err_set(e, EX_DATAERR, "DNS: more than %zu bytes",
		    DNS_FILE_MAX);
	for (unsigned n = 1; text.n > 0; n++) {
		end = memchr(text.p, '\n', text.n);
		line = (struct bytes){ text.p, end != NULL ?
		    (size_t)(end - text.p) : text.n };
		bytes_take(&text, line.n + (end != NULL));
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (parse_line(d, line, &said, e))
			return err_prefix(e, "DNS: line %u", n);
	}
	return 0;
}

void
dns_free(struct dns *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->r[i].value);
	free(d->r);
	memset(d, 0, sizeof *d);
}

const struct dns_record *
dns_next(const struct dns *d, const char *name, enum dns_type type,
    const struct dns_record *last)
{
	for (size_t i = last != NULL ? (size_t)(last - d->r) + 1 : 0; i < d->n; i++)
		if (d->r[i].type == type && strcmp(d->r[i].name, name) == 0)
			return &d->r[i];
	return NULL;
}

int
dns_target(const struct dns *d, char out[static DNS_NAME], const char *name,
    struct err *e)
{
	const struct dns_record *r;

	strcpy(out, name);
	for (unsigned n = 0; (r = dns_next(d, out, DNS_CNAME, NULL)) != NULL; n++) {
		if (n == ALIASES_MAX || dns_next(d, out, DNS_CNAME, r) != NULL)
			return err_set(e, EX_NO, "the aliases of %.100s lead "
			    "nowhere", name);
		strcpy(out, r->value);
	}
	return 0;
}

const char *
dns_parent(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL ? dot + 1 : "";
}
