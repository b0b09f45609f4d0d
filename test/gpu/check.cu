/*
 * Every kernel on the device at hand against what this processor makes of the same seeded
 * data.  Prints TAP; without a device, that it is left out.
 */
#include "gpu/kernels.h"
extern "C" {
#include "poly/ntt.h"
#include "poly/simd.h"
#include "poly/twiddle.h"
#include "prover/cpu/kernels.h"
#include "prover/kernels.h"
#include "rows/calls.h"
#include "rows/global.h"
extern const struct septic_point septic_dummy;	/* the host's */
}
#include "air/core/alu.h"
#include "air/core/bump.h"
#include "air/core/control.h"
#include "air/core/divrem.h"
#include "air/core/global.h"
#define export export_		/* a column */
#include "air/core/keccak.h"
#undef export
#include "air/core/load.h"
#include "air/core/memory.h"
#include "air/core/mul.h"
#include "air/core/precompile_curve.h"
#include "air/core/precompile_ed.h"
#include "air/core/precompile_field.h"
#include "air/core/precompile_poseidon2.h"
#include "air/core/precompile_uint256.h"
#include "air/core/sha_compress.h"
#include "air/core/sha_extend.h"
#include "air/core/shift.h"
#include "air/core/store.h"
#include "air/core/syscall.h"
#include "test/lib/kernels.h"
#include "test/lib/tap.h"

#define BLOCKS 7		/* fewer threads than indices, and not a divisor */
#define N 4096			/* elements in a plane */
#define COLS 9
#define RADIX 4			/* ntt_kernels.h has what is at most */

/* On a grid of BLOCKS by y. */
#ifndef LAUNCH
#define LAUNCH(kernel, y) kernel<<<dim3(BLOCKS, y), GPU_THREADS>>>
#define LAUNCH_GRID(kernel, grid) kernel<<<grid, GPU_THREADS>>>
#endif

static void
cu(cudaError_t e, int line)
{
	if (e == cudaSuccess)
		return;
	printf("Bail out! %s:%d: %s\n", __FILE__, line, cudaGetErrorString(e));
	exit(1);
}
#define CU(call) cu(call, __LINE__)

/* The device's memory: n of *host there, or n of anything. */
template <typename T> static T *
there(const T *host, size_t n)
{
	T *p;

	CU(cudaMalloc(&p, n * sizeof *p + 64));
	CU(cudaMemset(p, 0xa5, n * sizeof *p + 64));
	if (host)
		CU(cudaMemcpy(p, host, n * sizeof *p, cudaMemcpyHostToDevice));
	return p;
}

/* Whether n of what the device has are host's. */
template <typename T> static int
same(const T *device, const T *host, size_t n)
{
	T *p = (T *)malloc(n * sizeof *p);
	int r;

	CU(cudaGetLastError());
	CU(cudaMemcpy(p, device, n * sizeof *p, cudaMemcpyDeviceToHost));
	r = !memcmp(p, host, n * sizeof *p);
	free(p);
	return r;
}

/* n sums out of a kernel's partial ones. */
static int
same_sums(const ef *partial, const ef *host, unsigned n, unsigned y = 1)
{
	ef *out = there((ef *)NULL, n * y);

	LAUNCH_GRID(gpu_add_up, dim3(n, y))(out, partial, n, BLOCKS);
	return same(out, host, n * y);
}

static kb *in, *in2, *eq, *cells;	/* 8, 4, 4 planes; COLS columns */
static kb *d_in, *d_in2, *d_eq;
static const kb *col[COLS], **d_col;
static const struct cpu_kernels *k;

/* Planes to write, all the same at first. */
static kb *h_out, *d_out;

static void
fresh(void)
{
	CU(cudaMemcpy(d_out, in, 8 * N * sizeof *in, cudaMemcpyHostToDevice));
	memcpy(h_out, in, 8 * N * sizeof *in);
}

#define SAME(...) ok(same(d_out, h_out, 8 * N), __VA_ARGS__)

