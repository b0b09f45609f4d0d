/*
 * Guests run by our machine, cut into shards as the stock's sequential routine cuts
 * them: every trace of the shards that test/vectors/trace/traces.tsv has equals the
 * stock prover's, by SHA-256 of the row-major trace, elements little-endian.
 * Shards in the order of their making, but precompile shards between two others
 * by chip, as in run/chips.def.
 *
 * With arguments GUEST INPUT: only those runs.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/par.h"
#include "shards/public_values.h"
#include "shards/shards.h"
#include "shards/traces.h"
#include "test/lib/tap.h"
#include "vm/vm.h"

#define VECTORS "test/vectors/trace/traces.tsv"

/* cut: element=N, height=N, chunk=N, with commas; -: as usual */
struct want {
	char guest[32], input[32], cut[48], chip[32], sha256[80];
	unsigned shard;
	size_t rows;
};
static struct want want[2000];
static size_t nwant;

static void
read_vectors(void)
{
	FILE *f = fopen(VECTORS, "r");
	struct want *w = want;

	while (f && nwant < 2000 && fscanf(f, "%31s %31s %47s %u %31s %zu %79s",
	    w->guest, w->input, w->cut, &w->shard, w->chip, &w->rows,
	    w->sha256) == 7) {
		nwant++;
		w++;
	}
	if (f)
		fclose(f);
}

static bool
same_run(const struct want *a, const struct want *b)
{
	return !strcmp(a->guest, b->guest) && !strcmp(a->input, b->input) &&
	    !strcmp(a->cut, b->cut);
}

static uint64_t
cut_value(const struct want *w, const char *name)
{
	const char *p = strstr(w->cut, name);

	return p ? strtoull(p + strlen(name), NULL, 10) : 0;
}

/* ---- digests ---- */

static EVP_MD_CTX *
hash_start(void)
{
	EVP_MD_CTX *h = EVP_MD_CTX_new();

	must(h && EVP_DigestInit_ex(h, EVP_sha256(), NULL));
	return h;
}

static void
hash_row(EVP_MD_CTX *h, const kb *row, size_t n)
{
	uint32_t x[4096];

	must(n <= 4096);
	for (size_t i = 0; i < n; i++)
		x[i] = kb_to(row[i]);
	EVP_DigestUpdate(h, x, 4 * n);
}

static void
hash_end(EVP_MD_CTX *h, char *out)
{
	uint8_t d[32];

	EVP_DigestFinal_ex(h, d, NULL);
	EVP_MD_CTX_free(h);
	for (int i = 0; i < 32; i++)
		sprintf(out + 2 * i, "%02x", d[i]);
}

static void
digest_rows(const struct air_chip *a, const struct trace_chip *t,
    const struct shard_events *s, size_t rows, char *out)
{
	static kb row[4096];
	size_t n = t->count(s);
	EVP_MD_CTX *h = hash_start();

	for (size_t i = 0; i < rows; i++) {
		memset(row, 0, a->main_width * sizeof *row);
		if (i < n)
			t->row(s, i, row);
		else if (t->pad)
			t->pad(s, i, row);
		hash_row(h, row, a->main_width);
	}
	hash_end(h, out);
}

/* Tables, whose rows are counts of the others' lookups. */
static void
digest_table(const struct shard_trace *t, const char *name,
    char *out)
{
	const struct trace_shape *s = &t->shape;
	static kb row[16];
	EVP_MD_CTX *h = hash_start();

	for (unsigned i = 0; i < s->cluster->nchips; i++) {
		const struct air_chip *c = s->cluster->chip[i];

		for (size_t r = 0; !strcmp(c->name, name) && r < s->rows[i];
		    r++) {
			t->backend->trace_read(t->cells, i, r, 1, row);
			hash_row(h, row, c->main_width);
		}
	}
	hash_end(h, out);
}

/* ---- a shard ---- */

