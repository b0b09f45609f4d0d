/* Lifted messages: on the curve, from the permutation, on the receiving side. */
#include "poly/hash.h"
#include "poly/lift.h"
#include "test/lib/tap.h"

int
main(void)
{
	int bad = 0, tried[3] = {0};
	kb m[8], in[16], s[16];
	struct septic_point p;
	uint8_t offset;

	for (uint32_t i = 0; i < 500; i++) {
		uint32_t last;

		lift_memory_message(m, 0, i, 8 * (uint64_t)i << 20,
		    0x0123456789abcdefu * i);
		if (septic_lift(&p, &offset, m, in)) {
			bad++;
			continue;
		}
		tried[offset < 2 ? offset : 2]++;
		bad += !kb_eq(in[7], kb_add(m[7],
		    kb_from((uint32_t)offset << 16)));
		bad += !!memcmp(in, m, 7 * sizeof *m);
		for (int k = 8; k < 16; k++)
			bad += in[k].v != 0;
		memcpy(s, in, sizeof s);
		poseidon2(s);
		bad += !!memcmp(s, &p.x, sizeof p.x) || !septic_on_curve(&p);
		last = kb_to(p.y.c[6]);
		bad += !last || last > 63u << 24;
		/* the offsets before it have no point, or y[6] out of range */
		for (uint32_t k = 0; k < offset; k++) {
			septic x, y;

			memcpy(s, in, sizeof s);
			s[7] = kb_add(m[7], kb_from(k << 16));
			poseidon2(s);
			memcpy(&x, s, sizeof x);
			if (septic_sqrt(&y, septic_curve_rhs(x)))
				continue;
			last = kb_to(y.c[6]);
			bad += last && (last <= 63u << 24 ||
			    last >= KB_P - (63u << 24));
		}
	}
	ok(!bad, "500 memory words");
	ok(tried[0] > 200 && tried[1] > 80 && tried[2] > 80,
	    "offsets 0, 1, more: %d, %d, %d", tried[0], tried[1], tried[2]);
	lift_memory_message(m, 3, 4, 0x123456789abc, 0x0123456789abcdef);
	ok(kb_to(m[0]) == (1 << 24) + 3 && kb_to(m[1]) == 4 &&
	    kb_to(m[2]) == 0x9abc && kb_to(m[3]) == 0x5678 &&
	    kb_to(m[4]) == 0x1234 && kb_to(m[5]) == 0x67cdef &&
	    kb_to(m[6]) == 0x4589ab && kb_to(m[7]) == 0x0123,
	    "a memory word's message");
	return done_testing();
}
