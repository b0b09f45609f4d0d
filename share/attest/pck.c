#include "attest/pck.h"

#include "attest/der.h"

/* 1.2.840.113741.1.13.1, which all others begin with. */
static const uint8_t base[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01
};

/* A SEQUENCE of an OID of ours with `n` more numbers, and a value: numbers in at[]. */
static int
take_entry(uint8_t *at, size_t n, struct bytes *value, struct bytes *in)
{
	struct bytes oid;

	if (der_take(value, in, DER_SEQUENCE) ||
	    der_take(&oid, value, DER_OID) || oid.n != sizeof base + n ||
	    memcmp(oid.p, base, sizeof base) != 0)
		return -1;
	memcpy(at, oid.p + sizeof base, n);
	return 0;
}

static int
take_octets(uint8_t *out, size_t n, struct bytes *in)
{
	struct bytes v;

	if (der_take(&v, in, DER_OCTETS) || v.n != n)
		return -1;
	memcpy(out, v.p, n);
	return 0;
}

/* .2: its 18 parts in their order. */
static int
parse_tcb(struct pck *p, struct bytes in)
{
	struct bytes seq, value;
	uint8_t at[2], cpusvn[16];
	uint32_t x;
	int bad;

	if (der_take(&seq, &in, DER_SEQUENCE) || in.n != 0)
		return -1;
	for (uint8_t i = 1; i <= 18; i++) {
		if (take_entry(at, 2, &value, &seq) || at[0] != 2 || at[1] != i)
			return -1;
		if (i <= 16) {
			bad = der_uint(&x, &value, DER_INTEGER, UINT8_MAX);
			p->svn[i - 1] = bad ? 0 : (uint8_t)x;
		} else if (i == 17) {
			bad = der_uint(&x, &value, DER_INTEGER, UINT16_MAX);
			p->pcesvn = bad ? 0 : (uint16_t)x;
		} else {
			bad = take_octets(cpusvn, 16, &value);
		}
		if (bad || value.n != 0)
			return -1;
	}
	return seq.n == 0 ? 0 : -1;
}

/* .7 */
static int
parse_configuration(struct pck *p, struct bytes in)
{
	bool *const flag[] = { &p->dynamic, &p->cached_keys, &p->smt };
	struct bytes seq, value;
	uint8_t at[2], last = 0;

	if (der_take(&seq, &in, DER_SEQUENCE) || in.n != 0)
		return -1;
	while (seq.n != 0) {
		if (take_entry(at, 2, &value, &seq) || at[0] != 7 ||
		    at[1] <= last || at[1] > 3)
			return -1;
		last = at[1];
		if (der_bool(flag[at[1] - 1], &value) || value.n != 0)
			return -1;
	}
	p->has_configuration = true;
	return 0;
}

static int
parse_entry(struct pck *p, uint8_t at, struct bytes value)
{
	int bad;

	switch (at) {
	case 1:
		bad = take_octets(p->ppid, 16, &value);
		break;
	case 2:
		return parse_tcb(p, value);
	case 3:
		bad = take_octets(p->pce_id, 2, &value);
		break;
	case 4:
		bad = take_octets(p->fmspc, 6, &value);
		break;
	case 5:
		bad = der_uint(&p->sgx_type, &value, DER_ENUMERATED, 2);
		break;
	case 6:
		p->has_instance = true;
		bad = take_octets(p->instance, 16, &value);
		break;
	case 7:
		return parse_configuration(p, value);
	default:
		return -1;
	}
	return bad || value.n != 0 ? -1 : 0;
}

int
pck_parse(struct pck *p, struct bytes der)
{
	struct bytes seq, value;
	uint8_t at;
	unsigned seen = 0;

	memset(p, 0, sizeof *p);
	if (der_take(&seq, &der, DER_SEQUENCE) || der.n != 0)
		return -1;
	while (seq.n != 0) {
		if (take_entry(&at, 1, &value, &seq) || at > 7 ||
		    seen >> at & 1 || parse_entry(p, at, value))
			return -1;
		seen |= 1u << at;
	}
	/* 1 to 5 are always there. */
	return (seen & 0x3e) == 0x3e ? 0 : -1;
}

int
pck_read(struct pck *p, X509 *leaf, struct err *e)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("1.2.840.113741.1.13.1", 1);
	int at = oid != NULL ? X509_get_ext_by_OBJ(leaf, oid, -1) : -1;
	bool twice = at >= 0 && X509_get_ext_by_OBJ(leaf, oid, at) >= 0;
	const ASN1_OCTET_STRING *s;

	ASN1_OBJECT_free(oid);
	if (at < 0 || twice)
		return err_set(e, EX_NO, "the platform's certificate has %s SGX "
		    "extension", twice ? "more than one" : "no");
	s = X509_EXTENSION_get_data(X509_get_ext(leaf, at));
	if (pck_parse(p, (struct bytes){ ASN1_STRING_get0_data(s),
	    (size_t)ASN1_STRING_length(s) }))
		return err_set(e, EX_NO, "the platform's certificate has an SGX "
		    "extension that is not of Intel's form");
	return 0;
}
