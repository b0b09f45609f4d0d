#include "base/hex.h"
#include "test/lib/tap.h"
#include "wire/pb.h"

/* One of everything. */
struct inner {
	uint64_t x;
	struct pb_list words;
};
static const struct pb_field inner_fields[] = {
	PB_ONE(inner, 1, U64, x),
	PB_MANY(inner, 2, STRING, words),
};
static const struct pb_message pb_inner = PB_MESSAGE(inner, inner_fields);

struct outer {
	uint64_t u64, opt;
	uint32_t u32;
	int32_t kind;
	bool yes, has_opt, has_ratio, has_one, has_name;
	float ratio;
	struct pb_bytes raw, name;
	struct pb_list many, subs;
	struct inner one;
};
static const struct pb_field outer_fields[] = {
	PB_ONE(outer, 1, U64, u64),
	PB_ONE(outer, 2, U32, u32),
	PB_ONE(outer, 3, ENUM, kind),
	PB_ONE(outer, 4, BOOL, yes),
	PB_ONE(outer, 5, BYTES, raw),
	PB_OPT(outer, 6, U64, opt),
	PB_OPT(outer, 7, FLOAT, ratio),
	PB_OPT(outer, 8, STRING, name),
	PB_MANY(outer, 9, BYTES, many),
	PB_MSG(outer, 10, one, &pb_inner),
	PB_MSGS(outer, 300, subs, &pb_inner),
};
static const struct pb_message pb_outer = PB_MESSAGE(outer, outer_fields);

/* One within another. */
struct node { struct pb_list kids; };
static const struct pb_message pb_node;
static const struct pb_field node_fields[] = {
	PB_MSGS(node, 1, kids, &pb_node),
};
static const struct pb_message pb_node = PB_MESSAGE(node, node_fields);

static struct arena arena;
static struct err e;
static struct outer v;
static struct pb_unknown unknown;

static int
decode(const char *hex)
{
	static uint8_t in[1024];
	size_t n = strlen(hex) / 2;

	must(n <= sizeof(in) && hex_decode(in, n, hex) == 0);
	arena_free(&arena);
	arena_init(&arena, 1 << 16);
	memset(&e, 0, sizeof(e));
	return pb_decode(&pb_outer, &v, in, n, &arena, &unknown, &e);
}

/* Read and written back, the same. */
static void
same(const char *hex, const char *what)
{
	struct pb_bytes out;

	if (ok(decode(hex) == 0, "reads %s", what) &&
	    ok(pb_encode(&pb_outer, &v, &arena, &out, &e) == 0 &&
	    out.n == pb_size(&pb_outer, &v), "writes it"))
		is_hex(out.p, out.n, hex, "the same");
	else
		diag("%s", e.msg);
}

static void
other(const char *in, const char *want, const char *what)
{
	struct pb_bytes out;

	if (ok(decode(in) == 0, "reads %s", what) &&
	    pb_encode(&pb_outer, &v, &arena, &out, &e) == 0)
		is_hex(out.p, out.n, want, "writes it another way");
	else
		diag("%s", e.msg);
}

static void
refused(const char *hex, const char *msg)
{
	ok(decode(hex) < 0 && e.status == EX_DATAERR && v.u64 == 0,
	    "refuses %s", hex);
	is_str(e.msg, msg, "says why");
}

/* sp1-network(7), Examples. */
struct body {
	uint64_t nonce, deadline, cycle_limit, gas_limit, min_auction_period;
	struct pb_bytes vk_hash, version, stdin_uri;
	int32_t mode, strategy;
	struct pb_list whitelist;
	bool stdin_private;
};
static const struct pb_field body_fields[] = {
	PB_ONE(body, 1, U64, nonce),
	PB_ONE(body, 2, BYTES, vk_hash),
	PB_ONE(body, 3, STRING, version),
	PB_ONE(body, 4, ENUM, mode),
	PB_ONE(body, 5, ENUM, strategy),
	PB_ONE(body, 6, STRING, stdin_uri),
	PB_ONE(body, 7, U64, deadline),
	PB_ONE(body, 8, U64, cycle_limit),
	PB_ONE(body, 9, U64, gas_limit),
	PB_ONE(body, 10, U64, min_auction_period),
	PB_MANY(body, 11, BYTES, whitelist),
	PB_ONE(body, 12, BOOL, stdin_private),
};
static const struct pb_message pb_body = PB_MESSAGE(body, body_fields);

static void
signed_body(void)
{
	uint8_t hash[32], out[512];
	struct body b = {
		.nonce = 7, .mode = 2, .strategy = 2, .deadline = 1900000000,
		.cycle_limit = 100000000, .gas_limit = 1000000000,
		.vk_hash = { hash, 32 }, .version = pb_str("sp1-v6.1.0"),
		.stdin_uri = pb_str("https://tee.sp1-lumiere.xyz/artifacts/"
		    "stdin/artifact_01h455vb4pex5vsknk084sn02q"),
	};
	int i;

	for (i = 0; i < 32; i++)
		hash[i] = (uint8_t)i;
	is_hex(out, pb_write(&pb_body, &b, out), "08071220000102030405060708090"
	    "a0b0c0d0e0f101112131415161718191a1b1c1d1e1f1a0a7370312d76362e312e"
	    "3020022802324f68747470733a2f2f7465652e7370312d6c756d696572652e787"
	    "97a2f6172746966616374732f737464696e2f61727469666163745f3031683435"
	    "357662347065783576736b6e6b303834736e3032713880e6fe89074080c2d72f4"
	    "88094ebdc03", "the body of a proof request, as the network has it");
}

