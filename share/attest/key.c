#include "attest/key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>
#include <pthread.h>

/* What is made once: where certificates are read, their keys' place in them, and a key
 * of each curve without its point. */
static struct {
	OSSL_LIB_CTX *none;
	int place;
	EVP_PKEY *p256, *p384;
} made;

static EVP_PKEY *
make_curve(char *name)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name,
		    strlen(name)),
		OSSL_PARAM_END,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	must(ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEY_PARAMETERS, params) == 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static void
free_key(void *parent, void *key, CRYPTO_EX_DATA *of, int place, long number,
    void *unused)
{
	EVP_PKEY_free(key);
}

static void
make(void)
{
	char p256[] = SN_X9_62_prime256v1, p384[] = SN_secp384r1;

	made.none = OSSL_LIB_CTX_new();
	must(made.none != NULL && OSSL_PROVIDER_load(made.none, "null") != NULL);
	made.place = X509_get_ex_new_index(0, NULL, NULL, NULL, free_key);
	must(made.place >= 0);
	made.p256 = make_curve(p256);
	made.p384 = make_curve(p384);
}

static void
make_once(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	must(pthread_once(&once, make) == 0);
}

/* NULL: no point of the curve. */
static EVP_PKEY *
point_key(int curve, struct bytes point)
{
	EVP_PKEY *key, *like = NULL;

	make_once();
	if (curve == NID_X9_62_prime256v1)
		like = made.p256;
	else if (curve == NID_secp384r1)
		like = made.p384;
	key = like != NULL ? EVP_PKEY_new() : NULL;
	if (key != NULL && EVP_PKEY_copy_parameters(key, like) == 1 &&
	    EVP_PKEY_set1_encoded_public_key(key, point.p, point.n) == 1)
		return key;
	ERR_clear_error();
	EVP_PKEY_free(key);
	return NULL;
}

/* The curve and the point of its key. */
static int
curve_point(X509 *x, struct bytes *point)
{
	ASN1_OBJECT *kind;
	const ASN1_OBJECT *curve;
	X509_ALGOR *algorithm;
	int n, type;
	const void *value;

	if (X509_PUBKEY_get0_param(&kind, &point->p, &n, &algorithm,
	    X509_get_X509_PUBKEY(x)) != 1 || n < 0 ||
	    OBJ_obj2nid(kind) != NID_X9_62_id_ecPublicKey)
		return NID_undef;
	point->n = (size_t)n;
	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	curve = value;
	return type == V_ASN1_OBJECT ? OBJ_obj2nid(curve) : NID_undef;
}

X509 *
cert_read(struct bytes der)
{
	const uint8_t *p = der.p;
	struct bytes point;
	EVP_PKEY *key;
	X509 *x;
	int curve;

	make_once();
	x = X509_new_ex(made.none, NULL);
	/* On failure d2i_X509() frees it. */
	if (x == NULL || d2i_X509(&x, &p, (long)der.n) == NULL ||
	    p != der.p + der.n) {
		ERR_clear_error();
		X509_free(x);
		return NULL;
	}
	ERR_clear_error();
	curve = curve_point(x, &point);
	key = curve != NID_undef ? point_key(curve, point) : NULL;
	must(X509_set_ex_data(x, made.place, key) == 1);
	return x;
}

EVP_PKEY *
cert_key(X509 *x)
{
	return X509_get_ex_data(x, made.place);
}

int
cert_curve(X509 *x)
{
	struct bytes point;

	return curve_point(x, &point);
}

bool
cert_is_ca(X509 *x, long *below)
{
	BASIC_CONSTRAINTS *c = X509_get_ext_d2i(x, NID_basic_constraints, NULL,
	    NULL);
	bool ca = c != NULL && c->ca && cert_may(x, 5);

	*below = c != NULL && c->pathlen != NULL ? ASN1_INTEGER_get(c->pathlen) :
	    -1;
	BASIC_CONSTRAINTS_free(c);
	return ca;
}

bool
cert_may(X509 *x, int use)
{
	int critical;
	ASN1_BIT_STRING *u = X509_get_ext_d2i(x, NID_key_usage, &critical, NULL);
	/* -1: there is none. */
	bool may = u != NULL ? ASN1_BIT_STRING_get_bit(u, use) : critical == -1;

	ASN1_BIT_STRING_free(u);
	return may;
}

EVP_PKEY *
p256_key(const uint8_t xy[static 64], struct err *e)
{
	uint8_t point[65] = { POINT_CONVERSION_UNCOMPRESSED };
	EVP_PKEY *key;

	memcpy(point + 1, xy, 64);
	key = point_key(NID_X9_62_prime256v1, (struct bytes){ point, 65 });
	if (key == NULL)
		err_set(e, EX_NO, "the key is no point of P-256");
	return key;
}

int
der_sig_verify(EVP_PKEY *key, const EVP_MD *md, struct bytes sig,
    struct bytes signed_part, struct err *e)
{
	EVP_PKEY_CTX *ctx = key != NULL ? EVP_PKEY_CTX_new(key, NULL) : NULL;
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned n;
	bool good = ctx != NULL && EVP_Digest(signed_part.p, signed_part.n, hash, &n,
	    md, NULL) == 1 && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_verify(ctx, sig.p, sig.n, hash, n) == 1;

	if (!good)
		ERR_clear_error();
	EVP_PKEY_CTX_free(ctx);
	if (!good)
		return err_set(e, EX_NO, "the signature does not hold");
	return 0;
}

int
sig_verify(EVP_PKEY *key, const EVP_MD *md, const uint8_t *sig, size_t sig_n,
    struct bytes signed_part, struct err *e)
{
	ECDSA_SIG *rs = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(sig, (int)(sig_n / 2), NULL);
	BIGNUM *s = BN_bin2bn(sig + sig_n / 2, (int)(sig_n / 2), NULL);
	uint8_t *der = NULL;
	int n = -1, bad;

	if (rs != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(rs, r, s)) {
		r = s = NULL;
		n = i2d_ECDSA_SIG(rs, &der);
	}
	bad = der_sig_verify(key, md, (struct bytes){ der, n > 0 ? (size_t)n : 0 },
	    signed_part, e);
	OPENSSL_free(der);
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(rs);
	return bad;
}

void
sha256(uint8_t out[static 32], const void *p, size_t n)
{
	must(EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) == 1);
}
