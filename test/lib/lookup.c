#include "test/lib/lookup.h"

#include "air/air.h"

bool
lookup_holds(const uint32_t v[4])
{
	uint32_t a = v[1], b = v[2], c = v[3];

	if (v[0] == AIR_OP_RANGE)
		return b <= 16 && a < 1u << b && c == 0;
	if (b > 255 || c > 255)
		return false;
	switch (v[0]) {
	case AIR_OP_AND: return a == (b & c);
	case AIR_OP_OR: return a == (b | c);
	case AIR_OP_XOR: return a == (b ^ c);
	case AIR_OP_U8RANGE: return a == 0;
	case AIR_OP_LTU: return a == (b < c);
	case AIR_OP_MSB: return a == b >> 7 && c == 0;
	}
	return false;
}
