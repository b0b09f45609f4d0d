/* Any bytes as evidence of GPUs, as one report, and as reference measurements. */
#include "attest/gpu.h"
#include "attest/rim.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct bytes text = { in, len };
	static bool started;
	struct gpu_report report;
	struct gpus g;
	struct rim r;
	struct err e;

	if (!started)
		must(rim_start(&e) == 0);
	started = true;
	if (gpu_report_parse(&report, text, &e) == 0)
		must(report.signature + 96 == in + len);
	if (gpus_parse(&g, text, &e) == 0)
		for (size_t i = 0; i < g.n; i++)
			ignore(gpu_check_firmware(&g.of[i], &e));
	gpus_free(&g);
	if (rim_parse(&r, text, &e))
		must(e.status == EX_DATAERR);
	rim_free(&r);
	return 0;
}
