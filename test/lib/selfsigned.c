#include "test/lib/selfsigned.h"

int
selfsigned(const char *cert_path, const char *key_path)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509 *x = X509_new();
	X509_EXTENSION *ext;
	X509_NAME *name;
	FILE *f;
	int good;

	if (!key || !x)
		return -1;
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	name = X509_get_subject_name(x);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(x, name);
	ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name,
	    "DNS:localhost,IP:127.0.0.1");
	X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	good = X509_sign(x, key, EVP_sha256()) != 0;
	f = fopen(cert_path, "w");
	good = good && f && PEM_write_X509(f, x);
	if (f)
		fclose(f);
	f = fopen(key_path, "w");
	good = good && f && PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL,
	    NULL);
	if (f)
		fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
	return good ? 0 : -1;
}
