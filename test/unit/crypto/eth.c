/* Keccak, keys, signatures: the vectors of sp1-network(7), Examples and
 * published ones. */
#include "crypto/eth.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "crypto/keccak.h"
#include "test/lib/tap.h"
#include "wire/network.h"

static void
keccak_known(void)
{
	uint8_t out[32], data[1000];
	struct keccak k;

	keccak256(out, "", 0);
	is_hex(out, 32, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad"
	    "8045d85a470", "keccak256 of nothing");
	keccak256(out, "abc", 3);
	is_hex(out, 32, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f"
	    "58fa12d6c45", "keccak256 of abc");
	/* Any split gives the same. */
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = i * 7;
	for (size_t cut = 0; cut < 400; cut += 37) {
		uint8_t whole[32];

		keccak256(whole, data, 400);
		keccak_init(&k);
		keccak_update(&k, data, cut);
		keccak_update(&k, data + cut, 400 - cut);
		keccak_final(out, &k);
		ok(memcmp(out, whole, 32) == 0, "split at %zu", cut);
	}
	keccak256(out, "\x02\0\0", 4);
	is_hex(out, 2, "2b97", "keccak256(02000000), sp1-network(7), Examples");
}

static void
key_of(struct eth_key *k, int last, int fill)
{
	uint8_t secret[32];
	struct err e;

	memset(secret, fill, 32);
	if (!fill)
		secret[31] = last;
	if (eth_key_set(k, secret, &e) < 0)
		die_err(&e);
}

static size_t
encode(uint8_t *out, const struct pb_message *m, const void *v)
{
	return pb_write(m, v, out);
}

static void
artifact_known(void)
{
	struct eth_key k;
	struct err e;
	uint8_t hash[32], sig[65], who[20];

	key_of(&k, 1, 0);
	is_hex(k.address, 20, "7e5f4552091a69125d5dfcb7b8c2659029395bdf",
	    "address of key 1");
	eth_hash191(hash, "create_artifact", 15);
	is_hex(hash, 32, "70f518d3034cb94ffbe469de194d4382d4055de854126ef9aad03"
	    "6d5032c6c2c", "hash of create_artifact");
	ok(eth_sign_artifact(sig, &k, &e) == 0, "signs");
	is_hex(sig, 65, "9a9ea789e9b02294f1bffd36f8ad6f66db8dd6f9ad5ec2bae28fa8"
	    "5bfac982a5397c14e81616a392631893c2a3bb1f0c96574edead943e3a54a0912"
	    "8f495747d36", "create_artifact signature, v 54");
	for (int shift = 0; shift < 3; shift++) {
		uint8_t s[65];

		memcpy(s, sig, 65);
		s[64] = sig[64] - 54 + (shift == 0 ? 0 : shift == 1 ? 27 : 54);
		ok(eth_recover_artifact(who, s, 65, &e) == 0 &&
		    memcmp(who, k.address, 20) == 0, "recovered, v %d", s[64]);
		if (shift == 2)
			ok(eth_recover(who, s, 65, "create_artifact", 15, &e) < 0
			    && e.status == EX_NOPERM, "v 54 is for CreateArtifact");
	}
	sig[64] = 2;
	ok(eth_recover_artifact(who, sig, 65, &e) < 0, "v 2 refused");
	sig[64] = 56;
	ok(eth_recover_artifact(who, sig, 65, &e) < 0, "v 56 refused");
	ok(eth_recover_artifact(who, sig, 64, &e) < 0, "64 bytes refused");
	memset(sig, 0, 64);
	sig[64] = 27;
	ok(eth_recover_artifact(who, sig, 65, &e) < 0, "zeros refused");
	memset(sig, 0xff, 64);
	ok(eth_recover_artifact(who, sig, 65, &e) < 0, "overflow refused");
}

