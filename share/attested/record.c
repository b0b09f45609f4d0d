#include "attested/attested.h"
#include "base/clock.h"
#include "base/io.h"
#include "wire/record.h"

/* The stronger one. */
static int
take_key(struct attested *a, const struct record *rec, struct err *e)
{
	a->kem = record_has(rec, "xwing_public_key") ? HPKE_XWING : HPKE_X25519;
	return a->kem == HPKE_XWING ?
	    record_hex(rec, "xwing_public_key", a->key, XWING_PUBLIC, e) :
	    record_hex(rec, "public_key", a->key, X25519_KEY, e);
}

/* Whatever the field says, it is there and has its form. */
static int
take(struct attested *a, const struct record *rec, uint64_t *made, bool *valid,
    struct err *e)
{
	a->has_tls_key = record_has(rec, "tls_key");
	if (record_bool(rec, "valid", valid, e) < 0)
		return -1;
	if (!*valid)
		return 0;
	return record_u64(rec, "now", made, e) < 0 ||
	    record_hex(rec, "statement_sha256", a->statement, 32, e) < 0 ||
	    take_key(a, rec, e) < 0 ||
	    record_u64(rec, "not_after", &a->not_after, e) < 0 ||
	    (a->has_tls_key && record_hex(rec, "tls_key", a->tls_key, 32, e) < 0) ?
	    -1 : 0;
}

static int
judge(const struct attested *a, uint64_t made, uint64_t max_age, struct err *e)
{
	uint64_t now = clock_unix();

	if (now >= a->not_after)
		return err_set(e, EX_NO, "its statement has ended: sp1-attest again");
	if (made > now || now - made > max_age)
		return err_set(e, EX_NO, "it is not of the last %llu seconds: "
		    "sp1-attest again", (unsigned long long)max_age);
	return 0;
}

int
attested_record(struct attested *out, const char *path, uint64_t max_age,
    struct err *e)
{
	struct record rec = { 0 };
	bool valid = false;
	uint64_t made = 0;
	FILE *f = record_open(path, e);
	int k;

	if (f == NULL)
		return -1;
	k = record_need(&rec, f, in_name(path), e);
	if (k == 0)
		k = take(out, &rec, &made, &valid, e);
	if (k == 0)
		k = valid ? judge(out, made, max_age, e) :
		    err_set(e, EX_NO, "the evidence was not valid");
	if (k < 0)
		err_prefix(e, "%s", in_name(path));
	record_free(&rec);
	if (f != stdin)
		fclose(f);
	return k;
}
