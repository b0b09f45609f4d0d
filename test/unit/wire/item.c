/* Items of a guest's input: what each kind takes, its bytes, what is refused and how, and
 * how they are shown. */
#include "wire/item.h"

#include "test/lib/tap.h"

static const struct {
	const char *text, *hex;
} good[] = {
	{ "u8:0", "00" }, { "u8:255", "ff" }, { "u8:0xFf", "ff" },
	{ "u8:0000255", "ff" },
	{ "u16:0x203", "0302" }, { "u16:65535", "ffff" },
	{ "u32:1000", "e8030000" },
	{ "u64:18446744073709551615", "ffffffffffffffff" },
	{ "u128:1", "01000000000000000000000000000000" },
	{ "u128:340282366920938463463374607431768211455",
	    "ffffffffffffffffffffffffffffffff" },
	{ "u128:0x102030405060708090a0b0c0d0e0f10",
	    "100f0e0d0c0b0a090807060504030201" },
	{ "i32:2147483647", "ffffff7f" }, { "i32:-2147483648", "00000080" },
	{ "i32:-0x10", "f0ffffff" }, { "i32:-0", "00000000" },
	{ "i64:-1", "ffffffffffffffff" },
	{ "i64:9223372036854775807", "ffffffffffffff7f" },
	{ "i64:-9223372036854775808", "0000000000000080" },
	{ "bool:true", "01" }, { "bool:false", "00" },
	{ "hex:", "" }, { "hex:0xAbcd", "abcd" },
	{ "vec:", "0000000000000000" }, { "vec:abcd", "0200000000000000abcd" },
	{ "text:", "" }, { "text:a:b", "613a62" }, { "text:\xff", "ff" },
	{ "string:", "0000000000000000" },
	{ "string:h\xc3\xa9", "030000000000000068c3a9" },
};

static const struct {
	const char *text, *why;
} bad[] = {
	{ "u8:256", "u8: '256' is not a number from 0 to 255" },
	{ "u16:65536", "u16: '65536' is not a number from 0 to 65535" },
	{ "u32:-1", "u32: '-1' is not a number from 0 to 4294967295" },
	{ "u32:", "u32: '' is not a number from 0 to 4294967295" },
	{ "u32: 1", "u32: ' 1' is not a number from 0 to 4294967295" },
	{ "u64:18446744073709551616", "u64: '18446744073709551616' is not a "
	    "number from 0 to 18446744073709551615" },
	{ "u128:340282366920938463463374607431768211456", "u128: '34028236692093"
	    "8463463374607431768211456' is no number of 128 bits" },
	{ "u128:-1", "u128: '-1' is no number of 128 bits" },
	{ "u128:0x", "u128: '0x' is no number of 128 bits" },
	{ "u128:\x11", "u128: '\x11' is no number of 128 bits" },
	{ "i32:2147483648",
	    "i32: '2147483648' is no number of 32 bits with a sign" },
	{ "i32:-2147483649",
	    "i32: '-2147483649' is no number of 32 bits with a sign" },
	{ "i32:--1", "i32: '--1' is no number of 32 bits with a sign" },
	{ "i64:9223372036854775808",
	    "i64: '9223372036854775808' is no number of 64 bits with a sign" },
	{ "bool:1", "bool: takes true or false, not '1'" },
	{ "hex:0", "hex: '0' is not hexadecimal" },
	{ "vec:xy", "vec: 'xy' is not hexadecimal" },
	{ "string:\xff", "string: is not UTF-8, as Rust's strings are" },
	{ "string:\xed\xa0\x80", "string: is not UTF-8, as Rust's strings are" },
	{ "nothing", "item 'nothing' has no kind" },
	{ "", "item '' has no kind" },
	{ "what:1", "what is 'what:1'?" }, { ":1", "what is ':1'?" },
	{ "U8:1", "what is 'U8:1'?" }, { "u:1", "what is 'u:1'?" },
	{ "u88:1", "what is 'u88:1'?" },
};

static void
parsed(void)
{
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct stdin_item item = { 0 };
		struct err e;

		if (!ok(item_parse(&item, good[i].text, &e) == 0, "takes %s",
		    good[i].text))
			continue;
		is_hex(item.p, item.n, good[i].hex, "its bytes");
		free((void *)item.p);
	}
}

static void
refused(void)
{
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct stdin_item item = { 0 };
		struct err e = { 0 };

		ok(item_parse(&item, bad[i].text, &e) < 0 &&
		    e.status == EX_USAGE && item.p == NULL, "refuses case %zu",
		    i);
		is_str(e.msg, bad[i].why, "says why");
	}
}

/* What is shown of n bytes. */
static void
shown(const char *p, size_t n, const char *want)
{
	struct stdin_item item = { (const uint8_t *)p, n };
	char *text = NULL;
	size_t size;
	struct err e;
	struct jw j;
	FILE *f = open_memstream(&text, &size);

	jw_start(&j, f);
	jw_array(&j, NULL);
	item_show(&j, &item);
	jw_end(&j);
	ok(jw_finish(&j, "memory", &e) == 0 && fclose(f) == 0, "is shown");
	is_str(text, want, "as JSON");
	free(text);
}

int
main(void)
{
	parsed();
	refused();
	shown("", 0, "[{\"length\":0,\"hex\":\"0x\"}]\n");
	shown("\1\2", 2, "[{\"length\":2,\"hex\":\"0x0102\",\"number\":513}]\n");
	shown("\377\377\377\377\377\377\377\377", 8, "[{\"length\":8,\"hex\":"
	    "\"0xffffffffffffffff\",\"number\":\"18446744073709551615\"}]\n");
	shown("a\tb", 3, "[{\"length\":3,\"hex\":\"0x610962\",\"text\":"
	    "\"a\\tb\"}]\n");
	shown("a\33b", 3, "[{\"length\":3,\"hex\":\"0x611b62\"}]\n");
	return done_testing();
}
