#include "rows/precompile.h"

#include "air/op/check.h"

DEVICE void
fill_syscall_addr(struct op_syscall_addr *o, uint64_t addr)
{
	int32_t top = limb(addr, 1) + limb(addr, 2);

	fill_addr(o->addr, addr);
	o->top_two_limb_min = small_inv(top);
	fill_is_zero(&o->top_two_limb_max, top - 2 * (int32_t)U16_MAX);
}

DEVICE void
fill_addrs(struct op_addr_add *out, uint64_t ptr, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fill_addr(out[i].value, ptr + 8 * i);
}

DEVICE void
fill_access_u8(struct memory_access_u8 *m, const struct rec_access *a,
    unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		fill_access(&m[i].memory_access, &a[i]);
		fill_u16_to_u8(&m[i].prev_value_u8, a[i].prev);
	}
}