static void
test_trees(void)
{
	enum { LEAVES = 3000, WIDTH = 35 };
	const struct poseidon2_scaled t = poseidon2_scaled;
	kb *value = random_cells(WIDTH * LEAVES), state[16];
	kb *d_value = there(value, WIDTH * LEAVES), *d_state;
	const kb *c[WIDTH], *dc[WIDTH], **d_c;
	digest *h = (digest *)malloc(LEAVES * sizeof *h);
	digest *h2 = (digest *)malloc(LEAVES * sizeof *h2);
	digest *d = there((digest *)NULL, LEAVES);
	digest *d2 = there((digest *)NULL, LEAVES);
	uint32_t found = UINT32_MAX, *d_found, w = 1;

	for (int j = 0; j < WIDTH; j++) {
		c[j] = value + j * LEAVES;
		dc[j] = d_value + j * LEAVES;
	}
	d_c = there(dc, WIDTH);
	simd()->hash_leaves(h, c, WIDTH, 0, LEAVES);
	LAUNCH(gpu_absorb, 1)(d, (digest *)0, d_c, WIDTH, 0, 1, t, LEAVES);
	ok(same(d, h, LEAVES), "leaves");
	LAUNCH(gpu_absorb, 1)(d2, (digest *)0, d_c, 16, 0, 0, t, LEAVES);
	LAUNCH(gpu_absorb, 1)(d, d2, d_c + 16, WIDTH - 16, 0, 1, t, LEAVES);
	ok(same(d, h, LEAVES), "leaves, some columns at a time");
	simd()->hash_layer(h2, h, 0, LEAVES / 2);
	LAUNCH(gpu_layer, 1)(d2, d, t, LEAVES / 2);
	ok(same(d2, h2, LEAVES / 2), "a layer");
	simd()->hash_rows(h, value, WIDTH, 0, LEAVES);
	LAUNCH(gpu_rows, 1)(d, d_value, WIDTH, t, LEAVES);
	ok(same(d, h, LEAVES), "rows");

	for (int i = 0; i < 16; i++)
		state[i] = random_kb();
	while (!simd()->grind16(state, 3, w, 0xfff))
		w += 16;
	w += (uint32_t)__builtin_ctz(simd()->grind16(state, 3, w, 0xfff));
	d_state = there(state, 16);
	d_found = there(&found, 1);
	LAUNCH(gpu_grind, 1)(d_found, d_state, 3, 1, 0xfff, t, w + 5000);
	ok(same(d_found, &w, 1), "the least witness");
}

static void
test_code(void)
{
	int good = 1;

	for (unsigned log = 1; log <= 17; log++) {
		size_t n = (size_t)4 << log;
		kb *x = random_cells(n), *y = random_cells(n);
		kb *d_x = there(x, n), *d_y = there(y, n), *from = d_x;
		kb *table = there(twiddle_table, TWIDDLE_TABLE);
		size_t step = 0;
		unsigned left = log, radix;

		ntt_extend(y, x, log, 2);
		for (; left > NTT_TILE || from == d_x; left -= radix) {
			radix = left < RADIX ? left :
			    RADIX;
			LAUNCH(gpu_ntt, 1)(d_y, from, step, left, radix, 0, table,
			    n >> radix);
			from = d_y;
			step = (size_t)1 << (left - radix);
		}
		if (left)
			LAUNCH(gpu_ntt_tile, 1)(d_y, left, 0, table, n >> left);
		good &= same(d_y, y, n);
		CU(cudaFree(d_x));
		CU(cudaFree(d_y));
		CU(cudaFree(table));
		free(x);
		free(y);
	}
	ok(good, "codewords");
}

