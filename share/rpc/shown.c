#include "rpc/shown.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char *
shown_url(char *out, size_t size, const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *host = scheme ? scheme + 3 : url;
	size_t n = strcspn(host, "/?#"), at;
	const char *user = memrchr(host, '@', n);

	if (user) {
		n -= (size_t)(user + 1 - host);
		at = (size_t)(host - url);
		host = user + 1;
	} else {
		at = (size_t)(host - url);
	}
	n += strcspn(host + n, "?#");
	if (snprintf(out, size, "%.*s%.*s", (int)at, url, (int)n, host) >=
	    (int)size)
		memcpy(out + size - 4, "...", 4);
	for (char *p = out; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return out;
}

/* Of an XML element without attributes, the first of that name: what is in it. */
static bool
element(const char *name, const uint8_t *p, size_t n, const uint8_t **in,
    size_t *len)
{
	char tag[20];
	int k = snprintf(tag, sizeof tag, "<%s>", name);
	const uint8_t *from = n ? memmem(p, n, tag, (size_t)k) : NULL, *to;

	if (!from)
		return false;
	*in = from + k;
	snprintf(tag, sizeof tag, "</%s>", name);
	to = memmem(*in, n - (size_t)(*in - p), tag, (size_t)k + 1);
	*len = to ? (size_t)(to - *in) : 0;
	return to != NULL;
}

/* Where a query that begins before p ends. */
static size_t
query_end(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] > ' ' && !strchr("\"'<>", p[i]))
		i++;
	return i;
}

/* Adds it to the text that out has: blanks and control characters as one blank. */
static void
add(char *out, size_t size, const uint8_t *p, size_t n)
{
	size_t at = strlen(out);

	for (size_t i = 0; i < n && at + 1 < size; i++) {
		if (p[i] <= ' ' || p[i] == 0x7f) {
			if (at && out[at - 1] != ' ')
				out[at++] = ' ';
			continue;
		}
		out[at++] = p[i] > 0x7e ? '?' : (char)p[i];
		if (p[i] == '?')
			i += query_end(p + i + 1, n - i - 1);
	}
	while (at && out[at - 1] == ' ')
		at--;
	out[at] = '\0';
}

const char *
shown_text(char *out, size_t size, const uint8_t *p, size_t n)
{
	const uint8_t *code, *message;
	size_t code_n, message_n;
	bool has_code = element("Code", p, n, &code, &code_n);
	bool has_message = element("Message", p, n, &message, &message_n);

	out[0] = '\0';
	if (!has_code && !has_message) {
		add(out, size, p, n);
		return out;
	}
	if (has_code)
		add(out, size, code, code_n);
	if (has_code && has_message && strlen(out) + 2 < size)
		strcat(out, ": ");
	if (has_message)
		add(out, size, message, message_n);
	return out;
}
