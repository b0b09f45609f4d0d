/* The certificate authorities that calls will be checked by, looked for before the first. */
#include <curl/curl.h>
#include <openssl/pem.h>

#include <dirent.h>

#include "base/log.h"
#include "rpc/client.h"

/* Has the file a certificate? */
static bool
has_certificate(const char *path)
{
	BIO *f = BIO_new_file(path, "r");
	X509 *x = f ? PEM_read_bio_X509_AUX(f, NULL, NULL, NULL) : NULL;
	bool has = x != NULL;

	X509_free(x);
	BIO_free(f);
	return has;
}

/* Is there anything in the folder? */
static bool
has_entry(const char *path)
{
	DIR *d = path ? opendir(path) : NULL;
	struct dirent *f;
	bool has = false;

	while (d && !has && (f = readdir(d)))
		has = f->d_name[0] != '.';
	if (d)
		closedir(d);
	return has;
}

/* Where libcurl looks when nobody says: a file and a folder. */
static bool
system_has_any(void)
{
	CURL *c = curl_easy_init();
	char *file = NULL, *folder = NULL;
	bool has;

	/* What cannot be asked is not missing. */
	if (!c)
		return true;
	curl_easy_getinfo(c, CURLINFO_CAINFO, &file);
	curl_easy_getinfo(c, CURLINFO_CAPATH, &folder);
	has = (file && has_certificate(file)) || has_entry(folder);
	curl_easy_cleanup(c);
	return has;
}

int
rpc_trust(const struct rpc *r, struct err *e)
{
	const char *folder = rpc_env("SSL_CERT_DIR"), *file = r->o.ca_file;

	if (file && !has_certificate(file))
		return err_set(e, EX_CONFIG, "no certificate in %s", file);
	if (r->tls && !file && !has_entry(folder) && !system_has_any())
		log_text(LEVEL_WARN, "authorities", "--ca is missing, and the system "
		    "has no certificate authorities: the network cannot be reached",
		    "network=%s", r->shown);
	return 0;
}
