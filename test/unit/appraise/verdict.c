/*
 * sp1-attest's verdicts on a synthetic enclave: what is written for whom, in which order the
 * checks give the reason, which file counts where there are several, what a call ends with.
 */
#include <fcntl.h>
#include <unistd.h>

#include "appraise/collateral.h"
#include "appraise/trust.h"
#include "appraise/verdict.h"
#include "base/openssl.h"
#include "test/lib/enclave.h"
#include "test/lib/tap.h"

#define NOW (FIRST + 1000)

static struct bytes
span(const struct text *t)
{
	return (struct bytes){ (const uint8_t *)t->p, t->n };
}

static struct bytes
string_of(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, s != NULL ? strlen(s) : 0 };
}

/* One call of sp1-attest, as its main() makes it. */
struct call {
	struct options o;
	struct inputs in;
	const char *policy;
	struct text root;
	int64_t now;
	/* What it says. */
	char out[65536], err[4096];
	int status;
	struct err why;		/* where the call itself failed */
};

static struct call c;

static void
start(void)
{
	memset(&c, 0, sizeof c);
	c.now = NOW;
	c.o.root = "root.der";
}

static void
add(struct files *f, const char *path, struct bytes text)
{
	struct err e;

	must(files_add(f, path, &e) == 0);
	f->of[f->n - 1].text = text;
}

static void
read_back(char *out, size_t room, int fd)
{
	ssize_t n = pread(fd, out, room - 1, 0);

	must(n >= 0);
	out[n] = '\0';
}

static int
a_file(void)
{
	char path[] = "/tmp/appraise-XXXXXX";
	int fd = mkstemp(path);

	must(fd >= 0);
	unlink(path);
	return fd;
}

static int
judge_call(struct trust *t, struct attest_input *in, struct err *e)
{
	return trust_intel(t, &c.o, &c.in, e) || trust_rest(t, &c.o, &c.in, e) ||
	    verdict_all(&c.status, &c.o, in, &c.in, e) ? -1 : 0;
}

/* Both streams are files meanwhile. */
static int
run(void)
{
	int kept[2] = { dup(1), dup(2) }, to[2] = { a_file(), a_file() }, r;
	struct trust t = { 0 };
	struct platform platform = { 0 };
	struct attest_input in = { .root = &t.root, .platform = &platform,
	    .gpu_root = &t.gpu_root, .rim_root = &t.rim_root, .policy = &t.policy,
	    .now = c.now };

	c.in.root = span(&c.root);
	c.in.policy = string_of(c.policy);
	c.o.policy = c.policy ? "policy" : NULL;
	fflush(stdout);
	dup2(to[0], 1);
	dup2(to[1], 2);
	r = judge_call(&t, &in, &c.why);
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		dup2(kept[i], 1 + i);
		close(kept[i]);
	}
	read_back(c.out, sizeof c.out, to[0]);
	read_back(c.err, sizeof c.err, to[1]);
	close(to[0]);
	close(to[1]);
	trust_free(&t);
	chain_free(&platform.chain);
	return r;
}

/* The n-th line that was written. */
static json_t *
record(size_t n)
{
	const char *at = c.out;

	while (n-- > 0 && at != NULL)
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
	return at ? json_loadb(at, strcspn(at, "\n"), 0, NULL) : NULL;
}

static const char *
reason(json_t *o)
{
	const char *s = json_string_value(json_object_get(o, "reason"));

	return s ? s : "none";
}

static void
one_quote(struct enclave *x, const char *with)
{
	start();
	enclave_make(x, with);
	add(&c.o.quotes, "quote", span(&x->quote));
	add(&c.o.collaterals, "collateral", span(&x->collateral));
	c.root = x->root;
}

/* Whatever else fails, the reason is the first of the checks in their order, not the policy's
 * in its. */
