/* The guest: fetched where the network has it, and held against the key that the
 * client asked for. */
#include "worker/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "wire/bincode.h"
#include "wire/network.h"
#include "wire/unpack.h"

#define MISSING "it is not to be had where the network says"

/* The place of the program that was used longest ago. */
static struct program *
oldest(struct worker *w)
{
	struct program *p = &w->programs[0];

	for (int i = 1; i < WORKER_PROGRAMS; i++)
		if (w->programs[i].used < p->used)
			p = &w->programs[i];
	return p;
}

/* bincode(Vec<u8>), perhaps inside zstd. */
static int
unpack(struct program *p, const uint8_t *in, size_t n, size_t max,
    struct err *e)
{
	struct secmem m = { 0 };
	struct bin_reader r;
	const uint8_t *elf;
	int bad = unpack_artifact(&m, in, n, max, e);

	if (bad == 0) {
		bin_read(&r, m.p, m.n, "program", e);
		elf = bin_bytes(&r, &p->n);
		bad = bin_done(&r);
	}
	if (bad == 0) {
		p->elf = malloc(p->n + 1);
		if (p->elf)
			memcpy(p->elf, elf, p->n);
		else
			bad = err_set(e, EX_OSERR, "out of memory");
	}
	secmem_free(&m);
	return bad;
}

int
program_get(struct worker *w, struct job *j, const struct program **out,
    struct outcome *o)
{
	struct program *p, new = { 0 };
	char host[PLACE_HOST];
	uint8_t hash[32], *upload;
	struct err e;
	size_t n;
	int bad, status = 0;

	for (int i = 0; i < WORKER_PROGRAMS; i++) {
		p = &w->programs[i];
		if (p->elf && memcmp(p->vk_hash, j->vk_hash, 32) == 0) {
			p->used = ++w->clock;
			*out = p;
			return 0;
		}
	}
	if (!place_allowed(&w->places, j->program_uri, host)) {
		char text[PLACE_HOST + 120];

		snprintf(text, sizeof text, "the network names %s for a program, "
		    "which is not among the hosts of --store, or has a private "
		    "address", host);
		log_text(LEVEL_WARN, "place_refused", text, "job=%s", j->id);
		return outcome_fail(o, NET_ERR_UNKNOWN, "program_missing",
		    MISSING);
	}
	if (rpc_get(w->network, j->program_uri, w->max_elf, &upload, &n,
	    &status, &e) < 0) {
		/* What is there may be nobody's business: the network names any
		 * address, and the client reads the outcome. */
		if (e.status == EX_TEMPFAIL) {
			o->patient = true;
			return outcome_later(o, "the program's store does not "
			    "answer");
		}
		return outcome_fail(o, NET_ERR_UNKNOWN, "program_missing",
		    MISSING);
	}
	bad = unpack(&new, upload, n, w->max_elf, &e);
	free(upload);
	if (bad < 0 && e.status == EX_OSERR)
		bad = outcome_later(o, "no memory for the program");
	else if (bad < 0)
		bad = outcome_fail(o, NET_ERR_VK, "program_malformed",
		    PROGRAM_MALFORMED);
	else
		bad = program_key(w, j, &new, o);
	if (bad < 0) {
		free(new.elf);
		return -1;
	}
	vk_network_hash(hash, &new.vk);
	if (memcmp(hash, j->vk_hash, 32) != 0) {
		free(new.elf);
		return outcome_fail(o, NET_ERR_VK, "program_mismatch",
		    "the network's program has another key than the one "
		    "asked for");
	}
	p = oldest(w);
	free(p->elf);
	*p = new;
	memcpy(p->vk_hash, hash, 32);
	p->used = ++w->clock;
	*out = p;
	return 0;
}

void
programs_free(struct worker *w)
{
	for (int i = 0; i < WORKER_PROGRAMS; i++)
		free(w->programs[i].elf);
}
