#ifndef TEST_LIB_GPUS_H
#define TEST_LIB_GPUS_H
/*
 * Evidence of a GPU that is not there, and reference measurements for it, under roots
 * of our own.  The XML is written in its canonical form, so that what is signed is
 * what is written; libxmlsec1 is not asked how.  Words as in test/lib/enclave.h,
 * given in gpu_words.
 */
#include "test/lib/enclave.h"

static const char *gpu_words = "";

static bool
gpu_is(const char *w)
{
	const char *at = strstr(gpu_words, w);

	return at != NULL && (at == gpu_words || at[-1] == ' ') &&
	    (at[strlen(w)] == '\0' || at[strlen(w)] == ' ');
}

struct gpu_made {
	struct text evidence;		/* JSON */
	struct text driver, vbios;	/* XML */
	struct text gpu_root, rim_root;	/* DER */
};

static EVP_PKEY *
gpu_key(int which)
{
	static EVP_PKEY *keys[12];

	if (keys[which] == NULL)
		keys[which] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	must(keys[which] != NULL);
	return keys[which];
}

static void
sign384(uint8_t out[static 96], EVP_PKEY *k, const void *p, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[160];
	const uint8_t *d = der;
	size_t len = sizeof der;
	ECDSA_SIG *s;

	must(EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL, k) == 1 &&
	    EVP_DigestSign(ctx, der, &len, p, n) == 1);
	s = d2i_ECDSA_SIG(NULL, &d, (long)len);
	must(s != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(s), out, 48) == 48 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(s), out + 48, 48) == 48);
	ECDSA_SIG_free(s);
	EVP_MD_CTX_free(ctx);
}

static void
put_base64(struct text *t, const void *p, size_t n)
{
	char *s = malloc(4 * n / 3 + 8);

	must(s != NULL);
	EVP_EncodeBlock((uint8_t *)s, p, (int)n);
	put(t, "%s", s);
	free(s);
}

/* Certificate i of n; the root's issuer is itself. */
static void
link_name(char out[static 32], size_t i, size_t n, const char *root_name)
{
	if (i >= n - 1)
		snprintf(out, 32, "%s", root_name);
	else
		snprintf(out, 32, "link %zu", i);
}

/* n certificates, leaf first; the root's DER. */
static void
make_chain(X509 **x, size_t n, int first_key, const char *root_name,
    int64_t to, const uint8_t *firmware, struct text *root)
{
	char name[32], issuer[32];
	uint8_t *der = NULL;
	int len;

	for (size_t i = 0; i < n; i++) {
		struct cert_kind k = { name, issuer,
		    gpu_key(first_key + (int)i), NULL, (int)i + 1,
		    i == 0 ? -1 : (int)i - 1, FIRST - 86400, to };
		uint8_t ext[64] = { 0x30, 0x3d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
		    0x65, 0x03, 0x04, 0x02, 0x02, 0x04, 0x30 };

		link_name(name, i, n, root_name);
		link_name(issuer, i + 1, n, root_name);
		x[i] = make_cert(&k);
		if (i == 0 && firmware != NULL) {
			ASN1_OBJECT *oid = OBJ_txt2obj("2.23.133.5.4.1", 1);
			ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
			X509_EXTENSION *e;

			memcpy(ext + 15, firmware, 48);
			ASN1_OCTET_STRING_set(s, ext, 63);
			e = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, s);
			must(X509_add_ext(x[0], e, -1) == 1);
			X509_EXTENSION_free(e);
			ASN1_OCTET_STRING_free(s);
			ASN1_OBJECT_free(oid);
		}
		must(X509_sign(x[i], gpu_key(first_key +
		    (int)(i == n - 1 ? i : i + 1)), EVP_sha384()) > 0);
	}
	len = i2d_X509(x[n - 1], &der);
	must(len > 0);
	put_bytes(root, der, (size_t)len);
	OPENSSL_free(der);
}

/* Measurement i, which is the driver's for even numbers. */
static void
measured(uint8_t out[static 48], size_t i)
{
	memset(out, 0x40 + (int)i, 48);
}

static void
put_opaque(struct text *t, unsigned type, const void *p, size_t n)
{
	put_le(t, type, 2);
	put_le(t, n, 2);
	put_bytes(t, p, n);
}

