/*
 * sp1-attest: is this the evidence of a genuine enclave, and of the one that a policy
 * names?  It comes from files, or over the connection that it is about.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attest/report.h"
#include "attest/resolve.h"
#include "attest/rim.h"
#include "attested/attested.h"
#include "attested/pcs.h"
#include "attested/tunnel.h"
#include "base/args.h"
#include "base/io.h"
#include "base/openssl.h"
#include "base/ready.h"
#include "base/sandbox.h"

#define ROOT_MAX 65536
#define POLICY_MAX ((size_t)4 << 20)
#define FILES_MAX 10000
#define RESOLVE_SECONDS 30
#define NOW_MAX 253402300799u	/* the end of the year 9999 */

static const char *now_text, *policy_path, *log_path, *compose_path, *root_path,
    *gpu_path, *gpu_root_path,
    *rim_root_path, *ingress_path, *cert_path, *domain_name, *dns_path, *server,
    *anchor_path, *logs_path, *pccs, *connect_to, *listen_port;
static int write_policy, only_json;
static struct rpc_cli cli;

/* A path or a URL, and what it has. */
struct file {
	const char *path;
	struct bytes text;
	struct attest_asked *asked;	/* a URL: how it was asked */
};

struct files {
	struct file of[FILES_MAX];
	int n;
};
static struct files quotes, collaterals, rims;

static void add_quote(const char *path);
static void add_collateral(const char *path);
static void add_rim(const char *path);

