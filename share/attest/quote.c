#include "attest/quote.h"

#define HEADER 48
#define KEY_TYPE_P256 2
#define TEE_SGX 0u
#define TEE_TDX 0x81u
#define BODY_SGX 1
#define BODY_TD10 2
#define BODY_TD15 3

static int
parse_header(struct quote *q, const uint8_t *p, struct err *e)
{
	uint32_t tee = le32(p + 4);

	q->version = le16(p);
	q->tdx = tee == TEE_TDX;
	q->vendor = p + 12;
	if (q->version < 3 || q->version > 5)
		return err_set(e, EX_DATAERR, "quote: version %u, not 3, 4 or 5",
		    q->version);
	if (tee != TEE_SGX && tee != TEE_TDX)
		return err_set(e, EX_DATAERR, "quote: TEE type 0x%x", tee);
	if (q->version == 3 && q->tdx)
		return err_set(e, EX_DATAERR, "quote: version 3 is for SGX");
	if (le16(p + 2) != KEY_TYPE_P256)
		return err_set(e, EX_DATAERR, "quote: attestation key type %u, "
		    "not ECDSA P-256", le16(p + 2));
	if (q->version > 3 && le32(p + 8) != 0)
		return err_set(e, EX_DATAERR, "quote: reserved bytes are not "
		    "zero");
	return 0;
}

/* The body's length from the prefix that version 5 has. */
static int
body_length(struct quote *q, struct bytes *in, struct err *e)
{
	static const size_t length[] = {
		[BODY_SGX] = QUOTE_SGX, [BODY_TD10] = QUOTE_TD10,
		[BODY_TD15] = QUOTE_TD15,
	};
	const uint8_t *p = bytes_take(in, 6);
	unsigned type;

	if (p == NULL)
		return err_set(e, EX_DATAERR, "quote: cut off");
	type = le16(p);
	if (type < BODY_SGX || type > BODY_TD15 || q->tdx != (type != BODY_SGX))
		return err_set(e, EX_DATAERR, "quote: body type %u", type);
	if (le32(p + 2) != length[type])
		return err_set(e, EX_DATAERR, "quote: body of %u bytes, not %zu",
		    le32(p + 2), length[type]);
	q->body_len = length[type];
	return 0;
}

/* A type, a length and so many bytes. */
static int
take_cert(unsigned *type, struct bytes *data, struct bytes *in)
{
	const uint8_t *p = bytes_take(in, 6);

	if (p == NULL)
		return -1;
	*type = le16(p);
	data->n = le32(p + 2);
	data->p = bytes_take(in, data->n);
	return data->p != NULL ? 0 : -1;
}

static int
take_qe(struct quote *q, struct bytes *in)
{
	const uint8_t *n;

	q->qe_report = bytes_take(in, QUOTE_SGX);
	q->qe_signature = bytes_take(in, 64);
	n = bytes_take(in, 2);
	if (q->qe_report == NULL || q->qe_signature == NULL || n == NULL)
		return -1;
	q->qe_auth.n = le16(n);
	q->qe_auth.p = bytes_take(in, q->qe_auth.n);
	if (q->qe_auth.p == NULL)
		return -1;
	return take_cert(&q->cert_type, &q->cert, in);
}

static int
parse_signature(struct quote *q, struct bytes in, struct err *e)
{
	struct bytes outer = in;
	unsigned type;

	q->signature = bytes_take(&in, 64);
	q->key = bytes_take(&in, 64);
	if (q->signature == NULL || q->key == NULL)
		return err_set(e, EX_DATAERR, "quote: signature data cut off");
	if (q->version > 3) {
		if (take_cert(&type, &outer, &in) || in.n != 0)
			return err_set(e, EX_DATAERR, "quote: certification data "
			    "do not fill the signature data");
		if (type != CERT_QE_REPORT)
			return err_set(e, EX_DATAERR, "quote: certification data "
			    "of type %u, not %u", type, CERT_QE_REPORT);
		in = outer;
	}
	if (take_qe(q, &in) || in.n != 0)
		return err_set(e, EX_DATAERR, "quote: the quoting enclave's "
		    "report and certificate do not fill their place");
	if (q->cert_type < CERT_PPID_PLAIN || q->cert_type > CERT_PCK_CHAIN)
		return err_set(e, EX_DATAERR, "quote: certificate of type %u",
		    q->cert_type);
	return 0;
}

int
quote_parse(struct quote *q, const uint8_t *p, size_t n, struct err *e)
{
	struct bytes in = { p, n }, data;
	const uint8_t *length;

	memset(q, 0, sizeof *q);
	if (n > QUOTE_MAX)
		return err_set(e, EX_DATAERR, "quote: more than %zu bytes",
		    QUOTE_MAX);
	if (bytes_take(&in, HEADER) == NULL)
		return err_set(e, EX_DATAERR, "quote: %zu bytes are no quote", n);
	if (parse_header(q, p, e))
		return -1;
	q->body_len = q->tdx ? QUOTE_TD10 : QUOTE_SGX;
	if (q->version == 5 && body_length(q, &in, e))
		return -1;
	q->body = bytes_take(&in, q->body_len);
	q->signed_part = (struct bytes){ p, (size_t)(in.p - p) };
	length = bytes_take(&in, 4);
	if (q->body == NULL || length == NULL)
		return err_set(e, EX_DATAERR, "quote: cut off");
	data.n = le32(length);
	data.p = bytes_take(&in, data.n);
	if (data.p == NULL)
		return err_set(e, EX_DATAERR, "quote: %zu bytes of signature data "
		    "are not there", data.n);
	q->trailer = in;
	return parse_signature(q, data, e);
}

const uint8_t *
quote_report_data(const struct quote *q)
{
	return q->body + (q->tdx ? TD_REPORTDATA : SGX_REPORTDATA);
}
