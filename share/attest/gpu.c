#include "attest/gpu.h"

#include <stdlib.h>

#define REQUEST 37		/* header 4, nonce 32, slot 1 */
#define SIGNATURE 96
/* Of the opaque data, by type. */
#define OPAQUE_DRIVER 3
#define OPAQUE_VBIOS 6
#define OPAQUE_DECODER 11	/* NVDEC0: 0x55 off */
#define OPAQUE_FWID 20

extern const uint8_t attest_nvidia_root[], attest_nvidia_root_end[];
__asm__(".section .rodata\nattest_nvidia_root:\n"
    ".incbin \"share/data/nvidia_device_identity_ca.der\"\n"
    "attest_nvidia_root_end:\n.previous\n");

struct bytes
nvidia_root(void)
{
	return (struct bytes){ attest_nvidia_root,
	    (size_t)(attest_nvidia_root_end - attest_nvidia_root) };
}

/* Blocks: index, specification 1 (DMTF), length 51, then type 1, length 48, digest. */
static int
parse_blocks(struct gpu_report *r, struct bytes in, size_t n, struct err *e)
{
	const uint8_t *p;

	for (size_t i = 0; i < n; i++) {
		p = bytes_take(&in, 7 + 48);
		if (p == NULL || p[0] != i + 1 || p[1] != 1 || le16(p + 2) != 51 ||
		    le16(p + 5) != 48)
			return err_set(e, EX_DATAERR, "measurement %zu is not one "
			    "of 48 bytes", i + 1);
		r->block[i] = p + 7;
	}
	r->nblocks = n;
	return in.n == 0 ? 0 : err_set(e, EX_DATAERR, "something follows the "
	    "measurements");
}

static int
parse_opaque(struct gpu_report *r, struct bytes in, struct err *e)
{
	struct bytes v;
	const uint8_t *p;
	unsigned type;

	while (in.n != 0) {
		p = bytes_take(&in, 4);
		v.n = p != NULL ? le16(p + 2) : 0;
		v.p = bytes_take(&in, v.n);
		if (p == NULL || v.p == NULL)
			return err_set(e, EX_DATAERR, "opaque data cut off");
		type = le16(p);
		if (type == OPAQUE_DRIVER)
			r->driver = v;
		else if (type == OPAQUE_VBIOS)
			r->vbios = v;
		else if (type == OPAQUE_DECODER)
			r->decoder_off = v.n == 1 && v.p[0] == 0x55;
		else if (type == OPAQUE_FWID)
			r->firmware = v;
	}
	if (r->firmware.n != 0 && r->firmware.n != 48)
		return err_set(e, EX_DATAERR, "a firmware id of %zu bytes",
		    r->firmware.n);
	return 0;
}

int
gpu_report_parse(struct gpu_report *r, struct bytes in, struct err *e)
{
	static const uint8_t request[] = { 0x11, 0xe0, 0x01, 0xff };
	struct bytes record, opaque;
	const uint8_t *all = in.p, *p, *q;
	size_t n;

	memset(r, 0, sizeof *r);
	p = bytes_take(&in, REQUEST);
	q = bytes_take(&in, 8);
	if (p == NULL || q == NULL)
		return err_set(e, EX_DATAERR, "cut off");
	if (memcmp(p, request, 4) != 0 || q[0] != 0x11 || q[1] != 0x60)
		return err_set(e, EX_DATAERR, "no SPDM measurements");
	r->nonce = p + 4;
	n = q[4];
	record.n = q[5] | (size_t)q[6] << 8 | (size_t)q[7] << 16;
	record.p = bytes_take(&in, record.n);
	p = bytes_take(&in, 32 + 2);
	if (record.p == NULL || p == NULL || n > GPU_BLOCKS)
		return err_set(e, EX_DATAERR, "measurements cut off");
	opaque.n = le16(p + 32);
	opaque.p = bytes_take(&in, opaque.n);
	if (opaque.p == NULL || in.n != SIGNATURE)
		return err_set(e, EX_DATAERR, "no signature at the end");
	r->signed_part = (struct bytes){ all, (size_t)(in.p - all) };
	r->signature = in.p;
	return parse_blocks(r, record, n, e) || parse_opaque(r, opaque, e) ? -1 :
	    0;
}

/* Base64 without blanks; to be freed. */
static uint8_t *
decode(size_t *n, const json_t *o, const char *key, struct err *e)
{
	const char *s = strict_str(o, key, e);
	size_t len = s != NULL ? strlen(s) : 0;
	uint8_t *out;
	int got;

	if (s == NULL)
		return NULL;
	out = malloc(len + 1);
	got = out != NULL && len > 0 && len % 4 == 0 && len < INT32_MAX ?
	    EVP_DecodeBlock(out, (const uint8_t *)s, (int)len) : -1;
	if (got < 0) {
		err_set(e, EX_DATAERR, "%s is not base64", key);
		free(out);
		return NULL;
	}
	*n = (size_t)got - (s[len - 1] == '=') - (s[len - 2] == '=');
	return out;
}

