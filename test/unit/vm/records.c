/* The record stream of whole guests: consistent in itself, and, where the traces of
 * the stock prover are at hand, with the same shards and rows. */
#include "test/lib/tap.h"

#include <unistd.h>

#include "base/io.h"
#include "test/lib/stream.h"

#define GUESTS "test/guest/"
#define TRACES "../shared/vectors/own/trace/"

static struct stream stream;
static struct rv_program program;

/* Runs a guest into `stream`. */
static bool
run(const char *guest, const char *input, struct vm_config c,
    struct vm_result *out)
{
	char path[200];
	struct err e;
	struct vm *m;
	uint8_t *in;
	size_t n;

	snprintf(path, sizeof path, GUESTS "%s.elf", guest);
	if (rv_load_file(&program, path, &e)) {
		diag("%s", e.msg);
		return false;
	}
	stream_open(&stream, &program);
	c.on_records = stream_feed;
	c.ctx = &stream;
	snprintf(path, sizeof path, GUESTS "inputs/%s.bin", input);
	if (read_file(path, 1 << 24, &in, &n, &e)) {
		diag("%s", e.msg);
		return false;
	}
	m = vm_new(&program, &c, &e);
	if (!m || vm_set_input(m, in, n, &e)) {
		diag("%s", e.msg);
		return false;
	}
	*out = *vm_run(m);
	vm_free(m);
	free(in);
	return true;
}

static void
done(void)
{
	stream_close(&stream);
	rv_free(&program);
}

static void
check_run(const char *guest, const char *input, uint64_t element,
    uint64_t shard_entries, unsigned least_shards)
{
	struct vm_result r;

	if (!ok(run(guest, input, (struct vm_config){
		.element_threshold = element, .shard_entries = shard_entries,
	    }, &r) &&
	    r.cause == VM_halted, "%s %s runs", guest, input)) {
		diag("%s", r.detail);
		return;
	}
	ok(!stream.bad && stream.ended && stream.used == 0,
	    "%s %s: the stream holds together", guest, input);
	if (stream.bad)
		diag("%s", stream.why);
	ok(stream.nshards >= least_shards && stream.end.cycles == r.cycles &&
	    stream.end.gas == r.gas && stream.end.pv_len == r.npublic_values,
	    "%s %s: %u shards, and the end", guest, input, stream.nshards);
	done();
}

static uint64_t
padded(enum core_chip chip, uint64_t n)
{
	if (n == 0)
		return chip == CHIP_MemoryBump || chip == CHIP_StateBump ? 16 : 0;
	return (n + 31) / 32 * 32;
}

#define MAX_LINES 64
struct trace_shard {
	bool present;
	uint64_t rows[CHIP_COUNT];
	unsigned long pv[187];
};

/* The traces' lines: chips' rows and public values of each shard. */
static bool
read_trace(const char *path, struct trace_shard *t, unsigned *n)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;

	*n = 0;
	if (!f)
		return false;
	while (getline(&line, &room, f) > 0) {
		unsigned shard;
		unsigned long rows;
		char chip[64];
		char *p;

		if (sscanf(line, "{\"shard\":%u,\"chip\":\"%63[^\"]\",\"rows\":%lu",
		    &shard, chip, &rows) == 3 && shard < MAX_LINES) {
			for (int c = 0; c < CHIP_COUNT; c++)
				if (strcmp(chip, core_chips[c].name) == 0)
					t[shard].rows[c] = rows;
		} else if (sscanf(line, "{\"shard\":%u,\"public_values\":", &shard)
		    == 1 && shard < MAX_LINES &&
		    (p = strstr(line, "public_values\":["))) {
			p += strlen("public_values\":[");
			for (int i = 0; i < 187; i++) {
				t[shard].pv[i] = strtoul(p, &p, 10);
				p += strspn(p, ", ");
			}
			t[shard].present = true;
			if (shard + 1 > *n)
				*n = shard + 1;
		}
	}
	free(line);
	fclose(f);
	return true;
}

static uint64_t
limbs(const unsigned long *v)
{
	return v[0] | v[1] << 16 | v[2] << 32;
}

