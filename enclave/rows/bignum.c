#include "rows/bignum.h"

#include <string.h>

typedef unsigned __int128 u128;

DEVICE int
num_is_zero(const struct num *x)
{
	uint64_t any = 0;

	for (int i = 0; i < FIELD_WORDS; i++)
		any |= x->w[i];
	return !any;
}

DEVICE static int
num_is_one(const struct num *x)
{
	uint64_t any = x->w[0] ^ 1;

	for (int i = 1; i < FIELD_WORDS; i++)
		any |= x->w[i];
	return !any;
}

DEVICE static int
num_less(const struct num *x, const struct num *y)
{
	for (int i = FIELD_WORDS; i-- > 0;)
		if (x->w[i] != y->w[i])
			return x->w[i] < y->w[i];
	return 0;
}

/* x += y over n words, the carry beyond them. */
DEVICE static uint64_t
add(uint64_t *x, const uint64_t *y, unsigned n)
{
	uint64_t carry = 0;

	for (unsigned i = 0; i < n; i++) {
		u128 t = (u128)x[i] + y[i] + carry;

		x[i] = (uint64_t)t;
		carry = (uint64_t)(t >> 64);
	}
	return carry;
}

DEVICE static uint64_t
subtract(uint64_t *x, const uint64_t *y, unsigned n)
{
	uint64_t borrow = 0;

	for (unsigned i = 0; i < n; i++) {
		u128 t = (u128)x[i] - y[i] - borrow;

		x[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	return borrow;
}

DEVICE struct num
num_sub(const struct num *x, const struct num *y)
{
	struct num r = *x;

	subtract(r.w, y->w, FIELD_WORDS);
	return r;
}

DEVICE void
wide_add(struct wide *acc, const struct num *x)
{
	uint64_t carry = add(acc->w, x->w, FIELD_WORDS);

	for (unsigned i = FIELD_WORDS; carry && i < WIDE_WORDS; i++)
		carry = ++acc->w[i] == 0;
}

DEVICE void
wide_sub(struct wide *acc, const struct num *x)
{
	uint64_t borrow = subtract(acc->w, x->w, FIELD_WORDS);

	for (unsigned i = FIELD_WORDS; borrow && i < WIDE_WORDS; i++)
		borrow = acc->w[i]-- == 0;
}

DEVICE void
wide_add_mul(struct wide *acc, const struct num *x, const struct num *y)
{
	for (unsigned i = 0; i < FIELD_WORDS; i++) {
		uint64_t carry = 0;

		if (!x->w[i])
			continue;
		for (unsigned j = 0; j < WIDE_WORDS - i; j++) {
			u128 t = (u128)acc->w[i + j] + carry;

			if (j < FIELD_WORDS)
				t += (u128)x->w[i] * y->w[j];
			else if (!carry)
				break;
			acc->w[i + j] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
	}
}

/* ---- division: Knuth's algorithm D, in words of 64 bits ---- */

/* x << s over n words, 0 <= s < 64; what falls off the top. */
DEVICE static uint64_t
shift_left(uint64_t *out, const uint64_t *x, unsigned n, unsigned s)
{
	uint64_t carry = 0;

	for (unsigned i = 0; i < n; i++) {
		uint64_t t = x[i];

		out[i] = t << s | carry;
		carry = s ? t >> (64 - s) : 0;
	}
	return carry;
}

DEVICE static void
shift_right(uint64_t *x, unsigned n, unsigned s)
{
	for (unsigned i = 0; s && i < n; i++)
		x[i] = x[i] >> s | (i + 1 < n ? x[i + 1] << (64 - s) : 0);
}

/* The digit of (x[0..n] / m[0..n)), x[n..] below m; subtracts it times m. */
DEVICE static uint64_t
divide_digit(uint64_t *x, const uint64_t *m, unsigned n)
{
	uint64_t carry = 0, borrow = 0, top = m[n - 1], digit;
	u128 head = (u128)x[n] << 64 | x[n - 1], rest;

	if (x[n] >= top) {
		digit = UINT64_MAX;
	} else {
		digit = (uint64_t)(head / top);
		rest = head % top;
		while (n > 1 && rest >> 64 == 0 &&
		    (u128)digit * m[n - 2] > (rest << 64 | x[n - 2])) {
			digit--;
			rest += top;
		}
	}
	for (unsigned i = 0; i <= n; i++) {
		u128 p = i < n ? (u128)digit * m[i] + carry : carry;
		u128 t = (u128)x[i] - (uint64_t)p - borrow;

		carry = (uint64_t)(p >> 64);
		x[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	while (borrow) {	/* the guess was too high */
		digit--;
		borrow -= add(x, m, n) && ++x[n] == 0;
	}
	return digit;
}

DEVICE void
wide_divide(struct wide *quotient, struct wide *x, const struct num *m)
{
	uint64_t u[WIDE_WORDS + 1], v[FIELD_WORDS];
	unsigned n = FIELD_WORDS, s;

	while (n > 1 && !m->w[n - 1])
		n--;
	s = (unsigned)__builtin_clzll(m->w[n - 1]);
	shift_left(v, m->w, n, s);
	u[WIDE_WORDS] = shift_left(u, x->w, WIDE_WORDS, s);
	memset(quotient, 0, sizeof *quotient);
	for (unsigned i = WIDE_WORDS + 1 - n; i-- > 0;)
		quotient->w[i] = divide_digit(u + i, v, n);
	shift_right(u, n, s);
	memset(x, 0, sizeof *x);
	memcpy(x->w, u, n * sizeof *u);
}

/* ---- modulo m ---- */

DEVICE static struct num
reduce(struct wide *x, const struct num *m)
{
	struct wide quotient;
	struct num r;

	wide_divide(&quotient, x, m);
	memcpy(r.w, x->w, sizeof r.w);
	return r;
}

DEVICE struct num
num_mod(const struct num *x, const struct num *m)
{
	struct wide t = {{0}};

	wide_add(&t, x);
	return reduce(&t, m);
}

DEVICE struct num
num_sub_mod(const struct num *x, const struct num *y, const struct num *m)
{
	struct num a = num_mod(x, m), b = num_mod(y, m);

	if (subtract(a.w, b.w, FIELD_WORDS))
		add(a.w, m->w, FIELD_WORDS);
	return a;
}

DEVICE struct num
num_mul_mod(const struct num *x, const struct num *y, const struct num *m)
{
	struct wide t = {{0}};

	wide_add_mul(&t, x, y);
	return reduce(&t, m);
}

/* k = k / 2 mod p, for k below p */
DEVICE static void
halve(struct num *k, const struct num *p)
{
	uint64_t top = k->w[0] & 1 ? add(k->w, p->w, FIELD_WORDS) : 0;

	shift_right(k->w, FIELD_WORDS, 1);
	k->w[FIELD_WORDS - 1] |= top << 63;
}

/* Makes *u odd; *k, which is *u / x, goes with it. */
DEVICE static void
strip(struct num *u, struct num *k, const struct num *p)
{
	while (!(u->w[0] & 1)) {
		shift_right(u->w, FIELD_WORDS, 1);
		halve(k, p);
	}
}

DEVICE struct num
num_inverse(const struct num *x, const struct num *p)
{
	struct num u = num_mod(x, p), v = *p;
	struct num k = num_small(1), l = num_small(0);

	if (num_is_zero(&u))
		return u;
	/* u = k x and v = l x mod p; the greatest common divisor is 1 */
	strip(&u, &k, p);
	while (!num_is_one(&u) && !num_is_one(&v)) {
		if (num_less(&u, &v)) {
			v = num_sub(&v, &u);
			if (subtract(l.w, k.w, FIELD_WORDS))
				add(l.w, p->w, FIELD_WORDS);
			strip(&v, &l, p);
		} else {
			u = num_sub(&u, &v);
			if (subtract(k.w, l.w, FIELD_WORDS))
				add(k.w, p->w, FIELD_WORDS);
			strip(&u, &k, p);
		}
	}
	return num_is_one(&u) ? k : l;
}
