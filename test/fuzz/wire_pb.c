/* Any bytes as every one of the network's messages: what is read is written in a
 * form that reads the same and is written the same. */
#include <stdlib.h>
#include <string.h>

#include "wire/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static const struct pb_message *const messages[] = {
	&pb_net_create_artifact, &pb_net_artifact_created, &pb_net_signed,
	&pb_net_done, &pb_net_address, &pb_net_nonce, &pb_net_amount,
	&pb_net_owner, &pb_net_program_hash, &pb_net_program,
	&pb_net_program_found, &pb_net_program_body, &pb_net_proof_body,
	&pb_net_request_id, &pb_net_proof_requested, &pb_net_status,
	&pb_net_request, &pb_net_details, &pb_net_filter, &pb_net_filtered,
	&pb_net_reserved_metadata, &pb_net_fulfill_body, &pb_net_fail_body,
	&pb_net_execute_body, &pb_net_fail_execution_body,
	&pb_net_stdin_uri_body, &pb_net_stdin_uri,
};
#define N (sizeof(messages) / sizeof(messages[0]))

static void
one(const struct pb_message *m, const uint8_t *in, size_t len)
{
	struct pb_unknown unknown;
	struct pb_bytes first, second;
	struct arena a;
	struct err e = { 0 };
	void *v = calloc(1, m->size), *w = calloc(1, m->size);

	must(v != NULL && w != NULL);
	arena_init(&a, 16 << 20);
	if (pb_decode(m, v, in, len, &a, &unknown, &e) < 0)
		must(e.status == EX_DATAERR);
	else if (pb_encode(m, v, &a, &first, NULL) == 0) {
		if (pb_decode(m, w, first.p, first.n, &a, &unknown, &e) == 0 &&
		    pb_encode(m, w, &a, &second, NULL) == 0) {
			must(unknown.n == 0);
			must(first.n == second.n &&
			    memcmp(first.p, second.p, first.n) == 0);
		} else
			must(a.used > (8 << 20));
	}
	arena_free(&a);
	free(v);
	free(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	size_t i;

	for (i = 0; i < N; i++)
		one(messages[i], in, len);
	return 0;
}
