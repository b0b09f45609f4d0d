#include "verify/subject.h"

#include <stdlib.h>

#include "base/hex.h"
#include "base/io.h"
#include "stark/setup.h"

#define ELF_CAP ((size_t)1 << 30)

int
subject_hash(struct subject *s, const char *hex)
{
	*s = (struct subject){.kind = SUBJECT_HASH, .made = true};
	return hex_decode(s->bytes32, sizeof s->bytes32, hex);
}

int
subject_read(struct subject *s, enum subject_kind kind, const char *path,
    struct err *e)
{
	*s = (struct subject){.kind = kind};
	return read_file(path, kind == SUBJECT_KEY ? VK_BYTES : ELF_CAP,
	    &s->bytes, &s->n, e);
}

int
subject_make(struct subject *s, struct err *e)
{
	if (s->made)
		return 0;
	if (s->kind == SUBJECT_KEY ? vk_decode(&s->vk, s->bytes, s->n, e) :
	    setup_vk_elf(&s->vk, s->bytes, s->n, e))
		return -1;
	vk_bytes32(s->bytes32, &s->vk);
	s->made = true;
	return 0;
}

int
subject_verify(struct subject *s, const struct any_proof *p,
    const struct verify_options *o, struct err *e)
{
	if (s->kind != SUBJECT_HASH)
		return subject_make(s, e) ||
		    any_proof_verify(p, &s->vk, NULL, o, e) ? -1 : 0;
	if (!proof_mode_by_hash(p->mode))
		return err_set(e, EX_USAGE, "a core proof needs the program or "
		    "its key (-p, -k)");
	return any_proof_verify(p, NULL, s->bytes32, o, e);
}

void
subject_free(struct subject *s)
{
	free(s->bytes);
}
