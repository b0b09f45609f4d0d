/*
 * sp1-attest: is this the evidence of a genuine enclave, and of the one that a policy
 * names?  It comes from files, or over the connection that it is about.
 */
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "appraise/collateral.h"
#include "appraise/connect.h"
#include "appraise/trust.h"
#include "appraise/verdict.h"
#include "attest/rim.h"
#include "base/args.h"
#include "base/openssl.h"
#include "base/ready.h"
#include "base/sandbox.h"

#define NOW_MAX 253402300799u	/* the end of the year 9999 */

static struct options o;

static void add_quote(const char *path);
static void add_collateral(const char *path);
static void add_rim(const char *path);

static const struct arg_opt opts[] = {
	{ 0, "quote", "FILE", "a quote: bytes, hexadecimal, or JSON that holds it",
	    .each = add_quote },
	{ 0, "collateral", "FILE", "what Intel says of its platform; one for all "
	    "quotes, or one each", .each = add_collateral },
	ATTESTED_PCCS(o.pccs),
	{ 0, "now", "UNIX", "judge as of this time (default: the clock's)",
	    .value = &o.now },
	{ 0, "policy", "FILE", "what is accepted (default: any program, UpToDate)",
	    .value = &o.policy },
	{ 0, "event-log", "FILE", "dstack's event log (default: beside the quote)",
	    .value = &o.event_log },
	{ 0, "app-compose", "FILE", "app-compose.json, as measured",
	    .value = &o.app_compose },
	{ 0, "gpu", "FILE", "evidence of the GPUs beside the enclave",
	    .value = &o.gpu },
	{ 0, "rim", "FILE", "NVIDIA's measurements of a driver or VBIOS",
	    .each = add_rim },
	{ 0, "ingress", "DIR", "what dstack-ingress serves at /evidences/; its "
	    "quote.json is the quote", .value = &o.ingress },
	{ 0, "domain", "NAME", "the domain that the enclave serves; its DNS is "
	    "asked, unless --dns tells", .value = &o.domain },
	{ 0, "cert", "FILE", "the certificate in use there, with its chain",
	    .value = &o.cert },
	{ 0, "dns", "FILE", "what the DNS says, as lines of a zone",
	    .value = &o.dns },
	{ 0, "resolver", "ADDRESS[@PORT]", "ask this server (default: those of "
	    "/etc/resolv.conf)", .value = &o.resolver },
	{ 0, "log-list", "FILE", "the logs that certificates must be promised to",
	    .value = &o.log_list },
	{ 0, "logged", "FILE", "the certificates that logs have for the domain",
	    .value = &o.logged },
	{ 0, "dns-anchor", "FILE", "other keys than the DNS root's, for tests",
	    .value = &o.dns_anchor },
	{ 0, "gpu-root", "FILE", "another root than NVIDIA's, for tests",
	    .value = &o.gpu_root },
	{ 0, "rim-root", "FILE", "another root than that of NVIDIA's "
	    "measurements", .value = &o.rim_root },
	{ 0, "ca", "FILE", "certificate authorities besides the system's",
	    .value = &o.cli.ca },
	{ 0, "trust-root", "FILE", "another root than Intel's, for tests",
	    .value = &o.root },
	{ 0, "connect", "HOST:PORT", "forward a local port to this enclave",
	    .value = &o.connect },
	{ 0, "listen", "PORT", "that port (default: any)", .value = &o.listen },
	{ 0, "write-policy", NULL, "write a policy that pins what is seen",
	    .flag = &o.write_policy },
	{ 0, "json", NULL, "write records to a terminal too", .flag = &o.json },
	{ 0 }
};

static const struct args args = {
	.name = "sp1-attest",
	.synopsis = "[--policy FILE] [--event-log FILE] [--app-compose FILE] "
	    "[--now UNIX] [--domain NAME] "
	    "(--collateral FILE | --pccs URL) (--ingress DIR | URL | QUOTE ...)",
	.about = "Verifies an enclave's evidence: 0 valid, 1 not, 65 malformed.",
	.example = "sp1-attest --policy policy.json --collateral collateral.json "
	    "https://tee.example",
	.opts = opts, .min = 0, .max = -1,
};

/* Wrong usage, or what else failed. */
_Noreturn static void
refuse(const struct err *e)
{
	if (e->status == EX_USAGE)
		args_usage(&args, "%s", e->msg);
	die_err(e);
}

static void
add(struct files *f, const char *path)
{
	struct err e;

	if (files_add(f, path, &e))
		refuse(&e);
}

static void
add_quote(const char *path)
{
	add(&o.quotes, path);
}

static void
add_collateral(const char *path)
{
	add(&o.collaterals, path);
}

static void
add_rim(const char *path)
{
	add(&o.rims, path);
}

static int64_t
the_time(void)
{
	return o.now == NULL ? (int64_t)time(NULL) :
	    (int64_t)args_u64(&args, "--now", o.now, 0, NOW_MAX);
}

_Noreturn static void
tunnel(void)
{
	struct attested_options by;
	struct tunnel_options t;
	struct err e;

	if (options_check_tunnel(&o, &e) || connect_options(&t, &by, &o, &e))
		refuse(&e);
	t.listen = o.listen ? (uint16_t)args_u64(&args, "--listen", o.listen, 0,
	    65535) : 0;
	for (int i = 0; i < o.rims.n; i++)
		attested_add_rim(o.rims.of[i].path);
	openssl_start();
	must(ready_set(NULL) == 0);
	if (tunnel_run(&t, &e) < 0)
		die_err(&e);
	exit(0);
}

int
main(int argc, char **argv)
{
	static struct inputs inputs;
	struct trust trust = { 0 };
	struct platform platform = { 0 };
	struct attest_input in = { .root = &trust.root, .platform = &platform,
	    .gpu_root = &trust.gpu_root, .rim_root = &trust.rim_root,
	    .policy = &trust.policy };
	struct err e;
	int i, status;

	ready_start();
	for (i = args_parse(&args, argc, argv); i < argc; i++)
		add_quote(argv[i]);
	if (options_ingress_quote(&o, &e))
		refuse(&e);
	if (o.connect)
		tunnel();
	if (options_check(&o, &e))
		refuse(&e);
	in.now = the_time();
	openssl_start();
	json_object_seed(0);	/* it opens /dev/urandom */
	if (inputs_read(&inputs, &o, &e))
		die_err(&e);
	if (domain_name(&inputs.domain, &o, &e))
		args_usage(&args, "--domain: %s", e.msg);
	if (domain_ask(&inputs.domain, &o, &e) ||
	    trust_intel(&trust, &o, &inputs, &e) ||
	    collateral_ask(&o, &trust.root, in.now, &e) ||
	    (o.rims.n > 0 && rim_start(&e)) || sandbox("stdio", &e) ||
	    trust_rest(&trust, &o, &inputs, &e) ||
	    domain_take(&in, &inputs.domain, &o, &e) ||
	    verdict_all(&status, &o, &in, &inputs, &e))
		die_err(&e);
	trust_free(&trust);
	inputs_free(&inputs);
	chain_free(&platform.chain);
	return status;
}
