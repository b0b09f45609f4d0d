/* What is no verifying key, and programs that have none. */
#include "stark/setup.h"
#include "test/lib/tap.h"

int
main(void)
{
	uint8_t bytes[VK_BYTES + 1] = {0};
	struct rv_program p = {0};
	struct err e;
	struct vk vk;

	ok(vk_decode(&vk, bytes, VK_BYTES - 1, &e) && e.status == EX_DATAERR,
	    "a short key is refused: %s", e.msg);
	ok(vk_decode(&vk, bytes, VK_BYTES + 1, &e) && e.status == EX_DATAERR,
	    "a long key is refused");
	bytes[100] = 1;
	bytes[103] = 0x7f;
	ok(vk_decode(&vk, bytes, VK_BYTES, &e) && e.status == EX_DATAERR,
	    "p is no canonical element: %s", e.msg);
	bytes[100] = 0;
	ok(!vk_decode(&vk, bytes, VK_BYTES, &e), "p - 1 is one");
	ok(setup_vk(&vk, &p, &e) && e.status == EX_DATAERR,
	    "no instructions, no key: %s", e.msg);
	p.n = (1u << 22) + 1;
	ok(setup_vk(&vk, &p, &e) && e.status == EX_DATAERR,
	    "too many, no key: %s", e.msg);
	return done_testing();
}
