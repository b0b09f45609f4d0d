/* Programs: registered once, by a key that is held against the ELF. */
#include "devnet/devnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stark/setup.h"
#include "wire/bincode.h"
#include "wire/unpack.h"

int
devnet_get_program(struct devnet_call *c)
{
	struct net_program_hash m;
	struct net_program_found f = { .has_program = true };
	struct db_program p;
	struct store_query *q;
	struct err e;
	int r;

	if (devnet_decode(c, &pb_net_program_hash, &m, c->in) < 0)
		return -1;
	r = db_program_get(c->d->store, m.vk_hash, &p, &q, &e);
	if (r < 0)
		return devnet_broken(c, &e);
	if (r == 0)
		return devnet_refuse(c, GRPC_NOT_FOUND,
		    "program not found");
	f.program.vk_hash = m.vk_hash;
	f.program.vk = p.vk;
	f.program.program_uri = p.uri;
	f.program.owner = p.owner;
	f.program.created_at = p.created_at;
	r = devnet_encode(c, &pb_net_program_found, &f);
	store_done(q);
	return r;
}

/* bincode(Vec<u8>) of an ELF, unpacked, to its key. */
static int
key_of(struct vk *vk, const uint8_t *p, size_t n, struct err *e)
{
	struct bin_reader r;
	const uint8_t *elf;
	size_t len;

	bin_read(&r, p, n, "program", e);
	elf = bin_bytes(&r, &len);
	return bin_done(&r) < 0 ? -1 : setup_vk_elf(vk, elf, len, e);
}

struct upload {
	uint8_t *p, vk[VK_BYTES];	/* the key that it is said to have */
	size_t n, max;
};

static void
compare(struct devnet_check *k)
{
	struct upload *u = k->what;
	uint8_t encoded[VK_BYTES];
	struct secmem elf = { 0 };
	struct vk vk;
	struct err e;

	if (unpack_artifact(&elf, u->p, u->n, u->max, &e) < 0 ||
	    key_of(&vk, elf.p, elf.n, &e) < 0) {
		k->status = GRPC_FAILED_PRECONDITION;
		snprintf(k->text, sizeof k->text, "the program is refused: %s",
		    e.msg);
	} else {
		vk_encode(encoded, &vk);
		if (memcmp(encoded, u->vk, VK_BYTES) != 0) {
			k->status = GRPC_FAILED_PRECONDITION;
			strcpy(k->text, "the verifying key is not that of the "
			    "program");
		}
	}
	secmem_free(&elf);
	free(u->p);
	free(u);
}

static int
check_elf(struct devnet_call *c, const struct net_program_body *b)
{
	struct upload *u = NULL, got = { .max = c->d->max_artifact };
	int r;

	if (devnet_checked(c))
		return devnet_check(c, compare, NULL);
	r = devnet_artifact(c, b->program_uri, NET_ARTIFACT_PROGRAM, &got.p,
	    &got.n);
	if (r < 0)
		return -1;
	if (r == 0)
		return devnet_refuse(c, GRPC_FAILED_PRECONDITION,
		    "the program has not been uploaded");
	memcpy(got.vk, b->vk.p, VK_BYTES);
	if ((u = malloc(sizeof *u)))
		*u = got;
	else
		free(got.p);
	return devnet_check(c, compare, u);
}

int
devnet_create_program(struct devnet_call *c)
{
	struct net_program_body b;
	struct pb_bytes raw;
	uint8_t signer[20], hash[32];
	struct vk vk;
	struct err e;

	if (devnet_signed(c, &pb_net_program_body, &b, &raw, signer) < 0)
		return -1;
	if (vk_decode(&vk, b.vk.p, b.vk.n, &e) < 0)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT, "%s", e.msg);
	vk_network_hash(hash, &vk);
	if (b.vk_hash.n != sizeof hash ||
	    memcmp(b.vk_hash.p, hash, sizeof hash) != 0)
		return devnet_refuse(c, GRPC_INVALID_ARGUMENT,
		    "vk_hash is not that of the verifying key");
	if (check_elf(c, &b) < 0)
		return -1;
	/* Registered twice at the same time is registered. */
	if (db_program_add(c->d->store, hash, b.vk,
	    pb_cstr(&c->arena, b.program_uri), signer, c->now, &e) < 0)
		return devnet_broken(c, &e);
	return devnet_done(c, "create program", signer, raw);
}
