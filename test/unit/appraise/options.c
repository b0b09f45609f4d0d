/* sp1-attest's command line: what goes together, and where a tunnel leads. */
#include "appraise/connect.h"
#include "test/lib/tap.h"

static struct options o;

/* Options by words: each sets one. */
static void
set(const char *words)
{
	static const struct {
		const char *word;
		size_t at;
	} of[] = {
		{ "event_log", offsetof(struct options, event_log) },
		{ "compose", offsetof(struct options, app_compose) },
		{ "gpu_root", offsetof(struct options, gpu_root) },
		{ "gpu", offsetof(struct options, gpu) },
		{ "rim_root", offsetof(struct options, rim_root) },
		{ "ingress", offsetof(struct options, ingress) },
		{ "cert", offsetof(struct options, cert) },
		{ "dns", offsetof(struct options, dns) },
		{ "anchor", offsetof(struct options, dns_anchor) },
		{ "resolver", offsetof(struct options, resolver) },
		{ "log_list", offsetof(struct options, log_list) },
		{ "domain", offsetof(struct options, domain) },
		{ "logged", offsetof(struct options, logged) },
		{ "policy", offsetof(struct options, policy) },
		{ "pccs", offsetof(struct options, pccs) },
		{ "listen", offsetof(struct options, listen) },
		{ "now", offsetof(struct options, now) },
		{ "connect", offsetof(struct options, connect) },
	};
	char copy[200], *at = copy, *w;
	struct err e;

	memset(&o, 0, sizeof o);
	snprintf(copy, sizeof copy, "%s", words);
	while ((w = strsep(&at, " ")) != NULL) {
		size_t i = 0;

		if (strcmp(w, "quote") == 0)
			must(files_add(&o.quotes, "q", &e) == 0);
		else if (strcmp(w, "collateral") == 0)
			must(files_add(&o.collaterals, "c", &e) == 0);
		else if (strcmp(w, "write") == 0)
			o.write_policy = 1;
		else if (*w != '\0') {
			while (strcmp(of[i].word, w) != 0)
				must(++i < sizeof of / sizeof *of);
			*(const char **)((char *)&o + of[i].at) = "x";
		}
	}
}

struct told {
	const char *words, *why;	/* why: NULL, they go together */
};

static void
all(const struct told *of, size_t n, int (*check)(const struct options *, struct err *),
    const char *what)
{
	struct err e;

	for (size_t i = 0; i < n; i++) {
		int r;

		set(of[i].words);
		r = check(&o, &e);
		if (!ok(of[i].why == NULL ? r == 0 : r == -1 && e.status == EX_USAGE &&
		    strstr(e.msg, of[i].why) != NULL, "%s: %s: %s", what,
		    of[i].words, of[i].why ? of[i].why : "good"))
			diag("%d %s", r, r ? e.msg : "");
	}
}

static void
test_quotes(void)
{
	static const struct told of[] = {
		{ "", "no quote" }, { "quote", NULL }, { "quote collateral", NULL },
		{ "quote pccs", NULL }, { "quote quote pccs", NULL },
		{ "quote collateral pccs", "--collateral and --pccs exclude" },
		{ "quote listen", "--listen goes with --connect" },
		{ "quote quote collateral", NULL },
		{ "quote quote collateral collateral", NULL },
		{ "quote quote quote collateral collateral", "2 collaterals for 3" },
		{ "quote collateral collateral", "2 collaterals for 1" },
		{ "quote event_log compose gpu ingress cert domain write", NULL },
		{ "quote quote event_log", "for one quote" },
		{ "quote quote compose", "for one quote" },
		{ "quote quote gpu", "for one quote" },
		{ "quote quote ingress", "for one quote" },
		{ "quote quote cert", "for one quote" },
		{ "quote quote domain", "for one quote" },
		{ "quote quote write", "for one quote" },
		{ "quote dns", "--dns and --logged are of no domain" },
		{ "quote logged", "--dns and --logged are of no domain" },
		{ "quote dns domain logged", NULL },
	};

	all(of, sizeof of / sizeof *of, options_check, "quotes");
}