static void
nested(void)
{
	uint8_t in[4 * PB_DEPTH + 4];
	struct node top;
	size_t n = 0;

	/* What is n long gets a field's head before it; all lengths are below 128. */
	for (unsigned depth = 1; depth <= PB_DEPTH + 1; depth++, n += 2) {
		int r;

		arena_init(&arena, 1 << 16);
		memset(&e, 0, sizeof(e));
		r = pb_decode(&pb_node, &top, in + sizeof(in) - n, n, &arena,
		    NULL, &e);
		if (depth >= PB_DEPTH)
			ok(depth > PB_DEPTH ? r < 0 && e.status == EX_DATAERR &&
			    strstr(e.msg, "nested too deep") != NULL : r == 0,
			    "%u deep: %s", depth, e.msg);
		arena_free(&arena);
		in[sizeof(in) - n - 1] = (uint8_t)n;
		in[sizeof(in) - n - 2] = 0x0a;
	}
}

int
main(void)
{
	struct pb_bytes b;

	same("", "nothing");
	same("08ffffffffffffffffff01" "10ffffffff0f" "1803" "2001" "2a0100"
	    "3000" "3d0000003f" "4200" "4a00" "4a02abcd" "5200"
	    "e2120408011200" "e21200", "one of everything");
	ok(v.u64 == UINT64_MAX && v.u32 == UINT32_MAX && v.kind == 3 && v.yes &&
	    v.has_opt && v.opt == 0 && v.ratio == 0.5f && v.has_name &&
	    v.name.n == 0 && v.many.n == 2 && v.subs.n == 2 && v.has_one,
	    "with the right values");
	ok(((struct pb_bytes *)v.many.items)[1].n == 2 &&
	    ((struct inner *)v.subs.items)[0].words.n == 1, "and lists");
	is_int(unknown.n, 0, "all known");
	same("18ffffffffffffffffff01", "a negative enum");
	is_int(v.kind, -1, "as it is");
	other("0800" "1000" "1800" "2000" "2a00" "3000", "3000",
	    "defaults on the wire");
	other("10808080808080808001", "", "a number cut to 32 bits");
	other("2002", "2001", "a bool above 1");
	other("20010801", "08012001", "another order");
	other("08010802", "0802", "a scalar twice");
	other("0881808000", "0801", "a long varint");
	ok(decode("0801" "a01f05" "a21f01ff" "a11f0000000000000000"
	    "a51f00000000" "52021805") == 0 && v.u64 == 1 &&
	    unknown.n == 5 && unknown.first == 500,
	    "unknown fields are skipped and counted");

	refused("08", "outer: ends inside a number at byte 1");
	refused("0880", "outer: ends inside a number at byte 2");
	refused("08ffffffffffffffffff02",
	    "outer: number of more than 64 bits at byte 11");
	refused("08ffffffffffffffffffff01",
	    "outer: number of more than 64 bits at byte 11");
	refused("2a05", "outer: ends inside a field at byte 2");
	refused("2affffffffffffffffff01",
	    "outer: ends inside a field at byte 11");
	refused("3d0000", "outer: ends inside a field at byte 1");
	refused("0000", "outer: impossible field number at byte 1");
	refused("8080808010", "outer: impossible field number at byte 5");
	refused("0b0c", "outer: unknown wire type at byte 1");
	refused("0f", "outer: unknown wire type at byte 1");
	refused("0a00", "outer: wrong wire type at byte 2");
	refused("2801", "outer: wrong wire type at byte 2");
	refused("4201ff", "outer: string that is not UTF-8 at byte 3");
	refused("52005200", "outer: single message given twice at byte 4");
	refused("52021201",
	    "outer: inner: ends inside a field at byte 2");

	/* A list that the arena does not hold. */
	ok(decode("e21200e21200") == 0, "a list");
	arena_free(&arena);
	arena_init(&arena, 64);
	ok(pb_decode(&pb_outer, &v, (const uint8_t *)"\xe2\x12\0\xe2\x12\0"
	    "\xe2\x12\0\xe2\x12\0", 12, &arena, NULL, &e) < 0,
	    "that the arena does not hold");
	is_str(e.msg, "outer: list too long (4)", "says so");
	ok(pb_decode(&pb_outer, &v, NULL, 0, &arena, NULL, NULL) == 0,
	    "nothing at all");

	b = pb_str("ab");
	ok(pb_is(b, "ab") && !pb_is(b, "a") && !pb_is(b, "abc") &&
	    pb_is(pb_str(NULL), ""), "views compare");
	ok(strcmp(pb_cstr(&arena, b), "ab") == 0, "a C string");
	ok(pb_cstr(&arena, pb_mem("a\0b", 3)) == NULL, "not with a NUL in it");
	signed_body();
	arena_free(&arena);
	nested();
	return done_testing();
}
