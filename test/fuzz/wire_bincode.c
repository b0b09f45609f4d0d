/* The first byte tells how many of the next are calls; the rest is read. */
#include "wire/bincode.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct bin_reader r;
	struct err e = { 0 };
	size_t calls, i, n, k;
	const uint8_t *p;
	volatile uint8_t sum = 0;

	if (len == 0 || len - 1 < in[0])
		return 0;
	calls = in[0];
	bin_read(&r, in + 1 + calls, len - 1 - calls, "fuzz", &e);
	for (i = 1; i <= calls; i++) {
		p = NULL;
		n = 0;
		switch (in[i] % 8) {
		case 0:
			bin_u8(&r);
			break;
		case 1:
			bin_u32(&r);
			break;
		case 2:
			bin_u64(&r);
			break;
		case 3:
			bin_bool(&r);
			break;
		case 4:
			n = bin_count(&r, in[i] / 8 + 1u);
			must(n * (in[i] / 8 + 1u) <= bin_left(&r));
			n = 0;
			break;
		case 5:
			p = bin_bytes(&r, &n);
			break;
		case 6:
			p = (const uint8_t *)bin_str(&r, &n);
			break;
		default:
			n = in[i] / 8;
			p = bin_take(&r, n);
			n = p != NULL ? n : 0;
		}
		for (k = 0; k < n; k++)
			sum += p[k];
		must(r.at <= r.n && (!r.failed || e.status == EX_DATAERR));
	}
	must((bin_done(&r) == 0) == (!r.failed && r.at == r.n));
	return 0;
}