static void
test_tunnel(void)
{
	static const struct told of[] = {
		{ "connect policy collateral", NULL }, { "connect policy pccs", NULL },
		{ "connect policy listen", NULL },
		{ "connect collateral", "takes --policy" },
		{ "connect policy collateral collateral", "takes --policy" },
		{ "connect policy quote", "takes --policy" },
		{ "connect policy collateral pccs", "exclude each other" },
		{ "connect policy now", "as of now" },
		{ "connect policy event_log", "as of now" },
		{ "connect policy compose", "as of now" },
		{ "connect policy gpu", "as of now" },
		{ "connect policy gpu_root", "as of now" },
		{ "connect policy rim_root", "as of now" },
		{ "connect policy write", "as of now" },
		{ "connect policy domain", "as of now" },
		{ "connect policy ingress", "as of now" },
		{ "connect policy logged", "as of now" },
		{ "connect policy cert", "as of now" },
		{ "connect policy dns", "as of now" },
		{ "connect policy anchor", "as of now" },
		{ "connect policy resolver", "as of now" },
		{ "connect policy log_list", "as of now" },
	};

	all(of, sizeof of / sizeof *of, options_check_tunnel, "a tunnel");
}

static void
test_files(void)
{
	static struct files f;
	struct err e;

	for (int i = 0; i < FILES_MAX; i++)
		must(files_add(&f, "x", &e) == 0);
	ok(files_add(&f, "x", &e) == -1 && e.status == EX_USAGE && f.n == FILES_MAX,
	    "too many files");
}

static void
test_ingress_quote(void)
{
	static char longer[5000];
	struct err e;

	set("ingress");
	o.ingress = "/folder";
	ok(options_ingress_quote(&o, &e) == 0 && o.quotes.n == 1, "an ingress's quote");
	is_str(o.quotes.of[0].path, "/folder/quote.json", "is beside its files");
	set("ingress quote");
	ok(options_ingress_quote(&o, &e) == 0 && o.quotes.n == 1, "unless one is named");
	set("");
	ok(options_ingress_quote(&o, &e) == 0 && o.quotes.n == 0, "without one, none");
	memset(longer, 'a', sizeof longer - 1);
	o.ingress = longer;
	ok(options_ingress_quote(&o, &e) == -1 && e.status == EX_USAGE, "a long path");
}

static void
test_connect(void)
{
	static const struct {
		const char *where, *host, *port, *url;	/* host NULL: refused */
	} of[] = {
		{ "tee.example:443", "tee.example", "443", "https://tee.example:443" },
		{ "127.0.0.1:1", "127.0.0.1", "1", "https://127.0.0.1:1" },
		{ "[::1]:8443", "::1", "8443", "https://[::1]:8443" },
		{ "tee.example", NULL, NULL, NULL }, { ":443", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL }, { "tee.example:", NULL, NULL, NULL },
		{ "https://tee.example:443", NULL, NULL, NULL },
		{ "[::1]", NULL, NULL, NULL }, { "tee.example:https", NULL, NULL, NULL },
		{ "tee.example:70000", NULL, NULL, NULL },
	};
	struct attested_options by;
	struct tunnel_options t;
	struct err e;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		int r;

		set("policy pccs");
		o.connect = of[i].where;
		r = connect_options(&t, &by, &o, &e);
		if (of[i].host == NULL) {
			ok(r == -1 && e.status == EX_USAGE, "'%s' leads nowhere",
			    of[i].where);
		} else if (ok(r == 0, "%s", of[i].where)) {
			is_str(t.host, of[i].host, "its host");
			is_str(t.port, of[i].port, "its port");
			is_str(o.cli.url, of[i].url, "its URL");
			ok(t.cli == &o.cli && t.attested == &by && by.policy == o.policy &&
			    by.pccs == o.pccs && by.collateral == NULL,
			    "what it is judged by");
		}
	}
}

int
main(void)
{
	test_quotes();
	test_tunnel();
	test_files();
	test_ingress_quote();
	test_connect();
	return done_testing();
}
