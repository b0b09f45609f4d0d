/* The guest: fetched where the network has it, and held against the key that the
 * client asked for. */
#include "worker/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "wire/network.h"
#include "worker/child.h"

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

/* Of the artifact, n bytes; its key must be the job's. */
static int
take_out(struct worker *w, struct job *j, struct program *new,
    const uint8_t *artifact, size_t n, struct outcome *o)
{
	int file = child_file(artifact, n), bad;

	bad = file < 0 ? outcome_later(o, "no memory for the program") :
	    program_key(w, j, new, file, o);
	child_shut(&file);
	if (bad < 0)
		return -1;
	vk_network_hash(new->vk_hash, &new->vk);
	if (memcmp(new->vk_hash, j->vk_hash, 32) == 0)
		return 0;
	close(new->elf);
	return outcome_fail(o, NET_ERR_VK, "program_mismatch",
	    "the network's program has another key than the one asked for");
}

int
program_get(struct worker *w, struct job *j, const struct program **out,
    struct outcome *o)
{
	struct program *p, new = { 0 };
	char host[PLACE_HOST];
	uint8_t *upload;
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
	bad = take_out(w, j, &new, upload, n, o);
	free(upload);
	if (bad < 0)
		return -1;
	p = oldest(w);
	if (p->elf)
		close(p->elf);
	*p = new;
	p->used = ++w->clock;
	*out = p;
	return 0;
}

void
programs_free(struct worker *w)
{
	for (int i = 0; i < WORKER_PROGRAMS; i++)
		if (w->programs[i].elf)
			close(w->programs[i].elf);
}
