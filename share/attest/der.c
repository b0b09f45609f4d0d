#include "attest/der.h"

int
der_take(struct bytes *out, struct bytes *in, uint8_t tag)
{
	const uint8_t *p = bytes_take(in, 2);
	size_t n;

	if (p == NULL || p[0] != tag)
		return -1;
	n = p[1];
	if (n == 0x81) {
		p = bytes_take(in, 1);
		if (p == NULL || p[0] < 0x80)
			return -1;
		n = p[0];
	} else if (n == 0x82) {
		p = bytes_take(in, 2);
		if (p == NULL || p[0] == 0)
			return -1;
		n = (size_t)p[0] << 8 | p[1];
	} else if (n > 0x7f) {
		return -1;
	}
	out->n = n;
	out->p = bytes_take(in, n);
	return out->p != NULL ? 0 : -1;
}

int
der_uint(uint32_t *out, struct bytes *in, uint8_t tag, uint32_t max)
{
	struct bytes v;
	uint64_t x = 0;

	if (der_take(&v, in, tag) || v.n == 0 || v.n > 5 || v.p[0] & 0x80 ||
	    (v.n > 1 && v.p[0] == 0 && !(v.p[1] & 0x80)))
		return -1;
	for (size_t i = 0; i < v.n; i++)
		x = x << 8 | v.p[i];
	if (x > max)
		return -1;
	*out = (uint32_t)x;
	return 0;
}

int
der_bool(bool *out, struct bytes *in)
{
	struct bytes v;

	if (der_take(&v, in, DER_BOOLEAN) || v.n != 1 ||
	    (v.p[0] != 0 && v.p[0] != 0xff))
		return -1;
	*out = v.p[0] != 0;
	return 0;
}
