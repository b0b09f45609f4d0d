/* Records of sp1-attest as evidence: what must be in one, and how old it may be. */
#include <unistd.h>

#include "attested/attested.h"
#include "base/clock.h"
#include "base/hex.h"
#include "test/lib/tap.h"

#define AGE 100		/* the most that is allowed here */

static char path[] = "/tmp/attested-XXXXXX";
static char h32[65], xwing[2 * XWING_PUBLIC + 1];

static void
repeat(char *out, size_t bytes, unsigned byte)
{
	for (size_t i = 0; i < bytes; i++)
		snprintf(out + 2 * i, 3, "%02x", byte);
}

static void
write_record(const char *text)
{
	FILE *f = fopen(path, "w");

	must(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

/* A record made `ago` seconds ago that holds for `left` more, taken in one second of the
 * clock. */
static int
take(struct attested *a, int64_t ago, int64_t left, struct err *e)
{
	char text[1000];
	uint64_t now;
	int r;

	do {
		now = clock_unix();
		snprintf(text, sizeof text, "{\"valid\":true,\"now\":%lld,"
		    "\"statement_sha256\":\"0x%s\",\"public_key\":\"0x%s\","
		    "\"not_after\":%lld}\n", (long long)now - ago, h32, h32,
		    (long long)now + left);
		write_record(text);
		r = attested_record(a, path, AGE, e);
	} while (clock_unix() != now);
	return r;
}

static void
test_age(void)
{
	static const struct {
		int64_t ago, left;
		const char *why;	/* NULL: it will do */
	} of[] = {
		{ 0, 3600, NULL }, { AGE, 3600, NULL }, { 0, 1, NULL },
		{ AGE, 1, NULL },
		{ AGE + 1, 3600, "not of the last 100 seconds" },
		{ -1, 3600, "not of the last 100 seconds" },
		{ 0, 0, "its statement has ended" },
		{ 0, -1, "its statement has ended" },
		{ AGE + 1, 0, "its statement has ended" },
	};
	struct attested a;
	struct err e;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		int r = take(&a, of[i].ago, of[i].left, &e);

		if (!ok(of[i].why == NULL ? r == 0 : r == -1 && e.status == EX_NO &&
		    strstr(e.msg, of[i].why) != NULL, "%lld seconds old, %lld left: %s",
		    (long long)of[i].ago, (long long)of[i].left,
		    of[i].why ? of[i].why : "taken"))
			diag("%d %s", r, r ? e.msg : "");
	}
}

/* One member of a good record is replaced; "" leaves it out. */
static void
test_members(void)
{
	static const char *const key[] = { "valid", "now", "statement_sha256",
	    "public_key", "not_after", "tls_key", "xwing_public_key" };
	static const struct {
		int member;
		const char *text;	/* %s: 32 bytes */
		int status;		/* 0: it is taken */
	} of[] = {
		{ 0, "false", EX_NO }, { 0, "", EX_DATAERR }, { 0, "1", EX_DATAERR },
		{ 1, "", EX_DATAERR }, { 1, "-1", EX_DATAERR }, { 1, "\"x\"", EX_DATAERR },
		{ 2, "", EX_DATAERR }, { 2, "\"0x%.62s\"", EX_DATAERR },
		{ 2, "\"0x%s00\"", EX_DATAERR }, { 2, "null", EX_DATAERR },
		{ 3, "", EX_DATAERR }, { 3, "\"0x%.63s\"", EX_DATAERR },
		{ 4, "", EX_DATAERR }, { 4, "1.5", EX_DATAERR }, { 4, "null", EX_DATAERR },
		{ 5, "\"0x%s\"", 0 }, { 5, "\"0x%.62s\"", EX_DATAERR },
		{ 5, "7", EX_DATAERR }, { 6, "\"0x%s\"", EX_DATAERR },
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		char value[7][200], text[2000] = "{";
		struct attested a = { 0 };
		struct err e;
		int r;

		snprintf(value[0], 200, "true");
		snprintf(value[1], 200, "%llu", (unsigned long long)clock_unix());
		snprintf(value[2], 200, "\"0x%s\"", h32);
		snprintf(value[3], 200, "\"0x%s\"", h32);
		snprintf(value[4], 200, "%llu", (unsigned long long)clock_unix() + 60);
		value[5][0] = value[6][0] = '\0';
		snprintf(value[of[i].member], 200, of[i].text, h32);
		for (size_t k = 0; k < 7; k++) {
			if (value[k][0] == '\0')
				continue;
			strcat(strcat(strcat(text, text[1] ? ",\"" : "\""), key[k]),
			    "\":");
			strcat(text, value[k]);
		}
		write_record(strcat(text, "}\n"));
		r = attested_record(&a, path, AGE, &e);
		if (!ok(r == (of[i].status ? -1 : 0) && (r == 0 ||
		    e.status == of[i].status), "%s %s: status %d", key[of[i].member],
		    of[i].text[0] ? of[i].text : "missing", of[i].status))
			diag("%d %s", r, r ? e.msg : "");
		ok(a.has_tls_key == (of[i].member == 5) || of[i].status == EX_NO ||
		    of[i].member == 0, "whether it names a TLS key");
	}
}

static void
test_keys(void)
{
	static char text[4 * XWING_PUBLIC];
	struct attested a;
	struct err e;

	must(take(&a, 0, 60, &e) == 0);
	ok(a.kem == HPKE_X25519 && a.key[0] == 0x11 && a.statement[31] == 0x11 &&
	    !a.has_tls_key, "an X25519 key, where there is no other");
	snprintf(text, sizeof text, "{\"valid\":true,\"now\":%llu,"
	    "\"statement_sha256\":\"0x%s\",\"public_key\":\"0x%s\","
	    "\"xwing_public_key\":\"0x%s\",\"not_after\":%llu}\n",
	    (unsigned long long)clock_unix(), h32, h32, xwing,
	    (unsigned long long)clock_unix() + 60);
	write_record(text);
	ok(attested_record(&a, path, AGE, &e) == 0 && a.kem == HPKE_XWING &&
	    a.key[0] == 0x22 && a.key[XWING_PUBLIC - 1] == 0x22, "X-Wing where it is "
	    "named");
}

static void
test_malformed(void)
{
	static const char *const bad[] = { "", "\n", "[]\n", "{\n", "nonsense\n", "{}\n" };
	struct attested a;
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_record(bad[i]);
		ok(attested_record(&a, path, AGE, &e) && e.status == EX_DATAERR &&
		    strncmp(e.msg, path, strlen(path)) == 0, "no record: %zu", i);
	}
	unlink(path);
	ok(attested_record(&a, path, AGE, &e) && e.status == EX_NOINPUT, "no file");
}

static void
test_options(void)
{
	struct err e;

	ok(attested_check(NULL, NULL, &e) == 0 && attested_check("c", NULL, &e) == 0 &&
	    attested_check(NULL, "intel", &e) == 0, "collateral from one place, or none");
	ok(attested_check("c", "intel", &e) && e.status == EX_USAGE, "not from two");
	attested_no_collateral(&e);
	ok(e.status == EX_NO && strstr(e.msg, "--collateral") && strstr(e.msg, "--pccs"),
	    "where there is none it says what gives it");
}

int
main(void)
{
	int fd = mkstemp(path);

	must(fd >= 0);
	close(fd);
	repeat(h32, 32, 0x11);
	repeat(xwing, XWING_PUBLIC, 0x22);
	test_age();
	test_members();
	test_keys();
	test_options();
	test_malformed();
	return done_testing();
}
