/*
 * The messages of a stock client's run (test/vectors/network: captured from
 * sp1-sdk 6.10.0) and of the server that it took for good: every one is read
 * without an unknown field, and written back to the same bytes.
 */
#include "base/arena.h"
#include "wire/network.h"

#include "test/lib/tap.h"

#define DIR "test/vectors/network/"

static size_t
slurp(uint8_t *buf, size_t cap, const char *name)
{
	char path[200];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, DIR "%s", name);
	f = fopen(path, "rb");
	if (!f)
		die(EX_NOINPUT, "cannot open %s:", path);
	n = fread(buf, 1, cap, f);
	fclose(f);
	return n;
}

static void
same(const struct pb_message *m, const uint8_t *p, size_t n, const char *what)
{
	static uint8_t out[8192];
	static max_align_t room[512];
	struct pb_unknown u;
	struct arena a;
	struct err e;

	must(m->size <= sizeof room);
	arena_init(&a, 1 << 20);
	if (!ok(pb_decode(m, room, p, n, &a, &u, &e) == 0, "%s reads", what))
		diag("%s", e.msg);
	is_int(u.n, 0, "%s: nothing unknown", what);
	ok(pb_size(m, room) == n && pb_write(m, room, out) == n &&
	    memcmp(out, p, n) == 0, "%s writes to the same %zu bytes", what, n);
	arena_free(&a);
}

int
main(void)
{
	static const struct {
		const char *file;
		const struct pb_message *m, *body;
	} files[] = {
		{ "01-GetProgram.request.bin", &pb_net_program_hash, NULL },
		{ "02-CreateArtifact.request.bin", &pb_net_create_artifact, NULL },
		{ "02-CreateArtifact.response.bin", &pb_net_artifact_created, NULL },
		{ "03-GetNonce.request.bin", &pb_net_address, NULL },
		{ "03-GetNonce.response.bin", &pb_net_nonce, NULL },
		{ "04-CreateProgram.request.bin", &pb_net_signed,
		  &pb_net_program_body },
		{ "04-CreateProgram.response.bin", &pb_net_done, NULL },
		{ "05-CreateArtifact.request.bin", &pb_net_create_artifact, NULL },
		{ "05-CreateArtifact.response.bin", &pb_net_artifact_created, NULL },
		{ "06-GetNonce.request.bin", &pb_net_address, NULL },
		{ "06-GetNonce.response.bin", &pb_net_nonce, NULL },
		{ "07-RequestProof.request.bin", &pb_net_signed,
		  &pb_net_proof_body },
		{ "07-RequestProof.response.bin", &pb_net_proof_requested, NULL },
		{ "08-GetProofRequestStatus.request.bin", &pb_net_request_id, NULL },
		{ "08-GetProofRequestStatus.response.bin", &pb_net_status, NULL },
		{ "10-GetProofRequestStatus.response.bin", &pb_net_status, NULL },
	};
	static uint8_t buf[8192];

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		size_t n = slurp(buf, sizeof buf, files[i].file);
		struct net_signed s;
		struct arena a;
		struct err e;

		same(files[i].m, buf, n, files[i].file);
		if (!files[i].body)
			continue;
		arena_init(&a, 1 << 20);
		ok(pb_decode(&pb_net_signed, &s, buf, n, &a, NULL, &e) == 0 &&
		    s.format == NET_BINARY && s.signature.n == 65 && s.has_body,
		    "%s is signed", files[i].file);
		same(files[i].body, s.body.p, s.body.n, "its body");
		arena_free(&a);
	}
	is_int(net_mode_of("groth16"), NET_GROTH16, "mode by name");
	is_int(net_mode_of("fast"), 0, "no such mode");
	is_str(net_fulfillment_name(NET_EXPIRED), "expired", "status name");
	ok(net_fulfillment_name(7) == NULL && net_fulfillment_name(-1) == NULL,
	    "no name for what the protocol lacks");
	return done_testing();
}