static void
put_report(struct text *t, const uint8_t firmware[static 48])
{
	static const uint8_t request[] = { 0x11, 0xe0, 0x01, 0xff };
	static const uint8_t vbios[8] = { 0x00, 0x9f, 0x00, 0x96, 0x01 };
	struct text opaque = { 0 };
	uint8_t nonce[32], digest[48], s[96], fwid[48];

	memset(nonce, 0x77, sizeof nonce);
	memcpy(fwid, firmware, 48);
	fwid[0] ^= gpu_is("firmware");
	put_bytes(t, request, 4);
	put_bytes(t, nonce, 32);
	put_le(t, 0, 1);
	put_le(t, 0x6011, 4);
	put_le(t, 8, 1);
	put_le(t, 8 * 55, 3);
	for (size_t i = 0; i < 8; i++) {
		measured(digest, i);
		digest[5] ^= i == 4 && gpu_is("measurement");
		put_le(t, i + 1, 1);
		put_le(t, 1, 1);
		put_le(t, 51, 2);
		put_le(t, 1, 1);
		put_le(t, 48, 2);
		put_bytes(t, digest, 48);
	}
	memset(nonce, 0x78, sizeof nonce);
	put_bytes(t, nonce, 32);
	if (!gpu_is("no_driver"))
		put_opaque(&opaque, 3, "550.90.07", 10);
	put_opaque(&opaque, 6, vbios, 8);
	if (!gpu_is("no_firmware"))
		put_opaque(&opaque, 20, fwid, 48);
	put_le(t, opaque.n, 2);
	put_bytes(t, opaque.p, opaque.n);
	sign384(s, gpu_key(0), t->p, t->n);
	s[9] ^= gpu_is("signature");
	put_bytes(t, s, sizeof s);
	free(opaque.p);
}

static void
put_evidence(struct text *t, X509 *const *x, const uint8_t firmware[static 48])
{
	struct text report = { 0 }, pem = { 0 };

	words = "";
	put_report(&report, firmware);
	for (size_t i = 0; i < 5; i++)
		put_pem(&pem, x[i]);
	put(t, "[");
	for (int i = 0; i < (gpu_is("two") ? 2 : 1); i++) {
		put(t, "%s{\"arch\":\"HOPPER\",\"certificate\":\"", i ? "," : "");
		put_base64(t, pem.p, pem.n);
		put(t, "\",\"evidence\":\"");
		put_base64(t, report.p, report.n - gpu_is("cut"));
		put(t, "\",\"nonce\":\"");
		for (int k = 0; k < 32; k++)
			put(t, gpu_is("nonce") ? "79" : "77");
		put(t, "\"}");
	}
	put(t, "]");
	free(report.p);
	free(pem.p);
}

#define SWID_NS "http://standards.iso.org/iso/19770/-2/2015/schema.xsd"
#define DS_NS "http://www.w3.org/2000/09/xmldsig#"
#define C14N_ALG "http://www.w3.org/2006/12/xml-c14n11"
#define NS2_NS "http://www.w3.org/2001/04/xmlenc#sha384"

/* A RIM of the even or odd measurements of 8, in its canonical form but for the
 * signature, which stands at its end. */
static void
put_rim_body(struct text *t, const char *version, bool odd, bool also)
{
	uint8_t digest[48];

	put(t, "<SoftwareIdentity xmlns=\"%s\" xmlns:ns2=\"%s\" name=\"GH100\">"
	    "<Meta colloquialVersion=\"%s\"></Meta><Payload>", SWID_NS, NS2_NS,
	    version);
	for (size_t i = 0; i < 8; i++) {
		bool active = (i % 2 == odd) || (also && i == 0);

		measured(digest, i);
		put(t, "<Resource active=\"%s\" alternatives=\"%d\" index=\"%zu\" "
		    "type=\"Measurement\"", active ? "True" : "False",
		    active ? 2 : 1, i);
		put(t, " ns2:Hash0=\"%096d\"", 0);
		if (active) {
			put(t, " ns2:Hash1=\"");
			put_hex(t, digest, 48);
			put(t, "\"");
		}
		put(t, "></Resource>");
	}
	put(t, "</Payload>");
}

