#include "attest/evidence.h"

#include <stdlib.h>

static int
from_hex(struct evidence *ev, const char *s, size_t len, struct err *e)
{
	long n = plain_hex_length(s, len);

	if (n <= 0)
		return err_set(e, EX_DATAERR, "quote: not hexadecimal of lower "
		    "case without 0x");
	ev->decoded = malloc((size_t)n);
	if (ev->decoded == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	ignore(plain_hex(ev->decoded, (size_t)n, s, len));
	ev->quote = (struct bytes){ ev->decoded, (size_t)n };
	return 0;
}

static int
from_numbers(struct evidence *ev, const json_t *a, struct err *e)
{
	size_t n = json_array_size(a), i;
	json_t *v;

	ev->decoded = malloc(n + 1);
	if (ev->decoded == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	json_array_foreach(a, i, v) {
		if (!json_is_integer(v) || json_integer_value(v) < 0 ||
		    json_integer_value(v) > 255)
			return err_set(e, EX_DATAERR, "quote: element %zu is no "
			    "byte", i);
		ev->decoded[i] = (uint8_t)json_integer_value(v);
	}
	ev->quote = (struct bytes){ ev->decoded, n };
	return 0;
}

static int
take_report_data(struct evidence *ev, struct err *e)
{
	const json_t *v = json_object_get(ev->root, "report_data");

	if (v == NULL)
		return 0;
	if (!json_is_string(v) || plain_hex(ev->report_data, 64,
	    json_string_value(v), json_string_length(v)))
		return err_set(e, EX_DATAERR, "report_data is not 64 bytes in "
		    "hexadecimal");
	ev->has_report_data = true;
	return 0;
}

/* A member that is a text, if it is there. */
static int
take_text(struct bytes *out, const json_t *root, const char *key, struct err *e)
{
	const json_t *v = json_object_get(root, key);

	if (v == NULL)
		return 0;
	if (!json_is_string(v))
		return err_set(e, EX_DATAERR, "%s is no string", key);
	*out = (struct bytes){ (const uint8_t *)json_string_value(v),
	    json_string_length(v) };
	return 0;
}

/* The answer of a tee-proxy. */
static int
take_statement(struct evidence *ev, struct err *e)
{
	if (take_text(&ev->statement, ev->root, "statement", e))
		return -1;
	if (ev->statement.p == NULL)
		return 0;
	return take_text(&ev->compose, ev->root, "app_compose", e) ||
	    take_text(&ev->gpus, ev->root, "gpu_evidence", e) ? -1 : 0;
}

static int
from_object(struct evidence *ev, struct bytes text, struct err *e)
{
	const json_t *q = json_object_get(ev->root, "quote");
	const json_t *log = json_object_get(ev->root, "event_log");

	if (q == NULL)
		return err_set(e, EX_DATAERR, "quote: the JSON object has none");
	if (json_is_array(q) ? from_numbers(ev, q, e) :
	    from_hex(ev, json_string_value(q), json_string_length(q), e))
		return -1;
	/* "" is what there is to an SGX quote. */
	if (json_is_array(log)) {
		if (strict_slice(&ev->event_log, text, "event_log", e))
			return -1;
	} else if (json_is_string(log) && json_string_length(log) > 0) {
		ev->event_log = (struct bytes){
		    (const uint8_t *)json_string_value(log),
		    json_string_length(log) };
	}
	return take_report_data(ev, e) || take_statement(ev, e) ? -1 : 0;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int
evidence_parse(struct evidence *ev, struct bytes text, struct err *e)
{
	memset(ev, 0, sizeof *ev);
	if (text.n > EVIDENCE_MAX)
		return err_set(e, EX_DATAERR, "quote: more than %zu bytes",
		    EVIDENCE_MAX);
	/* A version's two bytes begin no text. */
	if (text.n >= 2 && text.p[0] < 9 && text.p[1] == 0) {
		ev->quote = text;
		return 0;
	}
	while (text.n > 0 && is_blank(text.p[0]))
		bytes_take(&text, 1);
	while (text.n > 0 && is_blank(text.p[text.n - 1]))
		text.n--;
	if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
		return from_hex(ev, (const char *)text.p, text.n, e);
	ev->root = strict_load(text, "quote", e);
	if (ev->root == NULL)
		return -1;
	return json_is_array(ev->root) ? from_numbers(ev, ev->root, e) :
	    from_object(ev, text, e);
}

void
evidence_free(struct evidence *ev)
{
	free(ev->decoded);
	json_decref(ev->root);
	memset(ev, 0, sizeof *ev);
}