static int
parse_gpu(struct gpu *g, const json_t *o, struct err *e)
{
	struct bytes report;
	uint8_t *pem;
	size_t n;
	int r;

	pem = decode(&n, o, "certificate", e);
	if (pem == NULL)
		return -1;
	r = chain_pem(&g->chain, (struct bytes){ pem, n }, true, NULL, e);
	free(pem);
	if (r != 0)
		return -1;
	g->bytes = decode(&report.n, o, "evidence", e);
	if (g->bytes == NULL)
		return -1;
	report.p = g->bytes;
	g->has_nonce = json_object_get(o, "nonce") != NULL;
	if (g->has_nonce && strict_hex(o, "nonce", g->nonce, 32, e))
		return -1;
	return gpu_report_parse(&g->report, report, e);
}

int
gpus_parse(struct gpus *g, struct bytes text, struct err *e)
{
	size_t n;

	memset(g, 0, sizeof *g);
	if (text.n > GPU_EVIDENCE_MAX)
		return err_set(e, EX_DATAERR, "GPU evidence: more than %zu bytes",
		    GPU_EVIDENCE_MAX);
	g->root = strict_load(text, "GPU evidence", e);
	if (g->root == NULL)
		return -1;
	n = json_array_size(g->root);
	if (!json_is_array(g->root) || n == 0 || n > GPUS_MAX)
		return err_set(e, EX_DATAERR, "GPU evidence: not an array of 1 to %d",
		    GPUS_MAX);
	while (g->n < n) {
		struct gpu *one = &g->of[g->n++];

		if (parse_gpu(one, json_array_get(g->root, g->n - 1), e))
			return err_prefix(e, "GPU %zu", g->n - 1);
	}
	return 0;
}

void
gpus_free(struct gpus *g)
{
	for (size_t i = 0; i < g->n; i++) {
		chain_free(&g->of[i].chain);
		free(g->of[i].bytes);
	}
	json_decref(g->root);
	memset(g, 0, sizeof *g);
}

int
gpu_check_chain(const struct gpu *g, const struct chain *root, int64_t now,
    struct err *e)
{
	/* Leaf, its boot ROM, provisioner, identity, root. */
	static const char *const names[5] = {
		[4] = "NVIDIA Device Identity CA"
	};
	static const struct chain_rule rule = {
		.n = 5, .names = names, .signature = NID_ecdsa_with_SHA384,
		.curve = NID_secp384r1, .critical = "2.23.133.5.4.1"
	};

	return chain_verify(&g->chain, &rule, root, 0, e) ||
	    chain_date(&g->chain, now, e) ? -1 : 0;
}

/* The first firmware id in TCG DICE's extension, of Hopper or of Blackwell: what
 * follows SHA-384's OID and the head of a string of 48 bytes. */
static const uint8_t *
certified_firmware(X509 *leaf)
{
	static const uint8_t head[] = { 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
	    0x03, 0x04, 0x02, 0x02, 0x04, 0x30 };
	const ASN1_OCTET_STRING *s;
	const uint8_t *p, *found;
	char oid[64];
	size_t n;

	for (int i = 0; i < X509_get_ext_count(leaf); i++) {
		X509_EXTENSION *ext = X509_get_ext(leaf, i);

		OBJ_obj2txt(oid, sizeof oid, X509_EXTENSION_get_object(ext), 1);
		if (strcmp(oid, "2.23.133.5.4.1") != 0 &&
		    strcmp(oid, "2.23.133.5.4.1.1") != 0)
			continue;
		s = X509_EXTENSION_get_data(ext);
		p = ASN1_STRING_get0_data(s);
		n = (size_t)ASN1_STRING_length(s);
		found = memmem(p, n, head, sizeof head);
		if (found != NULL && (size_t)(p + n - found) >= sizeof head + 48)
			return found + sizeof head;
	}
	return NULL;
}

int
gpu_check_firmware(const struct gpu *g, struct err *e)
{
	const uint8_t *id = certified_firmware(g->chain.x[0]);

	if (id == NULL || g->report.firmware.n != 48)
		return err_set(e, EX_NO, "%s tells no firmware id", id == NULL ?
		    "the certificate" : "the report");
	if (memcmp(id, g->report.firmware.p, 48) != 0)
		return err_set(e, EX_NO, "another firmware reported than was "
		    "certified");
	return 0;
}

int
gpu_check_signature(const struct gpu *g, struct err *e)
{
	return sig_verify(cert_key(g->chain.x[0]), EVP_sha384(),
	    g->report.signature, SIGNATURE, g->report.signed_part, e);
}
