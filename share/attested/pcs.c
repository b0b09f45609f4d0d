#include "attested/pcs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "attest/collateral.h"
#include "attest/evidence.h"
#include "attest/pck.h"
#include "attest/quote.h"
#include "attested/apart.h"
#include "base/hex.h"
#include "base/io.h"
#include "rpc/rpc.h"

#define INTEL_URL "https://api.trustedservices.intel.com"
#define INTEL_ROOT_CRL \
	"https://certificates.trustedservices.intel.com/IntelSGXRootCA.der"
#define ANSWER_MAX ((size_t)4 << 20)
#define HEADER_MAX 32768

static int
find_need(void *out, const void *given, struct err *e)
{
	struct pcs_need *n = out;
	struct evidence ev = { 0 };
	struct chain c = { 0 };
	struct quote q;
	struct pck pck;
	int r = -1;

	if (evidence_parse(&ev, *(const struct bytes *)given, e) ||
	    quote_parse(&q, ev.quote.p, ev.quote.n, e))
		goto out;
	if (q.cert_type != CERT_PCK_CHAIN) {
		err_set(e, EX_NO, "the quote has no certificates to tell its "
		    "platform");
		goto out;
	}
	if (chain_pem(&c, q.cert, true, NULL, e) || pck_read(&pck, c.x[0], e))
		goto out;
	n->tdx = q.tdx;
	memcpy(n->fmspc, pck.fmspc, sizeof n->fmspc);
	n->processor = c.n > 1 && cert_named(c.x[1], "Intel SGX PCK Processor CA");
	r = 0;
out:
	chain_free(&c);
	evidence_free(&ev);
	return r;
}

int
pcs_need(struct pcs_need *n, struct bytes evidence, struct err *e)
{
	memset(n, 0, sizeof *n);
	return apart(find_need, n, sizeof *n, &evidence, e);
}

bool
pcs_folder(char *out, size_t size)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	const char *base = cache != NULL && cache[0] == '/' ? cache : home;
	int n;

	if (base == NULL || base[0] != '/')
		return false;
	n = snprintf(out, size, "%s%s/sp1-private/collateral", base,
	    base == cache ? "" : "/.cache");
	return n > 0 && (size_t)n < size;
}

/* Every folder of the path, for its owner alone. */
static void
make_folders(char *path)
{
	for (char *p = path + 1;; p++)
		if (*p == '/' || *p == '\0') {
			char kept = *p;

			*p = '\0';
			mkdir(path, 0700);
			*p = kept;
			if (kept == '\0')
				return;
		}
}

/* One file for each kind of platform and service. */
static int
file_name(char *out, size_t size, const char *folder, const char *url,
    const struct pcs_need *need, struct err *e)
{
	char fmspc[13], service[17];
	uint8_t hash[32];

	sha256(hash, url, strlen(url));
	hex_encode(service, hash, 8);
	hex_encode(fmspc, need->fmspc, 6);
	if (snprintf(out, size, "%s/%s-%s-%s-%s.json", folder, need->tdx ? "tdx" :
	    "sgx", fmspc, need->processor ? "processor" : "platform", service) >=
	    (int)size)
		return err_set(e, EX_USAGE, "%.100s...: too long", folder);
	return 0;
}

/* What a header has as a URL has text: %0A for a line's end. */
static int
decode(char out[static HEADER_MAX], const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n < HEADER_MAX - 1; text++) {
		char digits[3] = { 0 };
		uint8_t byte;

		if (*text != '%') {
			out[n++] = *text;
			continue;
		}
		memcpy(digits, text + 1, text[1] != '\0' ? 2 : 0);
		if (strlen(digits) != 2 || hex_decode(&byte, 1, digits) ||
		    byte == 0)
			return -1;
		out[n++] = (char)byte;
		text += 2;
	}
	out[n] = '\0';
	return *text == '\0' ? 0 : -1;
}

/* One request; what comes goes into o under `key`, the issuer's chain of its header under
 * `chain_key` (NULL: it has none). */
struct request {
	const char *key, *chain_key, *header, *other_header;
	bool list;		/* a revocation list, which o has in hexadecimal */
};