static void
test_gkr(void)
{
	enum { Y = 3, ROWS = 600, STEP = 1024 };
	struct air_term n[2] = {{3, random_kb()}, {8, random_kb()}};
	struct gkr_term t[COLS];
	struct gkr_fraction f[Y], g[Y];
	struct air_term *d_n = there(n, 2);
	struct gkr_term *d_t;
	ef lambda = random_ef(), r = random_ef(), slot[Y], sum[2], s[2];
	ef *d_sum = there((ef *)NULL, BLOCKS * 2 * Y), *d_slot;
	ef h_sum[2 * Y];

	for (uint32_t j = 0; j < COLS; j++) {
		t[j].col = j;
		t[j].weight = random_ef();
	}
	d_t = there(t, COLS);
	for (int y = 0; y < Y; y++) {
		f[y].n0 = random_kb();
		f[y].d0 = random_ef();
		f[y].nn = 2;
		f[y].nd = COLS;
		g[y] = f[y];
		f[y].n = n;
		f[y].d = t;
		g[y].n = d_n;
		g[y].d = d_t;
		slot[y] = random_ef();
	}
	d_slot = there(slot, Y);
	fresh();
	for (int y = 0; y < Y; y++)
		k->fractions(&f[y], col, 5, ROWS, STEP, lambda, h_out + y * STEP,
		    N);
	LAUNCH(gpu_fractions, Y)(there(g, Y), d_col, 5, lambda, d_out, N, STEP,
	    ROWS, STEP);
	SAME("fractions");

	fresh();
	for (int y = 0; y < Y; y++) {
		k->gkr_add(h_out + y * STEP, N, in + y * STEP, N, STEP / 2);
		for (size_t i = STEP / 4; i < STEP / 2; i++)
			for (int p = 0; p < 8; p++)
				h_out[p * N + y * STEP + i] = p == 4 ? KB_ONE :
				    KB_ZERO;
	}
	LAUNCH(gpu_gkr_add, Y)(d_out, N, STEP, d_in, N, STEP, STEP / 4, STEP / 2);
	SAME("they add up, 0/1 behind");

	fresh();
	k->gkr_scale(h_out, N, N, lambda);
	LAUNCH(gpu_gkr_scale, 1)(d_out, N, lambda, N);
	SAME("they scale");

	for (int y = 0; y < Y; y++) {
		s[0] = s[1] = EF_ZERO;
		k->gkr_sum(s, in + y * STEP, N, STEP, eq, N);
		for (int i = 0; i < 2; i++)
			h_sum[2 * y + i] = ef_mul(s[i], slot[y]);
	}
	LAUNCH(gpu_gkr_sum, Y)(d_sum, d_in, N, STEP, d_eq, N, d_slot, STEP / 4);
	ok(same_sums(d_sum, h_sum, 2, Y), "a round's sums");
	(void)sum;

	fresh();
	for (int y = 0; y < Y; y++) {
		k->gkr_fold(h_out + y * STEP, N, in + y * STEP, N, STEP, r);
		for (size_t i = STEP / 2; i < STEP / 2 + 64; i++)
			for (int p = 0; p < 8; p++)
				h_out[p * N + y * STEP + i] = p == 4 ? KB_ONE :
				    KB_ZERO;
	}
	LAUNCH(gpu_gkr_fold, Y)(d_out, N, STEP, d_in, N, STEP, r, STEP / 4,
	    STEP / 2 + 64);
	SAME("pairs fold, 0/1 behind");
}