/* 16, 8, 8 and 16 bits, high first */
static uint64_t
timestamp(const unsigned long *v)
{
	return v[0] << 32 | v[1] << 24 | v[2] << 16 | v[3];
}

/* An execution shard against the stock one.  Packed: memory's rows are in it. */
static bool
same_execution(const struct trace_shard *t,
    const struct shard_counts *s)
{
	bool good = true;
	uint64_t global = s->rows[CHIP_Global] + t->pv[125] + t->pv[126];

	for (int c = CHIP_None + 1; c < CHIP_COUNT; c++) {
		uint64_t want = padded(c, c == CHIP_Global ? global : s->rows[c]);

		if (t->rows[c] != want) {
			diag("%s: stock %llu, ours %llu", core_chips[c].name,
			    (unsigned long long)t->rows[c],
			    (unsigned long long)want);
			good = false;
		}
	}
#define SAME(a, b) \
	if ((a) != (b)) { \
		diag("%s = %llu, %s = %llu", #a, (unsigned long long)(a), \
		    #b, (unsigned long long)(b)); \
		good = false; \
	}
	SAME(t->pv[129], global)
	SAME(limbs(t->pv + 80), s->info.pc_start)
	SAME(limbs(t->pv + 83), s->info.next_pc)
	SAME(timestamp(t->pv + 113), s->info.initial_clk)
	SAME(timestamp(t->pv + 117), s->info.last_clk)
	SAME(t->pv[87], s->info.exit_code)
	SAME(t->pv[145], s->info.commit)
	SAME(t->pv[147], s->info.commit_deferred)
	for (int i = 0; i < 32 && s->info.commit; i++)
		SAME(t->pv[32 + i], s->info.digest[i / 4] >> 8 * (i % 4) & 255)
	return good;
}

/* A precompile shard: one chip, the events of all its calls. */
static bool
same_precompile(const struct trace_shard *t)
{
	for (int chip = 0; chip < CHIP_COUNT; chip++) {
		uint64_t events = 0, locals = 0, rows = 0;

		if (t->rows[chip] == 0)
			continue;
		for (int c = 0; c < CALL_COUNT; c++)
			if (!exec_calls[c].retained &&
			    exec_calls[c].chip == chip) {
				events += stream.calls[c];
				locals += stream.call_locals[c];
				rows += stream.calls[c] * core_chips[chip].rows;
			}
		if (events > 0)
			return t->rows[chip] == padded(chip, rows) &&
			    t->rows[CHIP_MemoryLocal] ==
			    padded(CHIP_MemoryLocal, locals) &&
			    t->pv[129] == 2 * locals + events;
	}
	return false;
}

static void
check_trace(const char *guest, const char *input, uint64_t element)
{
	static struct trace_shard t[MAX_LINES];
	unsigned n, e = 0, p = 0, precompiles = 0;
	uint64_t init = 0, finalize = 0;
	struct vm_result r;
	char path[300], name[100];

	snprintf(name, sizeof name, strcmp(input, "none") ? "%s.%s" : "%s", guest,
	    input);
	if (element)
		snprintf(path, sizeof path, TRACES "%s.threshold-%llu.jsonl", name,
		    (unsigned long long)element);
	else
		snprintf(path, sizeof path, TRACES "%s.jsonl", name);
	memset(t, 0, sizeof t);
	if (!ok(read_trace(path, t, &n), "%s is there", path) ||
	    !ok(run(guest, input, (struct vm_config){
		.element_threshold = element,
	    }, &r) && !stream.bad, "%s: a stream", name)) {
		diag("%s %s", stream.why, r.detail);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		init += t[i].pv[125];
		finalize += t[i].pv[126];
		if (t[i].pv[88] == 1) {
			ok(e < stream.nshards &&
			    same_execution(&t[i], &stream.shard[e]),
			    "%s: execution shard %u of threshold %llu", name, e,
			    (unsigned long long)element);
			e++;
		} else if (t[i].pv[125] + t[i].pv[126] == 0) {
			ok(same_precompile(&t[i]), "%s: precompile shard %u", name,
			    p++);
		}
	}
	for (int chip = 0; chip < CHIP_COUNT; chip++) {
		bool any = false;

		for (int c = 0; c < CALL_COUNT; c++)
			any |= !exec_calls[c].retained &&
			    exec_calls[c].chip == chip && stream.calls[c] > 0;
		precompiles += any;
	}
	ok(e == stream.nshards && p == precompiles,
	    "%s: %u execution and %u precompile shards", name, e, p);
	ok(init == stream.ninit && finalize == stream.nfinalize,
	    "%s: %llu words to begin, %llu to end", name,
	    (unsigned long long)init, (unsigned long long)finalize);
	done();
}

/* Where shards are cut: by area, by rows, by chunks; the execution shards. */
static void
check_cuts(const char *file, const char *guest, const char *input,
    struct vm_config c)
{
	static struct trace_shard t[MAX_LINES];
	struct vm_result r;
	char path[200];
	unsigned n;
	bool good = true;

	snprintf(path, sizeof path, "test/vectors/cuts/%s.jsonl", file);
	memset(t, 0, sizeof t);
	if (!ok(read_trace(path, t, &n) && run(guest, input, c, &r) &&
	    !stream.bad, "%s runs", file))
		return;
	ok(n == stream.nshards && n > 1, "%s: %u shards", file, stream.nshards);
	for (unsigned i = 0; i < n && i < stream.nshards; i++) {
		good &= same_execution(&t[i], &stream.shard[i]);
	}
	ok(good, "%s: each with the same rows and public values", file);
	done();
}

int
main(void)
{
	check_run("halt", "none", 0, 0, 1);
	check_run("fib", "fib-1000", 0, 0, 1);
	check_run("io", "io", 0, 0, 1);
	check_run("isa", "isa-3", 0, 0, 1);
	check_run("mem", "mem-1000", 0, 0, 1);
	check_run("precompiles", "precompiles", 0, 0, 1);
	check_run("untouched", "bytes-0", 0, 0, 1);
	/* many shards: by area, by chunks */
	check_run("mem", "mem-1000", 6 << 20, 0, 2);
	check_run("precompiles", "precompiles", 4 << 20, 0, 2);
	check_run("isa", "isa-3", 0, 1000, 2);
	check_run("secp256k1", "secp256k1", 0, 1000, 2);
	check_cuts("mem-chunk-5000", "mem", "mem-1000",
	    (struct vm_config){ .shard_entries = 5000 });
	check_cuts("mem-height-9216", "mem", "mem-1000",
	    (struct vm_config){ .height_threshold = 9216 });
	check_cuts("secp256k1-chunk-4000", "secp256k1", "secp256k1",
	    (struct vm_config){ .shard_entries = 4000 });
	check_cuts("precompiles-element-5242880", "precompiles", "precompiles",
	    (struct vm_config){ .element_threshold = 5242880 });
	if (access("../shared/vectors/own/trace", R_OK) != 0) {
		tap_skip("no traces of the stock prover in ../shared");
		return done_testing();
	}
	check_trace("halt", "none", 0);
	check_trace("fib", "fib-20", 0);
	check_trace("fib", "fib-1000", 0);
	check_trace("exit", "exit-1", 0);
	check_trace("div", "div-100", 0);
	check_trace("image", "none", 0);
	check_trace("lax", "none", 0);
	check_trace("io", "io", 0);
	check_trace("isa", "isa-3", 0);
	check_trace("isa", "isa-28", 0);
	check_trace("mem", "mem-1000", 0);
	check_trace("mem", "mem-20000", 0);
	check_trace("mem", "mem-20000", 33554432);
	check_trace("bench", "bench-1", 0);
	check_trace("bench", "bench-1", 33554432);
	check_trace("bench", "bench-4", 0);
	check_trace("sha256", "bytes-0", 0);
	check_trace("sha256", "bytes-1000", 0);
	check_trace("keccak256", "bytes-1000", 0);
	check_trace("secp256k1", "secp256k1", 0);
	check_trace("precompiles", "precompiles", 0);
	return done_testing();
}
