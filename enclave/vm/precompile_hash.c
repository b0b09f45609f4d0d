/* SHA-256, Keccak-f[1600] and Poseidon2 on guest memory (sp1-machine(7),
 * Precompiles). */
#include <string.h>

#include "base/fips.h"
#include "field/kb.h"
#include "poly/hash.h"
#include "vm/precompile.h"

static uint32_t
ror(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static int
zero_argument(struct vm *m, const struct exec_call *c, uint64_t a1)
{
	if (a1 == 0)
		return 0;
	return vm_fail(m, VM_InvalidSyscallUsage,
	    "%s: the second argument must be 0", c->name);
}

HANDLER(pre_sha_extend)
{
	if (zero_argument(m, c, a1))
		return -1;
	for (unsigned i = 16; i < 64; i++) {
		unsigned t = i - 15;	/* clk + 1, + 2, ... (sp1-machine(7),
					 * Precompiles) */
		uint64_t at = a0 + 8 * i, w15, w2, w16, w7, sum;

		if (pre_read(m, &w15, at - 8 * 15, 1, t) ||
		    pre_read(m, &w2, at - 8 * 2, 1, t) ||
		    pre_read(m, &w16, at - 8 * 16, 1, t) ||
		    pre_read(m, &w7, at - 8 * 7, 1, t))
			return -1;
		sum = (ror((uint32_t)w2, 17) ^ ror((uint32_t)w2, 19) ^
		    (uint32_t)w2 >> 10) + (uint32_t)w16 + (uint32_t)w7;
		sum += ror((uint32_t)w15, 7) ^ ror((uint32_t)w15, 18) ^
		    (uint32_t)w15 >> 3;
		sum = (uint32_t)sum;
		if (pre_write(m, &sum, at, 1, t))
			return -1;
	}
	return 0;
}

HANDLER(pre_sha_compress)
{
	uint64_t w[64], h[8];
	uint32_t s[8];

	if (pre_read(m, h, a1, 8, 0) || pre_read(m, w, a0, 64, 1))
		return -1;
	for (int i = 0; i < 8; i++)
		s[i] = (uint32_t)h[i];
	for (int i = 0; i < 64; i++) {
		uint32_t s1 = ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25);
		uint32_t ch = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t t1 = s[7] + s1 + ch + sha_round_constant[i] + (uint32_t)w[i];
		uint32_t s0 = ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22);
		uint32_t maj = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);

		memmove(s + 1, s, 7 * sizeof *s);
		s[4] += t1;
		s[0] = t1 + s0 + maj;
	}
	for (int i = 0; i < 8; i++)
		h[i] = (uint32_t)h[i] + s[i], h[i] = (uint32_t)h[i];
	return pre_write(m, h, a1, 8, 2);
}

HANDLER(pre_keccak)
{
	uint64_t s[25];

	if (zero_argument(m, c, a1) || pre_read(m, s, a0, 25, 0))
		return -1;
	keccak_f(s);
	return pre_write(m, s, a0, 25, 1);
}

HANDLER(pre_poseidon2)
{
	uint64_t w[8];
	bool canonical = true;
	kb s[16];

	if (zero_argument(m, c, a1) || pre_peek(m, w, a0, 8))
		return -1;
	for (int i = 0; i < 16; i++) {
		uint32_t v = (uint32_t)(w[i / 2] >> 32 * (i % 2));

		canonical &= v < KB_P;
		s[i] = kb_from(v % KB_P);
	}
	if (m->rec && !canonical)
		return vm_unprovable(m, c, "an element is not below p");
	poseidon2(s);
	for (int i = 0; i < 8; i++)
		w[i] = kb_to(s[2 * i]) | (uint64_t)kb_to(s[2 * i + 1]) << 32;
	return pre_write(m, w, a0, 8, 0);
}
