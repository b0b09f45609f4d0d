/* G1, and sums of its multiples. */
#include "bn254/curve.h"

#define JAC jac
#define POINT g1
#define FIELD fq
#define ZERO FQ_ZERO
#define F(op) fq_##op
#define NAME(op) jac_##op
#include "bn254/jacobian.inc"

/* Straus: the doublings are shared, four bits of each scalar at a time.  Small scalars,
 * 0 and 1 among them, need little of their table. */
struct g1
g1_sum(const struct g1 *p, const bn254_fr *k, size_t n)
{
	struct jac table[G1_TERMS][16], r;
	uint64_t e[G1_TERMS][4], most;

	must(n <= G1_TERMS);
	for (size_t i = 0; i < n; i++) {
		bn254_fr_to_limbs(e[i], k[i]);
		most = e[i][1] | e[i][2] | e[i][3] ? 15 : e[i][0];
		table[i][1] = jac_from(&p[i]);
		for (uint64_t j = 2; j < 16 && j <= most; j++)
			jac_add(&table[i][j], &table[i][j - 1], &table[i][1]);
	}
	r = jac_infinity();
	for (int bit = 252; bit >= 0; bit -= 4) {
		for (int j = 0; j < 4; j++)
			jac_double(&r, &r);
		for (size_t i = 0; i < n; i++) {
			unsigned d = e[i][bit / 64] >> bit % 64 & 15;

			if (d != 0)
				jac_add(&r, &r, &table[i][d]);
		}
	}
	return jac_to(&r);
}

struct g1
g1_neg(struct g1 p)
{
	p.y = fq_neg(p.y);
	return p;
}

bool
g1_eq(const struct g1 *p, const struct g1 *q)
{
	if (p->infinity || q->infinity)
		return p->infinity == q->infinity;
	return fq_eq(p->x, q->x) && fq_eq(p->y, q->y);
}

static fq
g1_right_side(fq x)
{
	return fq_add(fq_mul(fq_square(x), x), fq_from_u64(3));
}

bool
g1_on_curve(const struct g1 *p)
{
	return p->infinity || fq_eq(fq_square(p->y), g1_right_side(p->x));
}

struct g1
g1_generator(void)
{
	return (struct g1){fq_one(), fq_from_u64(2), false};
}

int
g1_read(struct g1 *p, const uint8_t in[G1_RAW], const char *what, struct err *e)
{
	struct g1 q = {.infinity = false};

	if (fq_from_be(&q.x, in) || fq_from_be(&q.y, in + 32))
		return err_set(e, EX_NO, "%s: a coordinate is not below q",
		    what);
	if (!g1_on_curve(&q))
		return err_set(e, EX_NO, "%s is not on the curve", what);
	*p = q;
	return 0;
}

void
g1_write(uint8_t out[G1_RAW], const struct g1 *p)
{
	fq_to_be(out, p->infinity ? FQ_ZERO : p->x);
	fq_to_be(out + 32, p->infinity ? FQ_ZERO : p->y);
}

int
point_flag(uint8_t x[32], const uint8_t in[32])
{
	for (int i = 0; i < 32; i++)
		x[i] = in[i];
	x[0] &= 0x3f;
	switch (in[0] & 0xc0) {
	case 0x80:
		return 0;
	case 0xc0:
		return 1;
	}
	return -1;
}

int
g1_unpack(struct g1 *p, const uint8_t in[G1_PACKED], const char *what,
    struct err *e)
{
	struct g1 q = {.infinity = false};
	uint8_t x[32];
	int large = point_flag(x, in);

	if (large < 0)
		return err_set(e, EX_DATAERR, "%s has no flag of a point", what);
	if (fq_from_be(&q.x, x))
		return err_set(e, EX_DATAERR,
		    "%s: a coordinate is not below q", what);
	if (fq_sqrt(&q.y, g1_right_side(q.x)))
		return err_set(e, EX_DATAERR, "%s is not on the curve", what);
	if (fq_is_large(q.y) != large)
		q.y = fq_neg(q.y);
	*p = q;
	return 0;
}