static void
test_order(void)
{
	static const struct {
		const char *with, *policy, *reason;
	} of[] = {
		{ "", "{\"report_data\":\"" "00000000000000000000000000000000"
		    "00000000000000000000000000000000" "00000000000000000000000000000000"
		    "00000000000000000000000000000000" "\",\"tcb_status\":[]}",
		    "tcb_status" },
		{ "", "{\"tcb_status\":[],\"min_eval_number\":1000}", "tcb_status" },
		{ "", "{\"max_collateral_age\":1,\"min_eval_number\":1000}",
		    "tcb_evaluation" },
		{ "", "{\"compose_hash\":[\"00000000000000000000000000000000"
		    "00000000000000000000000000000000\"],\"app_id\":"
		    "\"0000000000000000000000000000000000000000\"}", "app_id" },
		{ "debug", "{\"tcb_status\":[]}", "debug" },
		{ "bad_quote_signature", "{\"tcb_status\":[]}", "quote_signature" },
		{ "bad_quote_signature debug", NULL, "debug" },
		{ "", NULL, "none" },
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct enclave x;
		json_t *o;

		one_quote(&x, of[i].with);
		c.policy = of[i].policy;
		must(run() == 0);
		o = record(0);
		is_str(reason(o), of[i].reason, "%s, %s: the reason", of[i].with,
		    of[i].policy ? of[i].policy : "no policy");
		is_int(c.status, strcmp(of[i].reason, "none") == 0 ? 0 : 1,
		    "its status");
		ok((strstr(c.err, of[i].reason) != NULL) == (c.status != 0),
		    "it is said");
		json_decref(o);
		enclave_free(&x);
	}
}

/* The worst of all; a record each. */
static void
test_many(void)
{
	struct enclave x, debug;
	json_t *o;

	one_quote(&x, "");
	enclave_make(&debug, "debug");
	add(&c.o.quotes, "bad", string_of("nothing"));
	add(&c.o.quotes, "debug", span(&debug.quote));
	must(run() == 0);
	is_int(c.status, EX_DATAERR, "three quotes, one malformed");
	o = record(1);
	is_str(reason(o), "quote_format", "its reason");
	is_str(json_string_value(json_object_get(o, "quote")), "bad", "its name");
	json_decref(o);
	o = record(2);
	is_str(reason(o), "debug", "the next one is judged all the same");
	json_decref(o);
	ok(record(3) == NULL, "and no more");

	/* Collateral each: the second quote's is none. */
	one_quote(&x, "");
	add(&c.o.quotes, "second", span(&x.quote));
	add(&c.o.collaterals, "none", string_of("{}"));
	must(run() == 0);
	is_int(c.status, EX_DATAERR, "collateral that is malformed");
	o = record(0);
	is_str(reason(o), "none", "is not the first quote's");
	json_decref(o);
	o = record(1);
	is_str(reason(o), "collateral_format", "but the second one's");
	json_decref(o);
	enclave_free(&x);
	enclave_free(&debug);
}

/* What a file says comes before what stands beside the quote. */
static void
test_merge(void)
{
	struct enclave x, late;
	struct text both = { 0 };
	json_t *o;

	one_quote(&x, "");
	enclave_make(&late, "log_late_compose");
	put(&both, "{\"quote\":\"");
	put_hex(&both, x.quote.p, x.quote.n);
	put(&both, "\",\"event_log\":");
	put_quoted(&both, late.event_log.p);
	put(&both, "}");
	c.o.quotes.of[0].text = span(&both);
	must(run() == 0);
	o = record(0);
	ok(strncmp(reason(o), "event_", 6) == 0, "the log beside the quote is looked at");
	json_decref(o);
	c.in.log = span(&x.event_log);
	must(run() == 0);
	o = record(0);
	is_str(reason(o), "none", "a log from a file goes before it");
	ok(json_object_get(o, "compose_hash") != NULL, "and tells the composition");
	json_decref(o);
	c.in.compose = span(&late.compose);
	((char *)late.compose.p)[0] ^= 1;
	must(run() == 0);
	ok(c.status != 0, "as does app-compose");
	enclave_free(&x);
	enclave_free(&late);
	free(both.p);
}

