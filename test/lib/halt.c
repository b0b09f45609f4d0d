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

static void
halt_row(const void *events, size_t i, kb *row)
{
	const struct halt_chip *c = events;

	for (unsigned j = 0; j < c->chip->main_width; j++)
		row[j] = c->column[j * c->rows + i];
}

static struct trace_rows
halt_rows_of(const void *ctx, const struct air_chip *a)
{
	const struct halt *h = ctx;
	const struct halt_chip *c = h->chip;

	while (c->chip != a)
		must(++c < h->chip + h->cluster->nchips);
	return (struct trace_rows){.events = c, .row = halt_row, .n = c->rows};
}

void
halt_make(struct shard_trace *t, const struct prover *p, const struct halt *h)
{
	const struct trace_source from = {.rows_of = halt_rows_of, .ctx = h};
	struct trace_shape s = {.machine = h->machine, .cluster = h->cluster};
	struct trace_miss miss;
	struct err e;

	memcpy(s.public_values, h->public_values, sizeof s.public_values);
	s.rows = calloc(h->cluster->nchips, sizeof *s.rows);
	must(s.rows);
	for (size_t c = 0; c < h->cluster->nchips; c++) {
		s.rows[c] = h->chip[c].rows;
		s.area += s.rows[c] * h->chip[c].chip->main_width;
	}
	must(trace_make(t, p, s, &from, &miss, &e) == 0);
}

int
halt_read(struct halt *h, const struct air_machine *m)
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
		h->public_values[i] = kb_from(halt_word());
	chips = halt_word();
	h->machine = m;
	p = h->main = calloc((size_t)1 << 21, sizeof *h->main);
	must(h->main && chips <= HALT_CHIPS);
	for (size_t c = 0; c < chips; c++) {
		const char *name = (const char *)halt_at;
		const struct air_chip *a;
		uint32_t width, n, rows;

		must(halt_end - halt_at >= 24);
		a = air_chip_by_name(m, name, strnlen(name, 24));
		must(a);
		halt_at += 24;
		have[a->index] = true;
		rows = halt_word();
		width = halt_word();
		must(rows == 0 || width == a->main_width);
		h->chip[c] = (struct halt_chip){a, rows, p};
		area += (size_t)rows * width;
		must(area <= (size_t)1 << 21);
		for (n = halt_word(); n > 0; n--) {
			size_t row = halt_word();

			must(row < rows);
			for (uint32_t j = 0; j < width; j++)
				p[(size_t)j * rows + row] = kb_from(halt_word());
		}
		p += (size_t)rows * width;
	}
	h->cluster = air_cluster_exact(m, have);
	free(file);
	return h->cluster && h->cluster->nchips == chips ? 0 : -1;
}
