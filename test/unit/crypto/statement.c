/* The attested statement: one spelling, and what a quote has of it. */
#include "crypto/statement.h"

#include "test/lib/tap.h"

static struct statement full;

static void
fill(struct statement_hash *h, uint8_t b)
{
	h->there = true;
	memset(h->v, b, sizeof h->v);
}

static void
make(void)
{
	fill(&full.compose, 0xc0);
	fill(&full.exporter, 0xe0);
	fill(&full.gpu, 0x90);
	fill(&full.nonce, 0x40);
	fill(&full.spki, 0x50);
	memset(full.fulfiller, 0xf0, sizeof full.fulfiller);
	full.not_after = 1800003600;
	full.nkeys = 2;
	full.keys[0].kem = 0x647a;
	full.keys[0].len = STATEMENT_KEY_MAX;
	memset(full.keys[0].key, 0xab, STATEMENT_KEY_MAX);
	full.keys[1].kem = 0x20;
	full.keys[1].len = 32;
	memset(full.keys[1].key, 0x0d, 32);
}

static bool
parses(const char *text)
{
	struct statement s;
	struct err e;

	return statement_parse(&s, text, strlen(text), &e) == 0;
}

/* Without anything that may be missing. */
#define FULFILLER "\"fulfiller\":\"f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0\""
#define KEY "{\"kem\":32,\"public_key\":\"0d\"}"
#define SHORT "{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":7}"

static void
round_trip(void)
{
	static char text[STATEMENT_MAX], again[STATEMENT_MAX];
	struct statement s;
	struct err e;
	size_t n = statement_write(text, &full);

	ok(statement_parse(&s, text, n, &e) == 0 && statement_write(again, &s) == n
	    && strcmp(text, again) == 0, "with all that it may have: %zu bytes", n);
	ok(s.keys[1].len == 32 && statement_key(&s, 0x20) == &s.keys[1] &&
	    statement_key(&s, 0x647a) == &s.keys[0] && !statement_key(&s, 0x10),
	    "its keys by their KEM");
	ok(s.not_after == 1800003600 && s.exporter.there && s.nonce.v[31] == 0x40 &&
	    s.compose.v[0] == 0xc0 && s.gpu.v[0] == 0x90 && s.spki.v[0] == 0x50,
	    "each value is its own");
	ok(statement_parse(&s, SHORT, sizeof SHORT - 1, &e) == 0 &&
	    statement_write(again, &s) == sizeof SHORT - 1 &&
	    strcmp(again, SHORT) == 0 && !s.nonce.there && !s.spki.there,
	    "with nothing that may be missing");
}

/* Every byte of it is looked at. */
static void
altered(void)
{
	static char text[STATEMENT_MAX];
	struct statement s, was;
	struct many refused = { 0 }, other = { 0 };
	struct err e;
	size_t n;

	full.keys[0].len = 32;
	n = statement_write(text, &full);
	must(statement_parse(&was, text, n, &e) == 0);
	for (size_t i = 0; i <= n; i++)
		note(&refused, statement_parse(&s, text, i, &e) < 0 || i == n,
		    "cut at %zu", i);
	all_held(&refused, "none of %zu that are cut is taken", n);
	for (size_t i = 0; i < n; i++) {
		static char again[STATEMENT_MAX];

		text[i] ^= 1;
		note(&other, statement_parse(&s, text, n, &e) < 0 ||
		    (statement_write(again, &s) == n &&
		    memcmp(again, text, n) == 0 &&
		    memcmp(&s, &was, sizeof s) != 0), "byte %zu", i);
		text[i] ^= 1;
	}
	all_held(&other, "one bit changed: refused, or another statement");
}

static void
other_spellings(void)
{
	static const char *const bad[] = {
		"", "{}", "[" SHORT "]", " " SHORT, SHORT " ", SHORT "\n",
		"{ " FULFILLER ",\"keys\":[" KEY "],\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[],\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[" KEY ",],\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":07}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":-7}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":7.0}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":\"7\"}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":9007199254740992}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":7,\"x\":1}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"not_after\":7,\"not_after\":7}",
		"{\"keys\":[" KEY "]," FULFILLER ",\"not_after\":7}",
		"{" FULFILLER "," FULFILLER ",\"keys\":[" KEY "],\"not_after\":7}",
		"{\"fulfiller\":\"F0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0\",\"keys\":["
		    KEY "],\"not_after\":7}",
		"{\"fulfiller\":\"0xf0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0\",\"keys\":["
		    KEY "],\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[{\"kem\":65536,\"public_key\":\"0d\"}],"
		    "\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[{\"kem\":32,\"public_key\":\"\"}],"
		    "\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[{\"kem\":32,\"public_key\":\"0\"}],"
		    "\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[" KEY "," KEY "," KEY "," KEY "," KEY "],"
		    "\"not_after\":7}",
		"{" FULFILLER ",\"keys\":[" KEY "],\"nonce\":\"00\",\"not_after\":7}",
	};
	struct many m = { 0 };

	ok(parses(SHORT), "the one spelling");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		note(&m, !parses(bad[i]), "%s", bad[i]);
	all_held(&m, "no other is taken");
}

static void
hashes(void)
{
	uint8_t data[64], hash[32];

	/* By printf 'sp1-private/evidence/v1\0{}' | sha512sum, and sha256sum of {}. */
	statement_report_data(data, "{}", 2);
	is_hex(data, 64,
	    "984b229d99fbc832f7e8bc30f94fd696466d97db9c393cc217aaa75691aa4800"
	    "00c8c104cbc35eaec9eaa208aa7ee5fb2344d7e63ce2e077137fc45f0b82ceb8", "REPORTDATA");
	statement_sha256(hash, "{}", 2);
	is_hex(hash, 32,
	    "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	    "its name");
}

int
main(void)
{
	make();
	round_trip();
	altered();
	other_spellings();
	hashes();
	return done_testing();
}