static const struct arg_opt opts[] = {
	{ 0, "quote", "FILE", "a quote: bytes, hexadecimal, or JSON that holds it",
	    .each = add_quote },
	{ 0, "collateral", "FILE", "what Intel says of its platform; one for all "
	    "quotes, or one each", .each = add_collateral },
	{ 0, "pccs", "URL", "ask there what Intel says (\"intel\": Intel itself), "
	    "and keep it", .value = &pccs },
	{ 0, "now", "UNIX", "judge as of this time (default: the clock's)",
	    .value = &now_text },
	{ 0, "policy", "FILE", "what is accepted (default: any program, UpToDate)",
	    .value = &policy_path },
	{ 0, "event-log", "FILE", "dstack's event log (default: beside the quote)",
	    .value = &log_path },
	{ 0, "app-compose", "FILE", "app-compose.json, as measured",
	    .value = &compose_path },
	{ 0, "gpu", "FILE", "evidence of the GPUs beside the enclave",
	    .value = &gpu_path },
	{ 0, "rim", "FILE", "NVIDIA's measurements of a driver or VBIOS",
	    .each = add_rim },
	{ 0, "ingress", "DIR", "what dstack-ingress serves at /evidences/; its "
	    "quote.json is the quote", .value = &ingress_path },
	{ 0, "domain", "NAME", "the domain that the enclave serves; its DNS is "
	    "asked, unless --dns tells", .value = &domain_name },
	{ 0, "cert", "FILE", "the certificate in use there, with its chain",
	    .value = &cert_path },
	{ 0, "dns", "FILE", "what the DNS says, as lines of a zone",
	    .value = &dns_path },
	{ 0, "resolver", "ADDRESS[@PORT]", "ask this server (default: those of "
	    "/etc/resolv.conf)", .value = &server },
	{ 0, "log-list", "FILE", "the logs that certificates must be promised to",
	    .value = &logs_path },
	{ 0, "dns-anchor", "FILE", "other keys than the DNS root's, for tests",
	    .value = &anchor_path },
	{ 0, "gpu-root", "FILE", "another root than NVIDIA's, for tests",
	    .value = &gpu_root_path },
	{ 0, "rim-root", "FILE", "another root than that of NVIDIA's "
	    "measurements", .value = &rim_root_path },
	{ 0, "ca", "FILE", "certificate authorities besides the system's",
	    .value = &cli.ca },
	{ 0, "trust-root", "FILE", "another root than Intel's, for tests",
	    .value = &root_path },
	{ 0, "connect", "HOST:PORT", "forward a local port to this enclave",
	    .value = &connect_to },
	{ 0, "listen", "PORT", "that port (default: any)", .value = &listen_port },
	{ 0, "write-policy", NULL, "write a policy that pins what is seen",
	    .flag = &write_policy },
	{ 0, "json", NULL, "write records to a terminal too", .flag = &only_json },
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

static void
add(struct files *f, const char *path)
{
	if (f->n == FILES_MAX)
		args_usage(&args, "more than %d files", FILES_MAX);
	f->of[f->n++].path = path;
}

static void
add_quote(const char *path)
{
	add(&quotes, path);
}

static void
add_collateral(const char *path)
{
	add(&collaterals, path);
}

static void
add_rim(const char *path)
{
	add(&rims, path);
}

static struct bytes
read_bytes(const char *path, size_t cap)
{
	struct bytes b = { 0 };
	uint8_t *p;
	struct err e;

	if (path == NULL)
		return b;
	if (read_file(path, cap, &p, &b.n, &e))
		die_err(&e);
	b.p = p;
	return b;
}

static void
read_files(struct files *f, size_t cap)
{
	for (int i = 0; i < f->n; i++)
		f->of[i].text = read_bytes(f->of[i].path, cap);
}

static bool
is_url(const char *path)
{
	return strncmp(path, "https://", 8) == 0 ||
	    strncmp(path, "http://", 7) == 0;
}

/* The evidence, over the connection that it is to be about. */
static void
fetch(struct file *f)
{
	struct rpc_cli c = cli;
	uint8_t *p;
	struct err e;

	c.url = f->path;
	f->asked = calloc(1, sizeof *f->asked);
	must(f->asked != NULL);
	if (attested_fetch(&c, f->asked, &p, &f->text.n, &e))
		die_err(&e);
	f->text.p = p;
}

static void
read_quotes(void)
{
	for (int i = 0; i < quotes.n; i++)
		if (is_url(quotes.of[i].path))
			fetch(&quotes.of[i]);
		else
			quotes.of[i].text = read_bytes(quotes.of[i].path,
			    EVIDENCE_MAX);
}

static struct bytes *
texts(const struct files *f)
{
	struct bytes *b = calloc((size_t)f->n + 1, sizeof *b);

	must(b != NULL);
	for (int i = 0; i < f->n; i++)
		b[i] = f->of[i].text;
	return b;
}

/* Collateral, judged once for all quotes that it is for. */
struct judged {
	struct collateral c;
	struct attest_checks checks;
	bool good;
	struct err why;		/* not good */
};

static void
judge_collateral(struct judged *j, const struct file *f,
    const struct chain *root, int64_t now)
{
	memset(j, 0, sizeof *j);
	if (f == NULL || f->text.p == NULL) {
		err_set(&j->why, EX_NO, "there is no collateral");
		return;
	}
	j->good = collateral_parse(&j->c, f->text, root, &j->why) == 0;
	if (!j->good && j->why.status != EX_DATAERR)
		die_err(&j->why);
	if (j->good)
		collateral_verify(&j->checks, &j->c, root, now);
}

/* The exit status of one verdict, told. */
static int
tell(const struct attest_verdict *v, const struct attest_input *in,
    const char *path)
{
	enum attest_check c = check_first_failed(&v->checks);
	const char *name = quotes.n > 1 || in->asked != NULL ? in_name(path) :
	    NULL;
	char *text;
	struct err e;

	if (write_policy) {
		text = report_policy(v, in, &e);
		if (text == NULL)
			die_err(&e);
		if (puts(text) == EOF || fflush(stdout) != 0)
			die(EX_IOERR, "cannot write standard output:");
		free(text);
		complain("this policy pins what was seen, which may be anything: "
		    "read it before you use it");
		return 0;
	}
	if (isatty(STDOUT_FILENO) && !only_json)
		report_table(stdout, v, in, in_name(path));
	else if (report_record(stdout, v, in, name, &e))
		die_err(&e);
	if (v->valid)
		return 0;
	must(c != ATTEST_CHECKS);
	complain("%s: %s: %s", in_name(path), attest_check_name(c),
	    v->checks.of[c].detail);
	return v->malformed ? EX_DATAERR : EX_NO;
}

/* What belongs to the one quote. */
struct beside {
	struct bytes log, compose, gpus, *rims;
};

/* The domain, as files and the DNS tell. */
struct domain_inputs {
	struct bytes cert, dns_text, logs_text;
	char name[DNS_NAME];
	struct ingress ingress;
	struct err ingress_bad;
	struct dns dns;
	struct ct_logs logs;
	struct domain domain;
};

/* Everything that is read, before anything is looked at. */
struct inputs {
	struct beside beside;
	struct domain_inputs of_domain;
	struct bytes policy, root, gpu_root, rim_root;
};

/* The collateral of one quote, from the service or from what was kept of it.  What is wrong with
 * the quote itself is told later. */
static void
fetch_collateral(size_t i, const struct chain *root, int64_t now)
{
	static struct pcs_need needs[FILES_MAX];
	struct file *f = &collaterals.of[i];
	char folder[4000];
	bool keep = pcs_folder(folder, sizeof folder);
	struct err unkept, e;
	uint8_t *p;
	size_t k = 0;

	if (pcs_need(&needs[i], quotes.of[i].text, &e))
		return;
	while (k < i && (collaterals.of[k].text.p == NULL ||
	    memcmp(&needs[k], &needs[i], sizeof needs[i]) != 0))
		k++;
	if (k < i) {
		f->text = collaterals.of[k].text;
		return;
	}
	if (pcs_collateral(&p, &f->text.n, &needs[i], pccs, keep ? folder : NULL,
	    root, now, &unkept, &e))
		die_err(&e);
	f->text.p = p;
	if (unkept.status)
		complain("the collateral is not kept: %s", unkept.msg);
}

static void
read_domain(struct domain_inputs *d)
{
	struct resolve how = { server, read_bytes(anchor_path, ROOT_MAX),
	    RESOLVE_SECONDS };
	struct err e;

	d->cert = read_bytes(cert_path, ROOT_MAX);
	d->dns_text = read_bytes(dns_path, DNS_FILE_MAX);
	d->logs_text = read_bytes(logs_path, CT_LIST_MAX);
	if (ingress_path != NULL && ingress_read(&d->ingress, ingress_path,
	    &d->ingress_bad, &e))
		die_err(&e);
	if (domain_name != NULL && dns_name(d->name, domain_name,
	    strlen(domain_name), &e))
		args_usage(&args, "--domain: %s", e.msg);
	if (domain_name != NULL && dns_path == NULL &&
	    resolve_domain(&d->dns, d->name, &how, &e))
		die_err(&e);
}

/* What was read, understood. */
static void
take_domain(struct attest_input *in, struct domain_inputs *d)
{
	struct err e;

	if ((dns_path != NULL && dns_parse(&d->dns, d->dns_text, &e)) ||
	    (logs_path != NULL && ct_logs_parse(&d->logs, d->logs_text, &e)))
		die_err(&e);
	d->domain = (struct domain){
	    .name = domain_name != NULL ? d->name : NULL, .cert = d->cert,
	    .dns = domain_name != NULL ? &d->dns : NULL,
	    .logs = logs_path != NULL ? &d->logs : NULL };
	in->domain = &d->domain;
	in->ingress = ingress_path != NULL ? &d->ingress : NULL;
	in->ingress_bad = d->ingress_bad;
}

static void
free_domain(struct domain_inputs *d)
{
	dns_free(&d->dns);
	ct_logs_free(&d->logs);
	ingress_free(&d->ingress);
}

static void
read_inputs(struct inputs *in)
{
	read_quotes();
	read_files(&collaterals, COLLATERAL_MAX);
	read_files(&rims, RIM_MAX);
	in->policy = read_bytes(policy_path, POLICY_MAX);
	in->root = read_bytes(root_path, ROOT_MAX);
	in->gpu_root = read_bytes(gpu_root_path, ROOT_MAX);
	in->rim_root = read_bytes(rim_root_path, ROOT_MAX);
	in->beside.log = read_bytes(log_path, EVENT_LOG_MAX);
	in->beside.compose = read_bytes(compose_path, COMPOSE_MAX);
	in->beside.gpus = read_bytes(gpu_path, GPU_EVIDENCE_MAX);
	in->beside.rims = texts(&rims);
	read_domain(&in->of_domain);
}

static int
verify(const struct file *f, const struct judged *j,
    const struct attest_input *common, const struct beside *b)
{
	struct attest_input in = *common;
	struct attest_verdict v;
	struct evidence ev;
	struct err e;
	int status;

	if (evidence_parse(&ev, f->text, &e)) {
		if (e.status != EX_DATAERR)
			die_err(&e);
		memset(&v, 0, sizeof v);
		check_error(&v.checks, CHECK_quote_format, &e);
		v.malformed = true;
	} else {
		if (b->log.p != NULL)
			ev.event_log = b->log;
		if (b->compose.p != NULL)
			ev.compose = b->compose;
		if (b->gpus.p != NULL)
			ev.gpus = b->gpus;
		ev.rims = b->rims;
		ev.nrims = (size_t)rims.n;
		in.evidence = &ev;
		in.asked = f->asked;
		in.collateral = j->good ? &j->c : NULL;
		in.collateral_checks = &j->checks;
		in.missing = &j->why;
		attest_verify(&v, &in);
	}
	status = tell(&v, &in, f->path);
	attest_verdict_free(&v);
	evidence_free(&ev);
	return status;
}

/* The root in a file, else the one built in. */
static void
take_root(struct chain *root, const char *path, struct bytes text,
    struct bytes built_in, const char *whose)
{
	struct err e;

	if (chain_one(root, path != NULL ? text : built_in, &e)) {
		err_prefix(&e, "%s", path);
		die_err(&e);
	}
	if (path != NULL)
		complain("trusting the root in %s instead of %s", path, whose);
}

static void
read_policy(struct policy *p, struct bytes text)
{
	struct err e;

	policy_default(p);
	if (policy_path != NULL && policy_parse(p, text, &e)) {
		err_prefix(&e, "%s", policy_path);
		die_err(&e);
	}
}

/* --connect: the URL of HOST:PORT, whose parts are cut out of copies. */
_Noreturn static void
tunnel(void)
{
	struct attested_options by = { policy_path, collaterals.of[0].path,
	    root_path };
	struct tunnel_options o = { .cli = &cli, .attested = &by };
	char *colon, *url;
	struct err e;

	if (quotes.n > 0 || collaterals.n > 1 || !policy_path)
		args_usage(&args, "--connect takes --policy, one --collateral, and no "
		    "quote");
	if (now_text || log_path || compose_path || gpu_path || gpu_root_path ||
	    rim_root_path || write_policy)
		args_usage(&args, "--connect judges as of now what the enclave gives");
	if (asprintf(&url, "https://%s", connect_to) < 0)
		die(EX_OSERR, "out of memory");
	cli.url = url;
	o.host = strdup(connect_to);
	must(o.host != NULL);
	colon = strrchr(o.host, ':');
	if (!colon || colon == o.host)
		args_usage(&args, "--connect %s is not HOST:PORT", connect_to);
	*colon = '\0';
	o.port = colon + 1;
	if (*o.host == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		o.host++;
	}
	o.listen = listen_port ? (uint16_t)args_u64(&args, "--listen", listen_port,
	    0, 65535) : 0;
	for (int i = 0; i < rims.n; i++)
		attested_add_rim(rims.of[i].path);
	openssl_start();
	if (ready_set(NULL) < 0 || tunnel_run(&o, &e) < 0)
		die_err(&e);
	exit(0);
}

static int64_t
the_time(void)
{
	return now_text == NULL ? (int64_t)time(NULL) :
	    (int64_t)args_u64(&args, "--now", now_text, 0, NOW_MAX);
}

/* Beside the files that it attests to. */
static void
add_ingress_quote(void)
{
	static char path[4096];

	if (ingress_path == NULL || quotes.n > 0)
		return;
	if (snprintf(path, sizeof path, "%s/quote.json", ingress_path) >=
	    (int)sizeof path)
		args_usage(&args, "the path of --ingress is too long");
	add(&quotes, path);
}

static void
check_usage(void)
{
	if (quotes.n == 0)
		args_usage(&args, "no quote");
	if (pccs != NULL && collaterals.n > 0)
		args_usage(&args, "--collateral and --pccs exclude each other");
	if (listen_port)
		args_usage(&args, "--listen goes with --connect");
	if (collaterals.n > 1 && collaterals.n != quotes.n)
		args_usage(&args, "%d collaterals for %d quotes", collaterals.n,
		    quotes.n);
	if (quotes.n > 1 && (log_path || compose_path || gpu_path ||
	    ingress_path || cert_path || domain_name || write_policy))
		args_usage(&args, "--event-log, --app-compose, --gpu, --ingress, "
		    "--cert, --domain and --write-policy are for one quote");
	if (dns_path != NULL && domain_name == NULL)
		args_usage(&args, "--dns is of no domain without --domain");
}

/* The worst of the quotes' exit statuses. */
static int
verify_all(const struct attest_input *common, const struct beside *b)
{
	struct judged j;
	int status = 0, s;

	judge_collateral(&j, collaterals.n ? &collaterals.of[0] : NULL,
	    common->root, common->now);
	for (int i = 0; i < quotes.n; i++) {
		if (i > 0 && collaterals.n > 1) {
			collateral_free(&j.c);
			judge_collateral(&j, &collaterals.of[i], common->root,
			    common->now);
		}
		s = verify(&quotes.of[i], &j, common, b);
		status = s > status ? s : status;
	}
	collateral_free(&j.c);
	return status;
}

int
main(int argc, char **argv)
{
	int i, status;
	struct chain root = { 0 }, gpu_root = { 0 }, rim_root = { 0 };
	struct chain platform = { 0 };
	struct policy policy;
	struct attest_input in = { .root = &root, .platform = &platform,
	    .gpu_root = &gpu_root, .rim_root = &rim_root, .policy = &policy };
	static struct inputs inputs;
	struct err e;

	ready_start();
	for (i = args_parse(&args, argc, argv); i < argc; i++)
		add_quote(argv[i]);
	add_ingress_quote();
	if (connect_to)
		tunnel();
	check_usage();
	in.now = the_time();
	openssl_start();
	json_object_seed(0);	/* it opens /dev/urandom */
	read_inputs(&inputs);
	take_root(&root, root_path, inputs.root, intel_root(), "Intel's");
	for (; pccs != NULL && collaterals.n < quotes.n; collaterals.n++)
		fetch_collateral((size_t)collaterals.n, &root, in.now);
	if ((rims.n > 0 && rim_start(&e)) || sandbox("stdio", &e))
		die_err(&e);
	take_root(&gpu_root, gpu_root_path, inputs.gpu_root, nvidia_root(),
	    "NVIDIA's");
	take_root(&rim_root, rim_root_path, inputs.rim_root, nvidia_rim_root(),
	    "NVIDIA's");
	read_policy(&policy, inputs.policy);
	take_domain(&in, &inputs.of_domain);
	status = verify_all(&in, &inputs.beside);
	policy_free(&policy);
	free_domain(&inputs.of_domain);
	chain_free(&root);
	chain_free(&gpu_root);
	chain_free(&rim_root);
	chain_free(&platform);
	free(inputs.beside.rims);
	return status;
}