static const struct trace_chip *
trace_of(const char *name)
{
	for (const struct trace_chip *t = trace_chips; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

static bool
check_chip(const struct want *w, const struct air_machine *m,
    const struct shard_events *s, const struct shard_trace *t)
{
	const struct air_chip *a = air_chip_by_name(m, w->chip,
	    strlen(w->chip));
	const struct trace_chip *c = trace_of(w->chip);
	char got[80] = "-";
	size_t n;

	if (!strcmp(w->chip, "public_values")) {
		EVP_MD_CTX *h = hash_start();

		hash_row(h, s->public_values, STARK_PUBLIC_VALUES);
		hash_end(h, got);
	} else if (!a || (!c && !t->cells)) {
		diag("%s: no such chip", w->chip);
		return false;
	} else if (!c) {
		digest_table(t, w->chip, got);
	} else {
		n = c->count(s);
		if (n > w->rows || (w->rows && w->rows - n >= 32)) {
			diag("%s: %zu real rows, stock has %zu in all",
			    w->chip, n, w->rows);
			return false;
		}
		if (w->rows)
			digest_rows(a, c, s, w->rows, got);
	}
	if (strcmp(got, w->sha256)) {
		diag("%s, %zu rows: differs", w->chip, w->rows);
		return false;
	}
	return true;
}

/* Checks what the vectors have of a shard; the number of its traces. */
static unsigned
check_shard(const struct want *w, unsigned shard,
    const struct air_machine *m, struct shard_events *s)
{
	static const uint32_t nonce[4];
	size_t height[3] = {65536, (s->program->n + 31) & ~31u, 131072};
	const struct proving_key key = {
		.nprep = 3, .rows = height
	};
	const struct prover prover = {.backend = &backend_cpu,
	    .params = &stark_core, .machine = m};
	struct shard_trace t;
	unsigned wrong = 0, chips = 0;
	struct err e;

	for (const struct want *x = want; x < want + nwant; x++)
		chips += same_run(x, w) && x->shard == shard;
	if (chips == 0)
		return 0;
	if (shard_prepare(s, &e) < 0) {
		ok(0, "prepare %s %s shard %u: %s", w->guest, w->input, shard,
		    e.msg);
		return 0;
	}
	public_values_fill(s, nonce);
	if (traces_make(&t, &prover, &key, s, &e) < 0)
		diag("%s", e.msg);
	for (const struct want *x = want; x < want + nwant; x++)
		if (same_run(x, w) && x->shard == shard)
			wrong += !check_chip(x, m, s, &t);
	ok(wrong == 0 && t.cells, "%s %s %s, shard %u: %u traces", w->guest,
	    w->input, w->cut, shard, chips);
	trace_free(&t);
	return chips;
}

/* ---- a run ---- */

static int
to_file(void *ctx, const void *bytes, size_t len)
{
	return write_all(*(int *)ctx, bytes, len, "records", NULL);
}

static bool
run(const struct want *w, const struct rv_program *p, int fd)
{
	struct vm_config c = {
		.element_threshold = cut_value(w, "element="),
		.height_threshold = cut_value(w, "height="),
		.shard_entries = cut_value(w, "chunk="),
		.on_records = to_file, .ctx = &fd
	};
	char path[128];
	uint8_t *input;
	size_t len;
	struct vm *vm;
	struct err e;
	bool good;

	snprintf(path, sizeof path, "test/guest/inputs/%s.bin", w->input);
	if (read_file(path, 1 << 24, &input, &len, &e) < 0) {
		diag("%s", e.msg);
		return false;
	}
	vm = vm_new(p, &c, &e);
	good = vm && !vm_set_input(vm, input, len, &e) &&
	    vm_run(vm)->cause == VM_halted;
	if (vm)
		vm_free(vm);
	free(input);
	return good && lseek(fd, 0, SEEK_SET) == 0;
}

static void
check_run(const struct want *w, const struct air_machine *m)
{
	int fd = memfd_create("records", MFD_CLOEXEC), got = -1;
	struct shard_source source = {0};
	struct shard_events s;
	struct rv_program p;
	unsigned shard = 0, last = 0, traces = 0, all = 0, told = 0, right = 0;
	uint32_t code;
	char path[128];
	struct err e = {0};

	for (const struct want *x = want; x < want + nwant; x++)
		if (same_run(x, w)) {
			last = x->shard > last ? x->shard : last;
			all++;
		}
	snprintf(path, sizeof path, "test/guest/%s.elf", w->guest);
	if (rv_load_file(&p, path, &e) < 0 || !run(w, &p, fd) ||
	    shards_open(&source, fd, &p, NULL, &e) < 0) {
		ok(0, "run %s on %s: %s", w->guest, w->input, e.msg);
		close(fd);
		return;
	}
	while ((got = shards_next(&source, &s, &code, &e)) == 1) {
		size_t left = shards_left(&source);

		traces += check_shard(w, shard++, m, &s);
		shard_events_free(&s);
		told += left != SHARDS_UNKNOWN;
		right += shard + left == last + 1;
	}
	ok(got == 0 && shard == last + 1 && traces == all,
	    "%s %s %s: %u shards%s%s", w->guest, w->input, w->cut, shard,
	    got < 0 ? ": " : "", got < 0 ? e.msg : "");
	ok(told > 0 && right == told, "%s %s %s: their number is foreseen, from "
	    "shard %u on", w->guest, w->input, w->cut, shard - told);
	shards_close(&source);
	rv_free(&p);
	close(fd);
}

int
main(int argc, char **argv)
{
	const struct air_machine *m = air_machine_riscv();
	const struct want *before = NULL;

	par_start(0);
	read_vectors();
	ok(nwant > 0, "%s: %zu traces", VECTORS, nwant);
	for (const struct want *w = want; w < want + nwant; w++) {
		if (before && same_run(w, before))
			continue;
		before = w;
		if (argc == 3 && (strcmp(argv[1], w->guest) ||
		    strcmp(argv[2], w->input)))
			continue;
		check_run(w, m);
	}
	return done_testing();
}
