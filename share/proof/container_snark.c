#include "proof/container_snark.h"

#include <string.h>

#include "proof/read.h"
#include "proof/write.h"

#define DIGITS 78	/* of 2^256 - 1 */

/* x = 10 x + d; false: more than 32 bytes. */
static bool
append_digit(uint8_t x[32], unsigned d)
{
	for (int i = 31; i >= 0; i--) {
		d += 10u * x[i];
		x[i] = (uint8_t)d;
		d >>= 8;
	}
	return d == 0;
}

static void
read_number(struct cursor *c, uint8_t out[32])
{
	size_t n = read_count(c, 1);

	memset(out, 0, 32);
	if (!c->bad && (n == 0 || n > DIGITS || (n > 1 && *c->p == '0')))
		read_fail(c, "a public input is no decimal number of 32 bytes, "
		    "without leading zeros");
	for (size_t i = 0; !c->bad && i < n; i++)
		if (c->p[i] < '0' || c->p[i] > '9' ||
		    !append_digit(out, c->p[i] - '0'))
			read_fail(c, "a public input is no decimal number of "
			    "32 bytes");
	if (!c->bad)
		c->p += n;
}

static int
hex_digit(uint8_t x)
{
	return x >= '0' && x <= '9' ? x - '0' :
	    x >= 'a' && x <= 'f' ? x - 'a' + 10 : -1;
}

static struct byte_vec
read_hex(struct cursor *c)
{
	size_t n = read_count(c, 1);
	struct byte_vec v = {0};

	if (n % 2 != 0)
		read_fail(c, "an odd number of hexadecimal digits");
	v.v = read_space(c, n / 2, 1);
	for (size_t i = 0; !c->bad && i < n; i += 2) {
		int high = hex_digit(c->p[i]), low = hex_digit(c->p[i + 1]);

		if (high < 0 || low < 0)
			read_fail(c, "no lower-case hexadecimal digit");
		else
			v.v[i / 2] = (uint8_t)(high << 4 | low);
	}
	if (!c->bad)
		c->p += n;
	v.n = c->bad ? 0 : n / 2;
	return v;
}

int
snark_proof_read(struct snark_proof *p, struct arena *a, const uint8_t *in,
    size_t len, struct err *e)
{
	struct cursor c = read_begin(a, in, len, e);
	uint64_t mode = read_uint(&c, 4);

	memset(p, 0, sizeof *p);
	if (mode != PROOF_PLONK && mode != PROOF_GROTH16)
		read_fail(&c, "not a plonk or groth16 proof");
	else
		p->mode = (enum proof_mode)mode;
	for (int i = 0; i < 5; i++)
		read_number(&c, p->input[i]);
	p->encoded = read_hex(&c);
	p->raw = read_hex(&c);
	for (int i = 0; i < 32; i++)
		p->key_hash[i] = (uint8_t)read_uint(&c, 1);
	read_tail(&c, &p->tail);
	return read_end(&c);
}

static void
write_number(struct sink *s, const uint8_t x[32])
{
	char digits[DIGITS];
	size_t n = 0;
	uint8_t rest[32];
	bool more;

	memcpy(rest, x, sizeof rest);
	do {
		unsigned d = 0;

		more = false;
		for (int i = 0; i < 32; i++) {
			d = d << 8 | rest[i];
			rest[i] = (uint8_t)(d / 10);
			d %= 10;
			more |= rest[i] != 0;
		}
		digits[DIGITS - ++n] = (char)('0' + d);
	} while (more);
	write_bytes(s, digits + DIGITS - n, n);
}

static void
write_hex(struct sink *s, const struct byte_vec *v)
{
	write_u64(s, 2 * v->n);
	for (size_t i = 0; i < 2 * v->n; i++)
		write_uint(s, (uint8_t)"0123456789abcdef"[
		    v->v[i / 2] >> (i % 2 ? 0 : 4) & 15], 1);
}

static void
put(struct sink *s, const struct snark_proof *p)
{
	write_uint(s, p->mode, 4);
	for (int i = 0; i < 5; i++)
		write_number(s, p->input[i]);
	write_hex(s, &p->encoded);
	write_hex(s, &p->raw);
	for (int i = 0; i < 32; i++)
		write_uint(s, p->key_hash[i], 1);
	write_tail(s, &p->tail);
}

size_t
snark_proof_size(const struct snark_proof *p)
{
	struct sink s = {NULL, 0, false};

	put(&s, p);
	return s.n;
}

void
snark_proof_write(uint8_t *out, const struct snark_proof *p)
{
	struct sink s = {out, 0, false};

	put(&s, p);
}
