/* BLAKE3's published vectors: input byte i is i mod 251. */
#include "base/blake3.h"
#include "test/lib/tap.h"

int
main(void)
{
	static const struct { size_t len; const char *hash; } known[] = {
		{0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
		{1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
		{1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
		{1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
		{3072, "b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2"},
		{31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"},
	};
	static uint8_t in[31744];
	uint8_t out[32];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i % 251);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		blake3(out, in, known[i].len);
		is_hex(out, 32, known[i].hash, "%zu bytes", known[i].len);
	}
	return done_testing();
}
