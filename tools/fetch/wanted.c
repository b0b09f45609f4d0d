#include "fetch/wanted.h"

#include <string.h>

#include "stark/setup.h"

static int
check_mode(const struct record *rec, enum proof_mode mode, struct err *e)
{
	const char *want;

	if (!record_has(rec, "mode"))
		return 0;
	if (record_str(rec, "mode", &want, e) < 0)
		return -1;
	if (strcmp(want, proof_mode_name(mode)) != 0)
		return err_set(e, EX_NO, "a %s proof came, a %s one was "
		    "requested", proof_mode_name(mode), want);
	return 0;
}

static int
get_vk(struct vk *vk, const struct record *rec, const char *program,
    struct err *e)
{
	uint8_t bytes[VK_BYTES];

	if (program)
		return setup_vk_file(vk, program, e);
	if (record_hex(rec, "vk", bytes, VK_BYTES, e) < 0 ||
	    vk_decode(vk, bytes, VK_BYTES, e) < 0)
		return err_prefix(e, "no verifying key (see -p)");
	return 0;
}

int
wanted_of(struct wanted *w, const struct record *rec, const char *program,
    enum proof_mode mode, struct err *e)
{
	bool has_hash = record_has(rec, "vk_hash");
	uint8_t hash[32];

	if (check_mode(rec, mode, e) < 0 ||
	    (has_hash && record_hex(rec, "vk_hash", hash, 32, e) < 0))
		return -1;
	w->has_vk = program || record_has(rec, "vk") ||
	    !proof_mode_by_hash(mode) || !has_hash;
	if (!w->has_vk) {
		memcpy(w->vk_hash, hash, sizeof hash);
		return 0;
	}
	if (get_vk(&w->vk, rec, program, e) < 0)
		return -1;
	vk_network_hash(w->vk_hash, &w->vk);
	if (has_hash && memcmp(w->vk_hash, hash, 32) != 0)
		return err_set(e, EX_DATAERR, "the record's vk_hash is of "
		    "another key");
	return 0;
}

int
wanted_verify(const struct wanted *w, const struct any_proof *p,
    const struct verify_options *o, struct err *e)
{
	uint8_t bytes32[32];

	if (w->has_vk)
		return any_proof_verify(p, &w->vk, NULL, o, e);
	if (vk_bytes32_of(bytes32, w->vk_hash, e) < 0)
		return -1;
	return any_proof_verify(p, NULL, bytes32, o, e);
}