static void
test_sumchecks(void)
{
	ef r = random_ef(), s[16], *d_sum = there((ef *)NULL, BLOCKS * 16 * COLS);
	ef c[COLS], w[COLS];

	fresh();
	k->fold_kb(h_out, N, in, N / 2, r);
	LAUNCH(gpu_fold_kb, 1)(d_out, N, d_in, r, N / 2);
	SAME("cells fold");
	fresh();
	k->fold(h_out, N, in, N, N / 2, r);
	LAUNCH(gpu_fold, 1)(d_out, N, d_in, N, r, N / 2);
	SAME("elements fold");
	fresh();
	k->fold_coeff(h_out, N, in, N, N / 2, r);
	LAUNCH(gpu_fold_coeff, 1)(d_out, N, d_in, N, r, N / 2);
	SAME("coefficients fold");
	fresh();
	k->scale(h_out, N, in2, N, N - 5, r);
	LAUNCH(gpu_scale, 1)(d_out, N, d_in2, N, r, N - 5);
	SAME("elements scale");
	fresh();
	k->eq_double(h_out, N, N / 2, 0, N / 2, r);
	LAUNCH(gpu_eq_double, 1)(d_out, N, r, N / 2);
	SAME("tables of eq grow");
	fresh();
	for (int p = 0; p < 4; p++)
		for (size_t i = 0; i < N / 2; i++)
			h_out[p * N + i] = kb_add(in[p * N + 2 * i],
			    in[p * N + 2 * i + 1]);
	LAUNCH(gpu_eq_halve, 1)(d_out, N, d_in, N, N / 2);
	SAME("and shrink");

	for (int j = 0; j < COLS; j++)
		c[j] = k->dot_kb(col[j], eq, N, N - 3);
	LAUNCH(gpu_dot_kb, COLS)(d_sum, d_col, d_eq, N, N - 3);
	ok(same_sums(d_sum, c, 1, COLS), "columns' dot products");
	k->dot_pairs(s, in, N, eq, N, N / 2);
	LAUNCH(gpu_dot_pairs, 1)(d_sum, d_in, N, d_eq, N, N / 2);
	ok(same_sums(d_sum, s, 2), "of even and odd elements");
	k->dot16(s, in, eq, N, N / 16);
	LAUNCH(gpu_dot16, 1)(d_sum, d_in, d_eq, N, N);
	ok(same_sums(d_sum, s, 16), "of sixteen residues");
	k->product_sum(s, in, in2, N, N / 2);
	LAUNCH(gpu_product_sum, 1)(d_sum, d_in, d_in2, N, N / 2);
	ok(same_sums(d_sum, s, 2), "products of neighbours");

	for (int j = 0; j < COLS; j++)
		w[j] = random_ef();
	fresh();
	k->combine(h_out, N, col, 0, w, COLS, N);
	LAUNCH(gpu_combine, 1)(d_out, N, d_col, there(w, COLS), COLS, N);
	SAME("columns combine");
	fresh();
	k->split(h_out, h_out + N, in, N / 2);
	LAUNCH(gpu_split, 1)(d_out, d_out + N, d_in, N / 2);
	SAME("codewords split");
	fresh();
	k->fold_codeword(h_out, N, in, in2, N, cells, N, r);
	LAUNCH(gpu_fold_codeword, 1)(d_out, N, d_in, d_in2, N, there(cells, N), r, N);
	SAME("codewords fold");
}

/* One index after the other, by the function that threads run: test/unit/
 * prover_threads.c holds it to the plain evaluators. */
static int
zerocheck(const struct air_chip *c, int extension)
{
	enum { ROWS = 2 * BLOCKS * GPU_THREADS + 77, PAIRS = (ROWS + 1) / 2 };
	const struct air_block *p = c->block;
	unsigned width = c->main_width + c->prep_width;
	size_t planes = extension ? 4 : 1, size = planes * ROWS;
	kb *value = random_cells(width * size), *d_value;
	kb *pv = random_cells(AIR_PUBLIC_VALUES);
	kb *scalar = random_cells(p->nscalars + 1);
	size_t slots = planes * (p->nslots + 1);
	kb *slot = random_cells(slots), *d_slot = there((kb *)NULL,
	    3 * slots * BLOCKS * GPU_THREADS);
	const kb **column = (const kb **)malloc((width + 1) * sizeof *column);
	const kb **d_column = (const kb **)malloc((width + 1) * sizeof *column);
	ef *weight = (ef *)malloc((c->nconstraints + 1) * sizeof *weight);
	ef *d_sum = there((ef *)NULL, 3 * BLOCKS), want[3];
	struct zerocheck_chip z = {p->insn, p->n, p->nslots, scalar, weight,
	    column, ROWS, ROWS, eq, N}, d = z;
	int good;

	block_scalars(p, pv, scalar);
	d_value = there(value, width * size);
	for (unsigned j = 0; j < width; j++) {
		column[j] = value + j * size;
		d_column[j] = d_value + j * size;
	}
	for (unsigned i = 0; i < c->nconstraints; i++)
		weight[i] = random_ef();
	d.insn = there(p->insn, p->n);
	d.scalar = there(scalar, p->nscalars + 1);
	d.weight = there(weight, c->nconstraints + 1);
	d.col = there(d_column, width + 1);
	d.eq = d_eq;
	for (int t = 0; t < 3; t++) {
		vece s = ve_set(EF_ZERO);

		for (size_t i = 0; i < PAIRS; i++)
			s = ve_add(s, extension ?
			    zerocheck_ef_at(&z, t, i, slot, 1) :
			    zerocheck_kb_at(&z, t, i, slot, 1));
		want[t] = ve_sum(s);
	}
	if (extension)
		LAUNCH(gpu_zerocheck_ef, 3)(d_sum, d, 0, d_slot, PAIRS);
	else
		LAUNCH(gpu_zerocheck_kb, 3)(d_sum, d, 0, d_slot, PAIRS);
	good = same_sums(d_sum, want, 1, 3);
	CU(cudaFree(d_value));
	CU(cudaFree(d_slot));
	free(value);
	free(pv);
	free(scalar);
	free(slot);
	free(column);
	free(d_column);
	free(weight);
	return good;
}