static int
put_list(json_t *o, const char *key, const uint8_t *p, size_t n, struct err *e)
{
	char *hex;

	while (n > 0 && p[0] != 0x30 && (p[n - 1] == '\n' || p[n - 1] == '\r'))
		n--;
	/* A cache may send DER as text. */
	if (n > 0 && p[0] != 0x30)
		return json_object_set_new(o, key, json_stringn((const char *)p,
		    n)) == 0 ? 0 : err_set(e, EX_PROTOCOL, "%s is no list", key);
	hex = malloc(2 * n + 1);
	if (hex == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	hex_encode(hex, p, n);
	must(json_object_set_new(o, key, json_string(hex)) == 0);
	free(hex);
	return 0;
}

static int
put_chain(json_t *o, struct rpc *r, const struct request *q, struct err *e)
{
	const char *text = rpc_header(r, q->header);
	char chain[HEADER_MAX];

	if (text == NULL && q->other_header != NULL)
		text = rpc_header(r, q->other_header);
	if (text == NULL || decode(chain, text) ||
	    json_object_set_new(o, q->chain_key, json_string(chain)))
		return err_set(e, EX_PROTOCOL, "%s: no header %s", rpc_url(r),
		    q->header);
	return 0;
}

static int
ask(json_t *o, struct rpc *r, const char *path, const struct request *q,
    struct err *e)
{
	uint8_t *p;
	size_t n;
	int k;

	if (rpc_get(r, path, ANSWER_MAX, &p, &n, NULL, e))
		return -1;
	if (q->list)
		k = put_list(o, q->key, p, n, e);
	else
		k = json_object_set_new(o, q->key, json_stringn((char *)p, n)) == 0 ?
		    0 : err_set(e, EX_PROTOCOL, "%s: the answer is no text", path);
	free(p);
	return k || (q->chain_key != NULL && put_chain(o, r, q, e)) ? -1 : 0;
}

static int
ask_all(json_t *o, struct rpc *r, const struct pcs_need *need, bool intel,
    struct err *e)
{
	static const struct request tcb = { "tcb_info", "tcb_info_issuer_chain",
	    "TCB-Info-Issuer-Chain", "SGX-TCB-Info-Issuer-Chain", false },
	    identity = { "qe_identity", "qe_identity_issuer_chain",
	    "SGX-Enclave-Identity-Issuer-Chain", NULL, false },
	    list = { "pck_crl", "pck_crl_issuer_chain", "SGX-PCK-CRL-Issuer-Chain",
	    NULL, true },
	    root_list = { "root_ca_crl", NULL, NULL, NULL, true };
	const char *kind = need->tdx ? "tdx" : "sgx";
	char fmspc[13], path[3][160];

	hex_encode(fmspc, need->fmspc, 6);
	snprintf(path[0], sizeof path[0], "/%s/certification/v4/tcb?fmspc=%s", kind,
	    fmspc);
	snprintf(path[1], sizeof path[1], "/%s/certification/v4/qe/identity", kind);
	snprintf(path[2], sizeof path[2], "/sgx/certification/v4/pckcrl?ca=%s&"
	    "encoding=der", need->processor ? "processor" : "platform");
	return ask(o, r, path[0], &tcb, e) || ask(o, r, path[1], &identity, e) ||
	    ask(o, r, path[2], &list, e) || ask(o, r, intel ? INTEL_ROOT_CRL :
	    "/sgx/certification/v4/rootcacrl", &root_list, e) ? -1 : 0;
}

static int
fetch(uint8_t **out, size_t *n, const struct pcs_need *need, const char *url,
    struct err *e)
{
	const struct rpc_options options = { .retry_s = 30, .timeout_s = 30 };
	bool intel = strcmp(url, PCS_INTEL) == 0;
	struct rpc *r = rpc_new(intel ? INTEL_URL : url, &options, e);
	json_t *o = json_object();
	char *text;
	int k = -1;

	must(o != NULL);
	if (r != NULL)
		k = ask_all(o, r, need, intel, e);
	if (k == 0) {
		text = json_dumps(o, JSON_INDENT(1));
		must(text != NULL);
		*out = (uint8_t *)text;
		*n = strlen(text);
	}
	json_decref(o);
	rpc_free(r);
	return k;
}

struct undated {
	struct bytes text;
	const struct chain *root;
};

static int
find_end(void *out, const void *given, struct err *e)
{
	const struct undated *u = given;
	struct collateral c;
	int r = collateral_parse(&c, u->text, u->root, e);

	if (r == 0)
		*(int64_t *)out = collateral_until(&c);
	collateral_free(&c);
	return r;
}

/* Whether the text is collateral, and until when. */
static int
dated(int64_t *until, const uint8_t *p, size_t n, const struct chain *root,
    struct err *e)
{
	struct undated u = { { p, n }, root };

	return apart(find_end, until, sizeof *until, &u, e);
}

/* What was kept, if it can still be used. */
static bool
kept(uint8_t **out, size_t *n, const char *path, const struct chain *root,
    int64_t now)
{
	int64_t until;
	struct err e;

	if (read_file(path, COLLATERAL_MAX, out, n, &e))
		return false;
	if (dated(&until, *out, *n, root, &e) == 0 && now <= until)
		return true;
	free(*out);
	return false;
}

int
pcs_collateral(uint8_t **out, size_t *n, const struct pcs_need *need,
    const char *url, const char *folder, const struct chain *root, int64_t now,
    struct err *unkept, struct err *e)
{
	char path[4096], copy[4096];
	int64_t until;

	unkept->status = 0;
	if (folder != NULL && (file_name(path, sizeof path, folder, url, need, e)))
		return -1;
	if (folder != NULL && kept(out, n, path, root, now))
		return 0;
	if (fetch(out, n, need, url, e))
		return -1;
	if (dated(&until, *out, *n, root, e)) {
		free(*out);
		if (e->status == EX_DATAERR)
			e->status = EX_PROTOCOL;
		return err_prefix(e, "%.100s", url);
	}
	if (folder != NULL && now <= until) {
		snprintf(copy, sizeof copy, "%s", folder);
		make_folders(copy);
		ignore(out_file(path, OUT_PRIVATE, -1, *out, *n, unkept));
	}
	return 0;
}

int
pcs_get(uint8_t **out, size_t *n, const struct pcs_need *need, const char *url,
    const struct chain *root, int64_t now, struct err *e)
{
	char folder[4000];
	bool keep = pcs_folder(folder, sizeof folder);
	struct err unkept;

	if (pcs_collateral(out, n, need, url, keep ? folder : NULL, root, now, &unkept,
	    e))
		return -1;
	if (unkept.status)
		complain("the collateral is not kept: %s", unkept.msg);
	return 0;
}