static void
bodies_known(void)
{
	uint8_t hash[32], buf[1024], sig[65], h11[32], h22[20], h33[20], ab[32],
	    req[1024];
	struct pb_bytes white[2] = { { h22, 20 }, { h33, 20 } };
	struct eth_key k;
	struct err e;
	size_t n;

	for (int i = 0; i < 32; i++)
		hash[i] = i;
	key_of(&k, 1, 0);
	struct net_proof_body b = { .nonce = 7, .vk_hash = { hash, 32 },
		.version = pb_str(NET_VERSION), .mode = NET_COMPRESSED,
		.strategy = NET_RESERVED, .stdin_uri = pb_str(
		"https://tee.sp1-lumiere.xyz/artifacts/stdin/"
		"artifact_01h455vb4pex5vsknk084sn02q"),
		.deadline = 1900000000, .cycle_limit = 100000000,
		.gas_limit = 1000000000 };
	n = encode(buf, &pb_net_proof_body, &b);
	is_hex(buf, n, "08071220000102030405060708090a0b0c0d0e0f1011121314151617"
	    "18191a1b1c1d1e1f1a0a7370312d76362e312e3020022802324f68747470733a2f"
	    "2f7465652e7370312d6c756d696572652e78797a2f6172746966616374732f7374"
	    "64696e2f61727469666163745f3031683435357662347065783576736b6e6b3038"
	    "34736e3032713880e6fe89074080c2d72f488094ebdc03",
	    "RequestProof body");
	ok(eth_sign(sig, &k, buf, n, &e) == 0, "signs");
	is_hex(sig, 65, "43f0e669cffdb57523f77233ce7d540f1244f011b166765215ad276"
	    "13e7ee8e740fcb198f6717ba38c6033a9b90cad5ed1c24b2d1d080ce2ff704d25a"
	    "e2316a51c", "its signature");
	struct net_signed s = { NET_BINARY, { sig, 65 }, { buf, n }, true };
	is_int(encode(req, &pb_net_signed, &s), 222, "whole request");

	key_of(&k, 0, 1);
	is_hex(k.address, 20, "1a642f0e3c3af545e7acbd38b07251b3990914f1",
	    "address of key 01..");
	memset(h11, 0x11, 32);
	memset(h22, 0x22, 20);
	memset(h33, 0x33, 20);
	struct net_proof_body c = { .nonce = 150, .vk_hash = { h11, 32 },
		.version = pb_str(NET_VERSION), .mode = NET_COMPRESSED,
		.strategy = NET_RESERVED, .stdin_uri = pb_str("stdins/test"),
		.deadline = 1800000000, .cycle_limit = 100000,
		.gas_limit = 200000, .min_auction_period = 30,
		.whitelist = { white, 2 }, .stdin_private = true };
	n = encode(buf, &pb_net_proof_body, &c);
	is_int(n, 128, "the SDK's signing test: 128 bytes");
	ok(eth_sign(sig, &k, buf, n, &e) == 0, "signs");
	is_hex(sig, 65, "8980b0ec553fbeff6309a1293fa3c6f658f9b3a2d43d0beaffc8d8f"
	    "79074d2b750a015f2503f85b0cb96df8aca55a34675427d0ad9ba3c761c2b5795c"
	    "f61c0761c", "its signature");

	memset(ab, 0xab, 32);
	struct net_fulfill_body f = { .nonce = 8, .request_id = { ab, 32 },
		.proof = { (const uint8_t *)"\xde\xad\xbe\xef", 4 } };
	n = encode(buf, &pb_net_fulfill_body, &f);
	ok(eth_sign(sig, &k, buf, n, &e) == 0, "signs");
	is_int(n, 42, "FulfillProof body");
	uint8_t who[20];
	ok(eth_recover(who, sig, 65, buf, n, &e) == 0 &&
	    memcmp(who, k.address, 20) == 0, "recovers");
	buf[5] ^= 1;
	ok(eth_recover(who, sig, 65, buf, n, &e) < 0 ||
	    memcmp(who, k.address, 20) != 0, "another body, another signer");
	buf[5] ^= 1;
	key_of(&k, 1, 0);
	ok(eth_sign(sig, &k, buf, n, &e) == 0, "signs");
	is_hex(sig, 65, "b1b4b52ce5e1552422515a0c4f5b2fe303f4f16079737984f8d3e48"
	    "82c1e7845420ada3c155bedcef0b1abbf8466d8977eff16820138fef1819205304"
	    "cf8586b1c", "FulfillProof signature (key 1)");
}

