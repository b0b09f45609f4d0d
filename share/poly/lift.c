#include "poly/lift.h"

#include <string.h>

#include "poly/hash.h"

#define RECEIVE_MAX (63u << 24)

DEVICE int
septic_lift(struct septic_point *p, uint8_t *offset, const kb m[8], kb perm[16])
{
	const kb step = kb_from(1 << 16);
	kb in[16] = {{0}}, s[16];

	memcpy(in, m, 8 * sizeof *m);
	for (unsigned i = 0; i < 256; i++, in[7] = kb_add(in[7], step)) {
		struct septic_point q;
		uint32_t last;

		memcpy(s, in, sizeof s);
		poseidon2(s);
		memcpy(&q.x, s, sizeof q.x);
		if (septic_sqrt(&q.y, septic_curve_rhs(q.x)))
			continue;
		last = kb_to(q.y.c[6]);
		if (!last || (last > RECEIVE_MAX && last < KB_P - RECEIVE_MAX))
			continue;
		if (last > RECEIVE_MAX)
			q.y = septic_neg(q.y);
		*p = q;
		*offset = (uint8_t)i;
		if (perm)
			memcpy(perm, in, sizeof in);
		return 0;
	}
	return -1;
}

DEVICE void
lift_memory_message(kb m[8], uint32_t ts_high, uint32_t ts_low, uint64_t addr,
    uint64_t value)
{
	m[0] = kb_from((1u << 24) + ts_high);
	m[1] = kb_from(ts_low);
	for (int i = 0; i < 3; i++)
		m[2 + i] = kb_from((uint32_t)(addr >> (16 * i)) & 0xffff);
	m[5] = kb_from((uint32_t)((value & 0xffff) +
	    ((value >> 32 & 0xff) << 16)));
	m[6] = kb_from((uint32_t)((value >> 16 & 0xffff) +
	    ((value >> 40 & 0xff) << 16)));
	m[7] = kb_from((uint32_t)(value >> 48));
}
