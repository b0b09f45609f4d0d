/* G2: points of the twist. */
#include "bn254/pairing.h"

#define JAC jac2
#define POINT g2
#define FIELD fq2
#define ZERO FQ2_ZERO
#define F(op) fq2_##op
#define NAME(op) jac2_##op
#include "bn254/jacobian.inc"

struct g2
g2_mul(const struct g2 *p, const uint64_t k[4])
{
	struct jac2 one = jac2_from(p), r = jac2_infinity();

	for (unsigned i = 256; i-- > 0;) {
		jac2_double(&r, &r);
		if (k[i / 64] >> i % 64 & 1)
			jac2_add(&r, &r, &one);
	}
	return jac2_to(&r);
}

bool
g2_in_subgroup(const struct g2 *p)
{
	struct g2_lines l;

	return g2_lines(&l, p);
}

/* x^3 + 3 / xi */
static fq2
right_side(fq2 x)
{
	static const fq2 b = {
		{{{0x3bf938e377b802a8u, 0x020b1b273633535du,
		   0x26b7edf049755260u, 0x2514c6324384a86du}}},
		{{{0x38e7ecccd1dcff67u, 0x65f0b37d93ce0d3eu,
		   0xd749d0dd22ac00aau, 0x0141b9ce4a688d4du}}}
	};

	return fq2_add(fq2_mul(fq2_square(x), x), b);
}

bool
g2_on_curve(const struct g2 *p)
{
	return p->infinity || fq2_eq(fq2_square(p->y), right_side(p->x));
}

static int
read_fq2(fq2 *a, const uint8_t in[64])
{
	return fq_from_be(&a->c1, in) || fq_from_be(&a->c0, in + 32) ? -1 : 0;
}

static void
write_fq2(uint8_t out[64], fq2 a)
{
	fq_to_be(out, a.c1);
	fq_to_be(out + 32, a.c0);
}

/* On the twist; whether in the subgroup, its lines tell. */
static int
raw(struct g2 *q, const uint8_t in[G2_RAW], const char *what, struct err *e)
{
	q->infinity = false;
	if (read_fq2(&q->x, in) || read_fq2(&q->y, in + 64))
		return err_set(e, EX_NO, "%s: a coordinate is not below q",
		    what);
	if (!g2_on_curve(q))
		return err_set(e, EX_NO, "%s is not on the curve", what);
	return 0;
}

static int
packed(struct g2 *q, const uint8_t in[G2_PACKED], const char *what,
    struct err *e)
{
	uint8_t x[64];
	int large = point_flag(x, in);

	for (int i = 32; i < 64; i++)
		x[i] = in[i];
	q->infinity = false;
	if (large < 0)
		return err_set(e, EX_DATAERR, "%s has no flag of a point", what);
	if (read_fq2(&q->x, x))
		return err_set(e, EX_DATAERR,
		    "%s: a coordinate is not below q", what);
	if (fq2_sqrt(&q->y, right_side(q->x)))
		return err_set(e, EX_DATAERR, "%s is not on the curve", what);
	if (fq2_is_large(q->y) != large)
		q->y = fq2_neg(q->y);
	return 0;
}

static int
lines(struct g2_lines *l, const struct g2 *q, int status, const char *what,
    struct err *e)
{
	return g2_lines(l, q) ? 0 :
	    err_set(e, status, "%s is outside the subgroup", what);
}

int
g2_read_lines(struct g2_lines *l, const uint8_t in[G2_RAW], const char *what,
    struct err *e)
{
	struct g2 q;

	return raw(&q, in, what, e) || lines(l, &q, EX_NO, what, e) ? -1 : 0;
}

int
g2_unpack_lines(struct g2_lines *l, const uint8_t in[G2_PACKED],
    const char *what, struct err *e)
{
	struct g2 q;

	return packed(&q, in, what, e) ||
	    lines(l, &q, EX_DATAERR, what, e) ? -1 : 0;
}

int
g2_read(struct g2 *p, const uint8_t in[G2_RAW], const char *what, struct err *e)
{
	struct g2_lines l;
	struct g2 q;

	if (raw(&q, in, what, e) || lines(&l, &q, EX_NO, what, e))
		return -1;
	*p = q;
	return 0;
}

int
g2_unpack(struct g2 *p, const uint8_t in[G2_PACKED], const char *what,
    struct err *e)
{
	struct g2_lines l;
	struct g2 q;

	if (packed(&q, in, what, e) || lines(&l, &q, EX_DATAERR, what, e))
		return -1;
	*p = q;
	return 0;
}

void
g2_write(uint8_t out[G2_RAW], const struct g2 *p)
{
	write_fq2(out, p->infinity ? FQ2_ZERO : p->x);
	write_fq2(out + 64, p->infinity ? FQ2_ZERO : p->y);
}

struct g2
g2_generator(void)
{
	/* The smaller of two y, as gnark packs it (EIP-197's generator). */
	static const uint8_t x[G2_PACKED] = {
		0x99, 0x8e, 0x93, 0x93, 0x92, 0x0d, 0x48, 0x3a, 0x72, 0x60,
		0xbf, 0xb7, 0x31, 0xfb, 0x5d, 0x25, 0xf1, 0xaa, 0x49, 0x33,
		0x35, 0xa9, 0xe7, 0x12, 0x97, 0xe4, 0x85, 0xb7, 0xae, 0xf3,
		0x12, 0xc2, 0x18, 0x00, 0xde, 0xef, 0x12, 0x1f, 0x1e, 0x76,
		0x42, 0x6a, 0x00, 0x66, 0x5e, 0x5c, 0x44, 0x79, 0x67, 0x43,
		0x22, 0xd4, 0xf7, 0x5e, 0xda, 0xdd, 0x46, 0xde, 0xbd, 0x5c,
		0xd9, 0x92, 0xf6, 0xed
	};
	struct g2 g;

	must(g2_unpack(&g, x, "generator", NULL) == 0);
	return g;
}
