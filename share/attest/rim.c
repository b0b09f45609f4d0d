#include "attest/rim.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include "base/hex.h"

#define SWID "http://standards.iso.org/iso/19770/-2/2015/schema.xsd"
#define SHA384_NS "http://www.w3.org/2001/04/xmlenc#sha384"
#define C14N "http://www.w3.org/2006/12/xml-c14n11"

extern const uint8_t attest_rim_root[], attest_rim_root_end[];
__asm__(".section .rodata\nattest_rim_root:\n"
    ".incbin \"share/data/nvidia_corim_root_ca.der\"\nattest_rim_root_end:\n"
    ".previous\n");

struct bytes
nvidia_rim_root(void)
{
	return (struct bytes){ attest_rim_root,
	    (size_t)(attest_rim_root_end - attest_rim_root) };
}

/* What the libraries say of bad input is told by us. */
static void
be_quiet(void *ctx, const char *fmt, ...)
{
}

int
rim_start(struct err *e)
{
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, be_quiet);
	if (xmlSecInit() < 0 || xmlSecCryptoAppInit(NULL) < 0 ||
	    xmlSecCryptoInit() < 0)
		return err_set(e, EX_SOFTWARE, "libxmlsec1 does not start");
	xmlSecErrorsDefaultCallbackEnableOutput(0);
	return 0;
}

/* The next element from n on of this name and namespace. */
static xmlNode *
element(xmlNode *n, const char *name, const char *ns)
{
	for (; n != NULL; n = n->next)
		if (n->type == XML_ELEMENT_NODE && n->ns != NULL &&
		    strcmp((const char *)n->name, name) == 0 &&
		    strcmp((const char *)n->ns->href, ns) == 0)
			return n;
	return NULL;
}

static xmlNode *
child(xmlNode *n, const char *name, const char *ns)
{
	return n == NULL ? NULL : element(n->children, name, ns);
}

/* Copies an attribute; -1: not there, or too long. */
static int
attribute(char *out, size_t room, xmlNode *n, const char *name, const char *ns)
{
	xmlChar *v = ns == NULL ? xmlGetNoNsProp(n, (const xmlChar *)name) :
	    xmlGetNsProp(n, (const xmlChar *)name, (const xmlChar *)ns);
	int r = v != NULL && strlen((char *)v) < room ? 0 : -1;

	if (r == 0)
		strcpy(out, (char *)v);
	xmlFree(v);
	return r;
}

static int
number(unsigned *out, xmlNode *n, const char *name, unsigned max)
{
	char text[16], *end;
	unsigned long x;

	if (attribute(text, sizeof text, n, name, NULL) || text[0] < '0' ||
	    text[0] > '9')
		return -1;
	x = strtoul(text, &end, 10);
	if (*end != '\0' || x > max)
		return -1;
	*out = (unsigned)x;
	return 0;
}

static int
take_resource(struct rim *r, xmlNode *n, unsigned at)
{
	char text[128], name[16];
	unsigned alternatives;

	if (attribute(text, sizeof text, n, "active", NULL))
		return -1;
	r->of[at].active = strcasecmp(text, "true") == 0;
	if (!r->of[at].active)
		return strcasecmp(text, "false") == 0 ? 0 : -1;
	if (number(&alternatives, n, "alternatives", RIM_ALTERNATIVES) ||
	    alternatives == 0)
		return -1;
	for (unsigned i = 0; i < alternatives; i++) {
		snprintf(name, sizeof name, "Hash%u", i);
		if (attribute(text, sizeof text, n, name, SHA384_NS) ||
		    hex_decode(r->of[at].digest[i], 48, text))
			return -1;
	}
	r->of[at].n = alternatives;
	return 0;
}

static int
take_payload(struct rim *r, xmlNode *top, struct err *e)
{
	xmlNode *payload = child(top, "Payload", SWID), *n;
	bool seen[RIM_MEASUREMENTS] = { false };
	unsigned at;

	for (n = child(payload, "Resource", SWID); n != NULL;
	    n = element(n->next, "Resource", SWID)) {
		if (number(&at, n, "index", RIM_MEASUREMENTS - 1) || seen[at] ||
		    take_resource(r, n, at))
			return err_set(e, EX_DATAERR, "RIM: a measurement is not "
			    "well-formed");
		seen[at] = true;
	}
	return payload != NULL && element(payload->next, "Payload", SWID) == NULL ?
	    0 : err_set(e, EX_DATAERR, "RIM: no single payload");
}

/* The certificates of the signature's key, as PEM for the reader of those. */
static int
take_chain(struct rim *r, xmlNode *signature, struct err *e)
{
	const char *ns = (const char *)xmlSecDSigNs;
	xmlNode *info = child(signature, "KeyInfo", ns);
	xmlNode *data = child(info, "X509Data", ns), *n;
	char *pem = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&pem, &len);
	xmlChar *text;
	int result;

	if (f == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	for (n = child(data, "X509Certificate", ns); n != NULL;
	    n = element(n->next, "X509Certificate", ns)) {
		text = xmlNodeGetContent(n);
		fprintf(f, "-----BEGIN CERTIFICATE-----\n%s\n"
		    "-----END CERTIFICATE-----\n", text ? (char *)text : "");
		xmlFree(text);
	}
	fclose(f);
	result = chain_pem(&r->chain, (struct bytes){ (uint8_t *)pem, len }, true,
	    NULL, e);
	free(pem);
	return result ? err_prefix(e, "RIM") : 0;
}

