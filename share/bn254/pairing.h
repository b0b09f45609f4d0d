#ifndef BN254_PAIRING_H
#define BN254_PAIRING_H
/*
 * The optimal ate pairing.  All that depends on the point of G2 is worked out by
 * g2_lines(), once for a key's points; a product of pairings shares one loop and one
 * final exponentiation.
 */
#include "base/err.h"
#include "bn254/curve.h"

/* The line through two points of the twist, at P = (x, y) of G1:
 * a y + b x w + c w^3, up to a factor that the final exponentiation removes. */
struct line { fq2 a, b, c; };

#define PAIRING_LINES 88
struct g2_lines {
	bool infinity;
	struct line line[PAIRING_LINES];
};

/* False: q, a point of the twist, is outside the subgroup. */
CHECKED bool g2_lines(struct g2_lines *l, const struct g2 *q);
/* g2_read(), but to the lines. */
CHECKED int g2_read_lines(struct g2_lines *l, const uint8_t in[G2_RAW],
    const char *what, struct err *e);
/* The same of a key's point. */
CHECKED int g2_unpack_lines(struct g2_lines *l, const uint8_t in[G2_PACKED],
    const char *what, struct err *e);

/* The product of e(p[i], q[i]), up to one fixed power (coprime to r, so that one
 * stays one): 2x (6x^2 + 3x + 1), as in gnark. */
void pairing(fq12 *r, const struct g1 *p, const struct g2_lines *const *q,
    size_t n);
/* That product is one: what a verifier asks. */
CHECKED bool pairing_is_one(const struct g1 *p, const struct g2_lines *const *q,
    size_t n);

/* The same in two halves, for products of which a part is always the same: all before
 * the final exponentiation, and whether this makes it one. */
void pairing_loop(fq12 *r, const struct g1 *p, const struct g2_lines *const *q,
    size_t n);
/* The other half, of what pairing_loop() gave, or a product of such. */
CHECKED bool pairing_loop_is_one(const fq12 *a);

#endif
