/*
 * Any bytes as a body to be signed, and as a sealed input.  What tee-keyd would sign
 * is a FulfillProof or a FailFulfillment in its one encoding, by the protobuf reader's
 * judgement; and nothing altered opens.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/keyd.h"
#include "crypto/sealed.h"
#include "wire/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

static int
is_exactly(const struct pb_message *m, void *v, const uint8_t *in, size_t len)
{
	struct pb_unknown unknown;
	struct arena a;
	uint8_t *out = malloc(len + 1);
	struct err e;
	int same;

	must(out != NULL);
	arena_init(&a, 1 << 24);
	same = pb_decode(m, v, in, len, &a, &unknown, &e) == 0 &&
	    unknown.n == 0 && pb_size(m, v) == len &&
	    pb_write(m, v, out) == len && memcmp(in, out, len) == 0;
	arena_free(&a);
	free(out);
	return same;
}

static void
signing(const uint8_t *in, size_t len)
{
	struct net_fulfill_body f;
	struct net_fail_body x;

	if (keyd_signable(in, len < 64 ? len : 64, len, NULL) < 0)
		return;
	/* One of them, and not both. */
	if (is_exactly(&pb_net_fulfill_body, &f, in, len))
		must(f.request_id.n == 32 && f.proof.n >= 1000 &&
		    !f.has_reserved_metadata &&
		    !is_exactly(&pb_net_fail_body, &x, in, len));
	else
		must(is_exactly(&pb_net_fail_body, &x, in, len) &&
		    x.request_id.n == 32 && x.has_error);
}

static void
opening(const uint8_t *in, size_t len)
{
	static uint8_t sk[32] = { 1 };
	struct sealed_header h;
	struct hpke c;
	struct err e;
	uint8_t *out;
	size_t at, n;

	if (sealed_parse(&h, in, len, &e) < 0)
		return;
	must(h.padded < len);
	if (sealed_context(&c, in, sk, &e) < 0)
		return;
	out = malloc(h.padded);
	must(out != NULL);
	/* Nobody seals to this key here. */
	must(sealed_open(out, &at, &n, in, len, &c, &e) < 0 && n == 0);
	hpke_wipe(&c);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	signing(in, len);
	opening(in, len);
	return 0;
}