static bool
has_algorithm(xmlNode *n, const char *want)
{
	char text[128];

	return n != NULL && attribute(text, sizeof text, n, "Algorithm", NULL) == 0 &&
	    strcmp(text, want) == 0;
}

/* One reference, to the whole document but for the signature itself: nothing may be
 * cut out of what is signed by a transform. */
static bool
signs_everything(xmlNode *signature)
{
	const char *ns = (const char *)xmlSecDSigNs;
	xmlNode *info = child(signature, "SignedInfo", ns);
	xmlNode *ref = child(info, "Reference", ns);
	xmlNode *first = child(child(ref, "Transforms", ns), "Transform", ns);
	xmlNode *second = first ? element(first->next, "Transform", ns) : NULL;
	char uri[8];

	return ref != NULL && element(ref->next, "Reference", ns) == NULL &&
	    attribute(uri, sizeof uri, ref, "URI", NULL) == 0 && uri[0] == '\0' &&
	    has_algorithm(child(info, "CanonicalizationMethod", ns), C14N) &&
	    has_algorithm(child(info, "SignatureMethod", ns),
	    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384") &&
	    has_algorithm(first,
	    "http://www.w3.org/2000/09/xmldsig#enveloped-signature") &&
	    has_algorithm(second, C14N) &&
	    element(second->next, "Transform", ns) == NULL &&
	    has_algorithm(child(ref, "DigestMethod", ns),
	    "http://www.w3.org/2001/04/xmldsig-more#sha384");
}

static int
verify(xmlNode *signature, struct bytes leaf, struct err *e)
{
	xmlSecDSigCtx *ctx = xmlSecDSigCtxCreate(NULL);
	bool good = false;

	if (ctx == NULL)
		return err_set(e, EX_OSERR, "out of memory");
	ctx->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
	ctx->signKey = xmlSecCryptoAppKeyLoadMemory(leaf.p, (xmlSecSize)leaf.n,
	    xmlSecKeyDataFormatCertDer, NULL, NULL, NULL);
	if (ctx->signKey != NULL)
		good = xmlSecDSigCtxVerify(ctx, signature) == 0 &&
		    ctx->status == xmlSecDSigStatusSucceeded;
	xmlSecDSigCtxDestroy(ctx);
	return good ? 0 : err_set(e, EX_NO, "the signature does not hold");
}

static int
take_document(struct rim *r, xmlDoc *doc, struct err *e)
{
	xmlNode *top = xmlDocGetRootElement(doc), *meta, *signature;
	const char *ns = (const char *)xmlSecDSigNs;

	if (element(top, "SoftwareIdentity", SWID) != top || top == NULL ||
	    xmlGetIntSubset(doc) != NULL)
		return err_set(e, EX_DATAERR, "RIM: no SWID tag");
	meta = child(top, "Meta", SWID);
	signature = child(top, "Signature", ns);
	if (meta == NULL || attribute(r->version, sizeof r->version, meta,
	    "colloquialVersion", NULL))
		return err_set(e, EX_DATAERR, "RIM: no version");
	if (signature == NULL || element(signature->next, "Signature", ns) != NULL)
		return err_set(e, EX_DATAERR, "RIM: no single signature");
	if (take_payload(r, top, e) || take_chain(r, signature, e))
		return -1;
	r->signature = signs_everything(signature) ?
	    verify(signature, r->chain.der[0], &r->why) :
	    err_set(&r->why, EX_NO, "the signature is not of the whole file");
	return 0;
}

int
rim_parse(struct rim *r, struct bytes text, struct err *e)
{
	xmlDoc *doc;
	int result;

	memset(r, 0, sizeof *r);
	if (text.n > RIM_MAX)
		return err_set(e, EX_DATAERR, "RIM: more than %zu bytes", RIM_MAX);
	doc = xmlReadMemory((const char *)text.p, (int)text.n, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (doc == NULL)
		return err_set(e, EX_DATAERR, "RIM: no XML");
	result = take_document(r, doc, e);
	xmlFreeDoc(doc);
	return result;
}

void
rim_free(struct rim *r)
{
	chain_free(&r->chain);
}

int
rim_check(const struct rim *r, const struct chain *root, int64_t now,
    struct err *e)
{
	static const char *const names[4] = {
		[3] = "NVIDIA CoRIM signing Root CA"
	};
	static const struct chain_rule rule = {
		.n = 4, .names = names, .signature = NID_ecdsa_with_SHA384,
		.curve = NID_secp384r1
	};

	if (r->signature != 0) {
		*e = r->why;
		return -1;
	}
	return chain_verify(&r->chain, &rule, root, 0, e) ||
	    chain_date(&r->chain, now, e) ? -1 : 0;
}
