#ifndef ATTEST_DER_H
#define ATTEST_DER_H
/* DER, element by element: definite lengths in their shortest form, tags of a byte. */
#include "attest/bytes.h"
#include "base/err.h"

enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_ENUMERATED = 0x0a,
	DER_SEQUENCE = 0x30,
};

/* Takes the next element, which must have this tag, from the front of *in. */
CHECKED int der_take(struct bytes *out, struct bytes *in, uint8_t tag);
/* Takes an INTEGER (or another with its form) that is not negative, up to max. */
CHECKED int der_uint(uint32_t *out, struct bytes *in, uint8_t tag, uint32_t max);
/* Takes a BOOLEAN, 0x00 or 0xff as DER has it; -1: something else. */
CHECKED int der_bool(bool *out, struct bytes *in);

#endif
