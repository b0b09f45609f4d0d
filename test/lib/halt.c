#include "test/lib/halt.h"

static const uint8_t *halt_at, *halt_end;

static uint32_t
halt_word(void)
{
	uint32_t x;

	must(halt_end - halt_at >= 4);
	memcpy(&x, halt_at, 4);
	halt_at += 4;
	return x;
}

int
halt_trace(struct shard_trace *t, const struct air_machine *m)
{
	uint8_t *file;
	size_t len, chips, area = 0;
	bool have[128] = {false};
	kb *p;
	struct err e;

	if (read_file("test/vectors/prover/halt.trace", 1 << 20, &file, &len,
	    &e)) {
		diag("%s", e.msg);
		return -1;
	}
	halt_at = file;
	halt_end = file + len;
	for (int i = 0; i < STARK_PUBLIC_VALUES; i++)
		t->public_values[i] = kb_from(halt_word());
	chips = halt_word();
	t->rows = calloc(chips, sizeof *t->rows);
	p = t->main = calloc((size_t)1 << 21, sizeof *t->main);
	must(t->rows && t->main);
	for (size_t c = 0; c < chips; c++) {
		const char *name = (const char *)halt_at;
		const struct air_chip *a;
		uint32_t width, n;

		must(halt_end - halt_at >= 24);
		a = air_chip_by_name(m, name, strnlen(name, 24));
		must(a);
		halt_at += 24;
		have[a->index] = true;
		t->rows[c] = halt_word();
		width = halt_word();
		must(t->rows[c] == 0 || width == a->main_width);
		area += t->rows[c] * width;
		must(area <= (size_t)1 << 21);
		for (n = halt_word(); n > 0; n--) {
			size_t row = halt_word();

			must(row < t->rows[c]);
			for (uint32_t j = 0; j < width; j++)
				p[j * t->rows[c] + row] = kb_from(halt_word());
		}
		p += t->rows[c] * width;
	}
	t->area = area;
	t->cluster = air_cluster_exact(m, have);
	free(file);
	return t->cluster && t->cluster->nchips == chips ? 0 : -1;
}
