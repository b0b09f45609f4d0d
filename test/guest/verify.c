/* Verifies proofs that its input carries: an item each, of 64 bytes, the digest of the
 * program's key as 8 words, and that of the proof's public values. */
#include "sp1.h"

int
main(void)
{
	u32 n = read_u32(), i;

	for (i = 0; i < n; i++) {
		u64 len;
		u8 *item = read_item(&len);

		if (len != 64)
			syscall_halt(3);
		verify_proof((u32 *)item, item + 32);
		commit(item, 64);
	}
	return 0;
}
