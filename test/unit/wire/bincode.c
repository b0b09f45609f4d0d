#include "test/lib/tap.h"
#include "wire/bincode.h"

static struct bin_reader r;
static struct err e;

static void
start(const char *s, size_t n)
{
	memset(&e, 0, sizeof(e));
	bin_read(&r, s, n, "it", &e);
}
#define START(lit) start(lit, sizeof(lit) - 1)

int
main(void)
{
	struct bin_writer w;
	uint8_t out[64];
	size_t n;

	START("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x01\x00");
	is_int(bin_u8(&r), 1, "u8");
	is_int(bin_u32(&r), 0x05040302, "u32");
	is_int(bin_u64(&r), 0x0d0c0b0a09080706, "u64");
	ok(bin_bool(&r), "bool");
	ok(!bin_option(&r), "None");
	is_int(bin_left(&r), 0, "nothing left");
	is_int(bin_done(&r), 0, "done");

	START("\x01\x02\x03");
	is_int(bin_u32(&r), 0, "a number cut short is zero");
	ok(r.failed && e.status == EX_DATAERR, "and a fault");
	is_str(e.msg, "it: ends early (4 bytes wanted, 3 left) at byte 0",
	    "with its place");
	is_int(bin_u8(&r), 0, "which is sticky");
	is_int(bin_done(&r), -1, "to the end");
	is_str(e.msg, "it: ends early (4 bytes wanted, 3 left) at byte 0",
	    "the first message stays");

	START("\x03\0\0\0\0\0\0\0abc\x02\0\0\0\0\0\0\0\xc3\xa4");
	ok(memcmp(bin_bytes(&r, &n), "abc", 3) == 0 && n == 3, "bytes");
	ok(bin_str(&r, &n) != NULL && n == 2, "string");
	is_int(bin_done(&r), 0, "done");
	START("\x02\0\0\0\0\0\0\0\xc3(");
	ok(bin_str(&r, &n) == NULL && n == 0 && r.failed, "bad UTF-8");

	START("\x04\0\0\0\0\0\0\0abc");
	ok(bin_bytes(&r, &n) == NULL && n == 0 && r.failed,
	    "more bytes than there are");
	START("\xff\xff\xff\xff\xff\xff\xff\xff" "abcdefgh");
	is_int(bin_count(&r, 8), 0, "a count that would overflow");
	is_str(e.msg, "it: count 18446744073709551615 is more than the rest "
	    "can hold at byte 0", "has its message");
	START("\x02\0\0\0\0\0\0\0" "abcdefgh");
	is_int(bin_count(&r, 4), 2, "a plausible count");
	START("\x02\0\0\0\0\0\0\0" "abcdefg");
	is_int(bin_count(&r, 4), 0, "one too many");
	START("\x02");
	ok(!bin_option(&r) && r.failed, "Option 2");
	START("\x01\x00");
	bin_u8(&r);
	is_int(bin_done(&r), -1, "trailing byte");
	is_str(e.msg, "it: 1 bytes too many at byte 1", "is said");
	bin_read(&r, NULL, 0, "it", NULL);
	is_int(bin_done(&r), 0, "empty, without struct err");
	is_int(bin_u8(&r), 0, "no struct err to fill");

	bin_write(&w, out, sizeof(out));
	bin_put_u8(&w, 1);
	bin_put_u32(&w, 0x05040302);
	bin_put_u64(&w, 6);
	bin_put_str(&w, "hi");
	bin_put_bytes(&w, NULL, 0);
	ok(bin_written(&w) == 0, "written");
	is_hex(out, w.n, "01" "02030405" "0600000000000000"
	    "0200000000000000" "6869" "0000000000000000", "as it should be");
	bin_write(&w, NULL, 0);
	bin_put_u64(&w, 1);
	bin_put_str(&w, "hi");
	ok(bin_written(&w) == 0 && w.n == 18, "without a buffer it counts");
	bin_write(&w, out, 9);
	bin_put_u64(&w, 1);
	bin_put_u32(&w, 1);
	bin_put_u8(&w, 1);
	ok(bin_written(&w) == -1 && w.n == 13, "what does not fit is a fault");
	return done_testing();
}