/* First and last second, of the collateral that gives them. */
static void
test_dates(void)
{
	static const struct {
		int64_t now;
		bool good;
	} of[] = { { FIRST, true }, { FIRST - 1, false }, { LAST, true },
		{ LAST + 1, false } };
	struct enclave x;

	one_quote(&x, "");
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		c.now = of[i].now;
		must(run() == 0);
		ok((c.status == 0) == of[i].good, "as of %lld", (long long)of[i].now);
	}
	enclave_free(&x);
}

static void
test_collateral(void)
{
	const struct file none = { .path = "x" }, bad = { .path = "x",
	    .text = string_of("[]") };
	struct chain root = { 0 };
	struct enclave x;
	struct judged j;
	struct file good;
	struct err e;

	enclave_make(&x, "");
	good = (struct file){ .path = "x", .text = span(&x.collateral) };
	must(chain_one(&root, span(&x.root), &e) == 0);
	ok(collateral_judge(&j, NULL, &root, NOW, &e) == 0 && !j.good &&
	    j.why.status == EX_NO && strstr(j.why.msg, "--pccs") != NULL,
	    "no collateral: it says what gives it");
	collateral_free(&j.c);
	ok(collateral_judge(&j, &none, &root, NOW, &e) == 0 && !j.good &&
	    j.why.status == EX_NO, "nor where none came");
	collateral_free(&j.c);
	ok(collateral_judge(&j, &bad, &root, NOW, &e) == 0 && !j.good &&
	    j.why.status == EX_DATAERR, "nonsense");
	collateral_free(&j.c);
	ok(collateral_judge(&j, &good, &root, NOW, &e) == 0 && j.good &&
	    check_passed(&j.checks, CHECK_tcb_info_signature), "good collateral");
	collateral_free(&j.c);
	ok(collateral_judge(&j, &good, &root, LAST + 1, &e) == 0 && j.good &&
	    check_first_failed(&j.checks) == CHECK_tcb_info_date, "which has ended");
	collateral_free(&j.c);
	chain_free(&root);
	enclave_free(&x);
}

static void
test_write_policy(void)
{
	struct enclave x;
	char *text;

	one_quote(&x, "");
	c.o.write_policy = 1;
	must(run() == 0);
	ok(c.status == 0 && strstr(c.out, "\"mrtd\"") != NULL &&
	    strstr(c.err, "read it before you use it") != NULL, "a policy");
	text = strdup(c.out);
	c.o.write_policy = 0;
	c.policy = text;
	must(run() == 0);
	is_int(c.status, 0, "it holds for what it is of");
	enclave_free(&x);
	one_quote(&x, "bad_quote_signature");
	c.o.write_policy = 1;
	ok(run() == -1 && c.why.status == EX_NO && c.out[0] == '\0',
	    "none of what is not genuine");
	is_str(c.why.msg, "no policy from this evidence: quote_signature: the signature "
	    "does not hold", "and why");
	enclave_free(&x);
	free(text);
}

static void
test_trust(void)
{
	struct enclave x;

	one_quote(&x, "");
	c.o.root = NULL;
	must(run() == 0);
	ok(c.status == 1 && strstr(c.err, "instead of") == NULL,
	    "Intel's root, where no other is named");
	c.o.root = "other";
	must(run() == 0);
	ok(c.status == 0 && strstr(c.err, "trusting the root in other instead of "
	    "Intel's") != NULL, "another one is said");
	c.root.n--;
	ok(run() == -1 && c.why.status == EX_DATAERR &&
	    strncmp(c.why.msg, "other: ", 7) == 0, "a root that is cut");
	c.root.n++;
	c.policy = "{\"mrdt\":1}";
	ok(run() == -1 && c.why.status == EX_CONFIG, "a policy with a mistake");
	is_str(c.why.msg, "policy: policy: mrdt is not known", "whose file is named");
	enclave_free(&x);
}

int
main(void)
{
	openssl_start();
	test_order();
	test_many();
	test_merge();
	test_dates();
	test_collateral();
	test_write_policy();
	test_trust();
	return done_testing();
}
