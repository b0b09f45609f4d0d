/*
 * Records of precompiles and of carried proofs that no machine writes: each refused with
 * EX_DATAERR.  And records with random words altered: refused, or rows are made of them;
 * never a crash.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/par.h"
#include "shards/public_values.h"
#include "shards/shards.h"
#include "test/lib/splitmix.h"
#include "test/lib/tap.h"
#include "vm/vm.h"

static uint8_t stream[64 << 20];
static size_t stream_len;

static int
to_stream(void *ctx, const void *bytes, size_t len)
{
	if (len > sizeof stream - stream_len)
		return -1;
	memcpy(stream + stream_len, bytes, len);
	stream_len += len;
	return 0;
}

/* Proofs for the machine to tell: bytes of a pattern, as long as these. */
static const size_t proof_size[] = {5, 8, 1272542, REC_PROOF_MAX};
#define NPROOFS (sizeof proof_size / sizeof *proof_size)
static uint8_t proof_bytes[REC_PROOF_MAX];

static bool
run(const struct rv_program *p, const char *input, size_t nproofs)
{
	struct vm_config c = {.on_records = to_stream};
	char path[128];
	uint8_t *bytes;
	size_t len;
	struct vm *vm;
	struct err e;
	bool good;

	stream_len = 0;
	snprintf(path, sizeof path, "test/guest/inputs/%s.bin", input);
	if (read_file(path, 1 << 24, &bytes, &len, &e) < 0)
		return false;
	vm = vm_new(p, &c, &e);
	good = vm && !vm_set_input(vm, bytes, len, &e);
	for (size_t i = 0; good && i < nproofs; i++)
		good = !vm_tell_proof(vm, proof_bytes, proof_size[i], &e);
	good = good && vm_run(vm)->cause == VM_halted;
	if (vm)
		vm_free(vm);
	free(bytes);
	return good;
}

/* Rows of all chips but the tables. */
static void
make_rows(struct shard_events *s)
{
	static kb row[4096];
	struct err e;

	if (shard_prepare(s, &e) < 0)
		return;
	for (const struct trace_chip *t = trace_chips; t->name; t++) {
		size_t n = t->count(s);

		/* the first and the last are enough */
		for (size_t i = 0; i < n; i += i == 100 && n > 200 ?
		    n - 200 : 1) {
			memset(row, 0, sizeof row);
			t->row(s, i, row);
		}
	}
}

static bool keep;		/* the carried proofs, whose number: */
static size_t kept;

static void
look_at_proofs(const struct record_reader *r)
{
	kept = r->nproofs;
	for (size_t i = 0; i < r->nproofs; i++)
		if (r->proof[i].n != proof_size[i] ||
		    memcmp(r->proof[i].bytes, proof_bytes, proof_size[i]))
			kept = SIZE_MAX;
}

/* Reads the stream to its end: 0, or the error's status. */
static int
read_stream(const struct rv_program *p, bool rows)
{
	int fd = memfd_create("records", MFD_CLOEXEC), got = -1;
	struct shard_source source;
	struct shard_events s;
	uint32_t code;
	struct err e = {0};

	if (fd < 0 || write_all(fd, stream, stream_len, "records", &e) < 0 ||
	    lseek(fd, 0, SEEK_SET) != 0)
		return -1;
	if (shards_open(&source, fd, p, NULL, &e) == 0) {
		if (!keep || record_take_proofs(&source.reader, &e) == 0)
			look_at_proofs(&source.reader);
		while (!e.status &&
		    (got = shards_next(&source, &s, &code, &e)) == 1) {
			if (rows)
				make_rows(&s);
			shard_events_free(&s);
		}
		shards_close(&source);
	}
	close(fd);
	return got < 0 ? e.status : 0;
}

/* The records of precompiles. */
static struct rec_frame *call_frame[2000];
static unsigned ncalls;

static void
find_calls(void)
{
	struct rec_frame *f;

	ncalls = 0;
	for (size_t at = sizeof(struct rec_header);
	    at + sizeof *f <= stream_len && ncalls < 2000;
	    at += sizeof *f + f->len) {
		f = (void *)(stream + at);
		if (f->type == REC_PRECOMPILE)
			call_frame[ncalls++] = f;
	}
}