static void
test_zerocheck(void)
{
	static const char *const name[] = {"Add", "Mul", "DivRem", "Branch",
	    "Global", "Poseidon2", "StoreByte", "SyscallInstrs"};
	const struct air_machine *m = air_machine_riscv();

	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		for (int e = 0; e < 2; e++)
			ok(zerocheck(air_chip_by_name(m, name[i],
			    strlen(name[i])), e), "zerocheck: %s, %s", name[i],
			    e ? "elements" : "cells");
}

/* ---- traces: any event makes a row ---- */

enum { EVENTS = 5000, CALLS = 25, INSNS = 64, ACCESSES = 240, WIDEST = 4096 };

/* Of one shard, here and there. */
struct both { struct shard_events here, there; };

static uint64_t
random_time(void)
{
	return 1 + 8 * (random_u64() % (1u << 28));
}

static void
make_instructions(struct both *b)
{
	static struct rv_insn insn[INSNS];
	static struct rv_program p, dp;
	struct rec_instr *e = (struct rec_instr *)calloc(EVENTS, sizeof *e);
	struct rec_instr *d_e;

	p.pc_base = 0x78000000;
	p.n = INSNS;
	p.insn = insn;
	for (int i = 0; i < INSNS; i++) {
		insn[i].op = (uint8_t)(i % RV_NOPCODES);
		insn[i].op_a = (uint8_t)(i % 32);
		insn[i].imm_b = 0;
		insn[i].imm_c = (uint8_t)(i / 4 & 1);
		insn[i].op_b = random_u64() % 32;
		insn[i].op_c = random_u64() % 32;
	}
	for (int i = 0; i < EVENTS; i++) {
		e[i].clk = random_time();
		e[i].index = (uint32_t)(random_u64() % INSNS);
		e[i].a = random_u64();
		e[i].b = random_u64() >> random_u64() % 64;
		/* b + c is an address, where it is one */
		e[i].c = random_u64() % 4 ? random_u64() % 0x7fff00000000 -
		    e[i].b : random_u64();
		e[i].prev_a = random_u64();
		e[i].ts_a = e[i].ts_b = e[i].ts_c = e[i].clk / 2;
		e[i].mem_prev = random_u64();
		e[i].mem_prev_ts = e[i].clk / 3;
		e[i].mem_value = random_u64();
	}
	d_e = there(e, EVENTS);
	dp = p;
	dp.insn = there(insn, INSNS);
	b->here.program = &p;
	b->there.program = there(&dp, 1);
	for (int k = 0; k < CHIP_INSTR_COUNT; k++) {
		b->here.ninstr[k] = b->there.ninstr[k] = EVENTS;
		b->here.instr[k] = e;
		b->there.instr[k] = d_e;
	}
}

/* Elements of a list that both shards have. */
#define LIST(name, n) do { \
	b->there.name = there(b->here.name, n); \
} while (0)
#define NEW_LIST(type, name) \
	type *name = b->here.name = (type *)calloc(EVENTS, sizeof(type))

static void
make_memory(struct both *b)
{
	NEW_LIST(struct rec_local, local);
	NEW_LIST(struct rec_memory, init);
	NEW_LIST(struct rec_memory, finalize);
	NEW_LIST(struct bump_memory, bump_memory);
	NEW_LIST(struct bump_state, bump_state);

	for (int i = 0; i < EVENTS; i++) {
		uint64_t t = random_time(), x = random_u64();

		local[i] = (struct rec_local){x >> 16, random_u64(), t / 2,
		    random_u64(), t};
		init[i] = (struct rec_memory){x >> 16 & ~(uint64_t)7, x, t};
		finalize[i] = (struct rec_memory){i ? finalize[i - 1].addr +
		    8 + (x & 0xffffff) : 0, ~x, t};
		bump_memory[i] = (struct bump_memory){(uint32_t)(x & 31), x,
		    t / 2, t & ~(uint64_t)0xffffff};
		bump_state[i] = (struct bump_state){t, t + (x & 1 ? 8 : 264),
		    x >> 16, (x >> 16) + 4, (x & 2) != 0};
	}
	b->here.nlocal = b->here.ninit = b->here.nfinalize = EVENTS;
	b->here.nbump_memory = b->here.nbump_state = EVENTS;
	b->here.previous_finalize_addr = 0;
	b->here.previous_init_addr = b->there.previous_init_addr = 800;
	LIST(local, EVENTS);
	LIST(init, EVENTS);
	LIST(finalize, EVENTS);
	LIST(bump_memory, EVENTS);
	LIST(bump_state, EVENTS);
}