static void
put_signed_info(struct text *t, const char *digest, bool in_place)
{
	put(t, "<ds:SignedInfo%s><ds:CanonicalizationMethod Algorithm=\"" C14N_ALG
	    "\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\""
	    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384\">"
	    "</ds:SignatureMethod><ds:Reference URI=\"\"><ds:Transforms>"
	    "<ds:Transform Algorithm=\"" DS_NS "enveloped-signature\">"
	    "</ds:Transform>%s<ds:Transform Algorithm=\"" C14N_ALG "\">"
	    "</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\""
	    "http://www.w3.org/2001/04/xmldsig-more#sha384\"></ds:DigestMethod>"
	    "<ds:DigestValue>%s</ds:DigestValue></ds:Reference></ds:SignedInfo>",
	    in_place ? "" : " xmlns=\"" SWID_NS "\" xmlns:ds=\"" DS_NS
	    "\" xmlns:ns2=\"" NS2_NS "\"",
	    gpu_is("transform") ? "<ds:Transform Algorithm=\"" C14N_ALG "\">"
	    "</ds:Transform>" : "", digest);
}

static void
put_rim(struct text *t, const char *version, bool odd, X509 *const *x)
{
	static const char last[] = "</SoftwareIdentity>";
	struct text body = { 0 }, info = { 0 }, b64 = { 0 };
	uint8_t digest[48], s[96], *der;
	int n;

	put_rim_body(&body, version, odd, odd && gpu_is("overlap"));
	put(&body, "%s", last);
	must(EVP_Digest(body.p, body.n, digest, NULL, EVP_sha384(), NULL) == 1);
	put_base64(&b64, digest, 48);
	put_signed_info(&info, b64.p, false);
	sign384(s, gpu_key(5), info.p, info.n);
	s[3] ^= gpu_is("rim_signature");
	if (gpu_is("rim_altered"))
		*strstr(body.p, "True") = 't';
	put_bytes(t, body.p, body.n - (sizeof last - 1));
	put(t, "<ds:Signature xmlns:ds=\"" DS_NS "\">");
	put_signed_info(t, b64.p, true);
	put(t, "<ds:SignatureValue>");
	put_base64(t, s, 96);
	put(t, "</ds:SignatureValue><ds:KeyInfo><ds:X509Data>");
	for (int i = 0; i < 4; i++) {
		der = NULL;
		n = i2d_X509(x[i], &der);
		put(t, "<ds:X509Certificate>");
		put_base64(t, der, (size_t)n);
		put(t, "</ds:X509Certificate>");
		OPENSSL_free(der);
	}
	put(t, "</ds:X509Data></ds:KeyInfo></ds:Signature>%s", last);
	free(body.p);
	free(info.p);
	free(b64.p);
}

static void
gpus_make(struct gpu_made *m, const char *with)
{
	X509 *x[5], *y[4];
	uint8_t firmware[48];

	gpu_words = with;
	memset(m, 0, sizeof *m);
	memset(firmware, 0x21, sizeof firmware);
	make_chain(x, 5, 0, gpu_is("gpu_root_name") ? "Other" :
	    "NVIDIA Device Identity CA", gpu_is("gpu_expired") ? FIRST :
	    LAST, gpu_is("leaf_without") ? NULL : firmware, &m->gpu_root);
	make_chain(y, 4, 5, "NVIDIA CoRIM signing Root CA",
	    gpu_is("rim_expired") ? FIRST : LAST, NULL, &m->rim_root);
	put_evidence(&m->evidence, x, firmware);
	put_rim(&m->driver, gpu_is("driver_version") ? "550.1" :
	    gpu_is("no_driver") ? "" : "550.90.07", false, y);
	put_rim(&m->vbios, "96.00.9f.00.01", true, y);
	for (int i = 0; i < 5; i++)
		X509_free(x[i]);
	for (int i = 0; i < 4; i++)
		X509_free(y[i]);
}

static void
gpus_made_free(struct gpu_made *m)
{
	free(m->evidence.p);
	free(m->driver.p);
	free(m->vbios.p);
	free(m->gpu_root.p);
	free(m->rim_root.p);
}

#endif