/* A stock client's requests, signed by key 11..: ours for the same bodies are the
 * same bytes. */
static void
captured(void)
{
	static const char *const names[] = {
		"02-CreateArtifact", "05-CreateArtifact", "04-CreateProgram",
		"07-RequestProof",
	};
	struct eth_key k;
	struct err e;

	key_of(&k, 0, 0x11);
	is_hex(k.address, 20, "19e7e376e7c213b7e7e7e46cc70a5dd086daff2a",
	    "address of key 11..");
	for (int i = 0; i < 4; i++) {
		struct net_create_artifact c;
		uint8_t buf[1024], sig[65], who[20];
		struct net_signed s;
		struct arena a;
		char path[100];
		FILE *f;
		size_t n;

		snprintf(path, sizeof path,
		    "test/vectors/network/%s.request.bin", names[i]);
		f = fopen(path, "rb");
		if (!f)
			die(EX_NOINPUT, "cannot open %s:", path);
		n = fread(buf, 1, sizeof buf, f);
		fclose(f);
		arena_init(&a, 1 << 20);
		if (i < 2)
			ok(pb_decode(&pb_net_create_artifact, &c, buf, n, &a, NULL,
			    &e) == 0 && eth_sign_artifact(sig, &k, &e) == 0 &&
			    c.signature.n == 65 &&
			    memcmp(sig, c.signature.p, 65) == 0 &&
			    eth_recover_artifact(who, sig, 65, &e) == 0 &&
			    memcmp(who, k.address, 20) == 0, "%s", names[i]);
		else
			ok(pb_decode(&pb_net_signed, &s, buf, n, &a, NULL, &e) == 0
			    && eth_sign(sig, &k, s.body.p, s.body.n, &e) == 0 &&
			    s.signature.n == 65 &&
			    memcmp(sig, s.signature.p, 65) == 0 &&
			    eth_recover(who, sig, 65, s.body.p, s.body.n, &e) == 0
			    && memcmp(who, k.address, 20) == 0, "%s", names[i]);
		arena_free(&a);
	}
}

static int
load(const char *text, int mode, struct eth_key *k, struct err *e)
{
	char path[] = "/tmp/crypto_eth.XXXXXX";
	int fd = mkstemp(path), r;

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode) < 0)
		die(EX_OSERR, "cannot write %s:", path);
	close(fd);
	r = eth_key_load(k, path, e);
	unlink(path);
	return r;
}

#define ONE "0000000000000000000000000000000000000000000000000000000000000001"
#define ORDER "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"

static void
key_files(void)
{
	struct eth_key k;
	struct err e;

	ok(load("0x" ONE "\n", 0600, &k, &e) == 0, "key with 0x");
	ok(load(ONE, 0400, &k, &e) == 0, "key without");
	ok(load(ONE, 0640, &k, &e) < 0 && e.status == EX_CONFIG, "group may read");
	ok(load(ONE, 0604, &k, &e) < 0 && e.status == EX_CONFIG, "others may read");
	ok(load(ONE "00", 0600, &k, &e) < 0 && e.status == EX_CONFIG, "too long");
	ok(load("0x", 0600, &k, &e) < 0 && e.status == EX_CONFIG, "empty");
	ok(load(ORDER, 0600, &k, &e) < 0 && e.status == EX_CONFIG,
	    "the group order");
	ok(eth_key_load(&k, "/tmp/no/such/key", &e) < 0 &&
	    e.status == EX_NOINPUT, "no file");
	ok(eth_key_generate(&k, &e) == 0, "a fresh key");
}

int
main(void)
{
	keccak_known();
	artifact_known();
	bodies_known();
	captured();
	key_files();
	return done_testing();
}