static void
make_calls(struct both *b)
{
	struct precompile_event *e = (struct precompile_event *)calloc(CALLS,
	    sizeof *e), *d_e, *d = (struct precompile_event *)calloc(CALLS,
	    sizeof *d);
	static const struct precompile_event *list[CALLS], *d_list[CALLS];
	static struct call_lists calls, d_calls;

	for (int i = 0; i < CALLS; i++) {
		struct rec_access *a = (struct rec_access *)calloc(ACCESSES,
		    sizeof *a);

		e[i].head.clk = random_time();
		/* of operations of fields, by number */
		e[i].head.code = 0x20 + (uint32_t)(random_u64() % 12);
		e[i].head.arg1 = random_u64() % 0x7fff00000000;
		e[i].head.arg2 = i % 3 ? random_u64() % 0x7fff00000000 : 1;
		e[i].deferred = (size_t)(random_u64() % CALLS);
		for (int k = 0; k < ACCESSES; k++) {
			a[k].addr = random_u64() >> 16;
			a[k].prev = i + k / 4 & 15 ? random_u64() :
			    (uint64_t)(i & 1);
			a[k].value = random_u64();
			a[k].ts = e[i].head.clk + 1;
			a[k].prev_ts = a[k].ts - 1 - random_u64() % a[k].ts;
		}
		e[i].access = a;
		d[i] = e[i];
		d[i].access = there(a, ACCESSES);
	}
	d_e = there(d, CALLS);
	for (int i = 0; i < CALLS; i++) {
		list[i] = &e[i];
		d_list[i] = &d_e[i];
	}
	calls.event = list;
	d_calls.event = there(d_list, CALLS);
	b->here.kind = b->there.kind = SHARD_EXECUTION;
	b->here.nprecompile = b->here.ndeferred = CALLS;
	b->here.precompile = e;
	b->there.precompile = d_e;
	b->here.calls = &calls;		/* every chip has them all */
	b->there.calls = there(&d_calls, 1);
}

/* Points of messages and their sums, whatever number of chunks is side by side. */
static void
make_global(struct both *b)
{
	enum { CHUNKS = (EVENTS + GLOBAL_CHUNK - 1) / GLOBAL_CHUNK, SIDE = 3,
	    SPACE = CHUNKS * GLOBAL_CHUNK };
	struct global_event *g = (struct global_event *)calloc(EVENTS,
	    sizeof *g);
	struct septic_point start[CHUNKS];
	struct global_sums w = {g, EVENTS, CHUNKS, GLOBAL_SIDE, start};
	struct global_sums d = {NULL, EVENTS, CHUNKS, SIDE, NULL};
	struct global_scratch x, *scratch;
	uint32_t failed = 0, *d_failed = there(&failed, 1);
	int good = 1;

	for (int i = 0; i < EVENTS; i++) {
		for (int k = 0; k < 8; k++)
			g[i].message[k] = (uint32_t)(random_u64() % (1u << 24));
		g[i].kind = (uint8_t)(random_u64() & 1 ? AIR_MEMORY :
		    AIR_SYSCALL);
		g[i].receive = random_u64() & 1;
	}
	d.g = there(g, EVENTS);
	for (int i = 0; i < EVENTS; i++)
		good &= lift_at(&g[i]) == 0;
	LAUNCH(gpu_lift, 1)(d.g, d_failed, EVENTS);
	ok(good && same(d.g, g, EVENTS) && same(d_failed, &failed, 1),
	    "points of messages");

	for (int c = 0; c < CHUNKS; c++)
		start[c] = septic_dummy;
	d.start = there(start, CHUNKS);
	scratch = there((struct global_scratch *)NULL, BLOCKS * GPU_THREADS);
	good = 1;
	for (int keep = 0; keep < 2; keep++) {
		for (int k = 0; k * GLOBAL_SIDE < CHUNKS; k++)
			good &= sum_chunks_at(&w, k, keep, &x) == 0;
		LAUNCH(gpu_sum_chunks, 1)(d, keep, scratch, d_failed,
		    (CHUNKS + SIDE - 1) / SIDE);
	}
	ok(good && same(d.start, start, CHUNKS) && same(d.g, g, EVENTS) &&
	    same(d_failed, &failed, 1), "their sums");
	CU(cudaFree(scratch));
	b->here.global = g;
	b->here.nglobal = EVENTS;
	b->there.global = d.g;
}