static void
check_malformed(const struct rv_program *p, const char *guest)
{
	struct rec_frame *f = call_frame[ncalls / 2];
	struct rec_precompile *c = (void *)(f + 1), old = *c;
	uint64_t len = f->len;

#define BAD(what, ...) do { \
	__VA_ARGS__; \
	is_int(read_stream(p, false), EX_DATAERR, "%s: %s", guest, what); \
	*c = old; \
	f->len = len; \
	f->reserved = 0; \
} while (0)
	BAD("another call", c->code ^= 1 << 20);
	BAD("a call that is no precompile", c->code = 0x10);
	BAD("deferred or not", c->flags ^= REC_DEFERRED);
	BAD("an access too few", c->naccess--);
	BAD("an access too few, its frame shorter", c->naccess--;
	    f->len -= sizeof(struct rec_access));
	BAD("very many accesses", c->naccess = UINT32_MAX);
	BAD("a history too many", c->nlocal++);
	BAD("very many histories", c->nlocal = UINT32_MAX);
	BAD("a frame too short for a head", f->len = 16);
	BAD("a long frame", f->len += 40);
	BAD("a frame longer than any", f->len = (1u << 20) + 8);
	BAD("what is reserved", f->reserved = 1);
#undef BAD
	is_int(read_stream(p, false), 0, "%s: as they were", guest);
}

static uint64_t
rnd(void)
{
	static uint64_t seed;
	return splitmix64(&seed);
}

/* Words of calls' records, and others. */
static void
check_altered(const struct rv_program *p, const char *guest, unsigned times)
{
	uint64_t *all = (void *)stream;
	unsigned refused = 0;

	for (unsigned i = 0; i < times; i++) {
		struct rec_frame *f = call_frame[rnd() % ncalls];
		uint64_t *word = i % 4 ? (uint64_t *)(f + 1) +
		    rnd() % (f->len / 8) : all + rnd() % (stream_len / 8);
		uint64_t old = *word;

		*word = i & 1 ? rnd() : old ^ 1ull << rnd() % 64;
		refused += read_stream(p, true) != 0;
		*word = old;
	}
	ok(read_stream(p, true) == 0, "%s: %u times a word altered, %u refused",
	    guest, times, refused);
}

/* The n-th frame of a type. */
static struct rec_frame *
find_frame(enum rec_type type, unsigned n)
{
	struct rec_frame *f;

	for (size_t at = sizeof(struct rec_header); at + sizeof *f <= stream_len;
	    at += sizeof *f + f->len) {
		f = (void *)(stream + at);
		if (f->type == type && n-- == 0)
			return f;
	}
	return NULL;
}

static void
check_proofs(void)
{
	struct rv_program p;
	struct rec_frame *f, *after;
	struct rec_proof *head;
	struct err e;

	for (size_t i = 0; i < sizeof proof_bytes; i++)
		proof_bytes[i] = (uint8_t)(i % 251);
	if (!ok(rv_load_file(&p, "test/guest/halt.elf", &e) == 0 &&
	    run(&p, "none", NPROOFS), "carried proofs: the guest runs"))
		return;
	keep = true;
	is_int(read_stream(&p, false), 0, "carried proofs: read");
	is_int(kept, NPROOFS, "in their order, byte for byte");
	keep = false;
	is_int(read_stream(&p, false), 0, "passed over");
	is_int(kept, 0, "none is kept");
	keep = true;
	f = find_frame(REC_PROOF, NPROOFS - 1);
	head = (void *)(f + 1);
	after = find_frame(REC_INIT, 0);
#define BAD(what, field, value) do { \
	uint64_t old = field; \
	field = value; \
	is_int(read_stream(&p, false), EX_DATAERR, "a carried proof: %s", what); \
	field = old; \
} while (0)
	BAD("one byte too long", head->len, REC_PROOF_MAX + 1);
	BAD("longer than its frame", head->len, UINT64_MAX);
	BAD("eight bytes of filling", head->len, REC_PROOF_MAX - 8);
	BAD("a frame without a head", f->len, 0);
	BAD("a frame of 2^39 bytes", f->len, 1ull << 39);
	BAD("after a shard", after->type, REC_PROOF);
#undef BAD
	is_int(read_stream(&p, false), 0, "as they were");
	keep = false;
	rv_free(&p);
}

int
main(void)
{
	static const char *const runs[][2] = {
		{"keccak256", "bytes-135"}, {"sha256", "bytes-0"},
		{"precompiles", "precompiles"}
	};
	unsigned times = getenv("CHECK_LONG") ? 600 : 60;

	par_start(0);
	for (unsigned i = 0; i < sizeof runs / sizeof *runs; i++) {
		struct rv_program p;
		struct err e = {0};
		char path[128];

		snprintf(path, sizeof path, "test/guest/%s.elf", runs[i][0]);
		if (rv_load_file(&p, path, &e) < 0 || !run(&p, runs[i][1], 0)) {
			ok(0, "run %s: %s", runs[i][0], e.msg);
			continue;
		}
		find_calls();
		if (!ok(ncalls > 0, "%s: %u calls", runs[i][0], ncalls))
			continue;
		check_malformed(&p, runs[i][0]);
		check_altered(&p, runs[i][0], times);
		rv_free(&p);
	}
	check_proofs();
	return done_testing();
}