struct trace_case {
	const char *name;
	size_t width, rows;
	void (*run)(kb *, size_t, struct shard_events, kb *);
};

static void
test_trace(const struct trace_case *c, const struct both *b)
{
	static kb row[WIDEST];
	size_t n = c->rows, w = c->width;
	kb *h = (kb *)malloc(w * n * sizeof *h), *d = there((kb *)NULL, w * n);
	kb *scratch = there((kb *)NULL, w > GPU_OWN_ROW ?
	    BLOCKS * GPU_THREADS * w : 1);
	const struct trace_chip *t = trace_chips;

	while (strcmp(t->name, c->name))
		t++;
	for (size_t i = 0; i < n; i++) {
		memset(row, 0, sizeof row);
		t->row(&b->here, i, row);
		for (size_t j = 0; j < w; j++)
			h[j * n + i] = row[j];
	}
	c->run(d, n, b->there, scratch);
	ok(same(d, h, w * n), "rows of %s", c->name);
	CU(cudaFree(d));
	CU(cudaFree(scratch));
	free(h);
}

#define RUN(n, ...) \
static void run_##n(kb *out, size_t rows, struct shard_events s, kb *scratch) \
{ \
	LAUNCH(gpu_trace_##n, 1)(out, rows, s, scratch, rows); \
}
#define CHIP_INSTR RUN
#define CHIP_EVENTS RUN
#define CHIP_CALLS RUN
#include "run/chips.def"

static void
test_traces(void)
{
	static const struct trace_case chip[] = {
#define CASE(n, cols, rows) {#n, COLS_WIDTH(cols), rows, run_##n},
#define CHIP_INSTR(n, cols, ...) CASE(n, cols, EVENTS)
#define CHIP_EVENTS(n, cols, ...) \
	CASE(n, cols, (size_t)(strncmp(#n, "Syscall", 7) ? EVENTS : CALLS))
#define CHIP_CALLS(n, cols, width, constraints, interactions, padding, calls, \
    rows) \
	CASE(n, cols, (rows) * CALLS)
#include "run/chips.def"
	};
	struct both b = {};

	make_instructions(&b);
	make_memory(&b);
	make_calls(&b);
	make_global(&b);
	for (size_t c = 0; c < sizeof chip / sizeof *chip; c++)
		test_trace(&chip[c], &b);
}

int
main(void)
{
	cudaDeviceProp prop;
	const kb *dc[COLS];
	kb *d_cells;
	int n;

	if (cudaGetDeviceCount(&n) != cudaSuccess || n == 0)
		tap_skip_all("no device, or no driver");
	CU(cudaGetDeviceProperties(&prop, 0));
	diag("%s, sm_%d%d", prop.name, prop.major, prop.minor);
	k = cpu_kernels();
	simd();		/* makes the tables */
	in = random_cells(8 * N);
	in2 = random_cells(4 * N);
	eq = random_cells(4 * N);
	cells = random_cells(COLS * N);
	d_in = there(in, 8 * N);
	d_in2 = there(in2, 4 * N);
	d_eq = there(eq, 4 * N);
	d_cells = there(cells, COLS * N);
	for (int j = 0; j < COLS; j++) {
		col[j] = cells + j * N;
		dc[j] = d_cells + j * N;
	}
	d_col = there(dc, COLS);
	h_out = random_cells(8 * N);
	d_out = there((kb *)NULL, 8 * N);
	test_trees();
	test_code();
	test_gkr();
	test_sumchecks();
	test_zerocheck();
	test_traces();
	return done_testing();
}
