#ifndef TEST_LIB_ENCLAVE_DSTACK_H
#define TEST_LIB_ENCLAVE_DSTACK_H
/* dstack's event log and app-compose of a synthetic enclave. */
#include "test/lib/enclave_text.h"

static void
put_compose(struct text *t)
{
	struct text y = { 0 };

	if (enclave_compose != NULL) {
		put(t, "%s", enclave_compose);
		return;
	}
	put(&y, "services:\n  prover:\n");
	if (is("compose_build"))
		put(&y, "    build: .\n");
	if (is("compose_env_file"))
		put(&y, "    env_file: secrets\n");
	if (is("compose_merge"))
		put(&y, "    <<: {privileged: true}\n");
	put(&y, "    image: example/prover%s%s%064d\n",
	    is("compose_variable") ? "${TAG}" : "",
	    is("compose_tag") ? ":latest-" : "@sha256:", 7);
	if (is("compose_twice"))
		put(&y, "    image: example/other\n");
	if (is("compose_privileged"))
		put(&y, "    privileged: true\n");
	put(&y, "    volumes:\n      - data:/data\n");
	if (is("compose_socket"))
		put(&y, "      - /var/run/docker.sock:/docker.sock\n");
	if (is("compose_run"))
		put(&y, "      - type: bind\n        source: /run/\n"
		    "        target: /host\n");
	if (is("compose_dstack"))
		put(&y, "      - /var/run/dstack.sock:/var/run/dstack.sock\n");
	if (is("compose_include"))
		put(&y, "include: [other.yml]\n");
	if (is("compose_two"))
		put(&y, "---\nservices: {}\n");
	put(t, "{\"manifest_version\":2,\"name\":\"prover\",\"runner\":"
	    "\"docker-compose\",\"public_logs\":%s,\"allowed_envs\":[%s],"
	    "\"docker_compose_file\":", is("compose_logs") ? "true" : "false",
	    is("compose_envs") ? "\"RPC_URL\"" : "");
	put_quoted(t, y.p);
	put(t, "}");
	free(y.p);
}

struct registers { uint8_t of[4][48]; };

static void
extend(uint8_t reg[static 48], const uint8_t digest[static 48])
{
	uint8_t both[96];

	memcpy(both, reg, 48);
	memcpy(both + 48, digest, 48);
	must(EVP_Digest(both, 96, reg, NULL, EVP_sha384(), NULL) == 1);
}

static void
put_event(struct text *t, unsigned imr, uint32_t type, const char *digest_hex,
    const char *name, const char *payload_hex, const char *rest)
{
	put(t, "%s{\"imr\":%u,\"event_type\":%u,\"digest\":\"%s\",\"event\":",
	    t->p[t->n - 1] == '[' ? "" : ",", imr, type, digest_hex);
	put_quoted(t, name);
	put(t, ",\"event_payload\":\"%s\"%s}", payload_hex, rest);
}

static void
put_firmware(struct text *t, struct registers *r, unsigned imr, uint32_t type)
{
	uint8_t digest[48];
	char hex[97];

	memset(digest, 0x10 + (int)imr, sizeof digest);
	extend(r->of[imr], digest);
	hex_encode(hex, digest, sizeof digest);
	put_event(t, imr, type, hex, "", "", "");
}

/* What is hashed of an event of run time. */
static void
put_preimage(struct text *t, const char *name, const void *payload, size_t n)
{
	if (is("log_v2")) {
		put(t, "{\"name\":");
		put_quoted(t, name);
		put(t, ",\"payload\":\"");
		put_hex(t, payload, n);
		put(t, "\",\"type\":134217729}");
		return;
	}
	put_le(t, 0x08000001 + (strcmp(name, "compose-hash") == 0 &&
	    is("log_type")), 4);
	put(t, ":%s:", name);
	put_bytes(t, payload, n);
}

static void
put_runtime(struct text *t, struct registers *r, const char *name,
    const void *payload, size_t n)
{
	bool mine = strcmp(name, "compose-hash") == 0;
	struct text in = { 0 }, hex = { 0 }, rest = { 0 };
	uint8_t digest[48];
	char digest_hex[97];

	put_preimage(&in, name, payload, n);
	must(EVP_Digest(in.p, in.n, digest, NULL, EVP_sha384(), NULL) == 1);
	put(&hex, "%s", "");
	put_hex(&hex, payload, n);
	put(&rest, "%s", "");
	if (is("log_v2")) {
		put(&rest, ",\"version\":2");
		if (!mine || !is("log_no_preimage")) {
			put(&rest, ",\"preimage\":\"");
			put_hex(&rest, in.p, in.n - (mine && is("log_preimage")));
			put(&rest, "\"");
		}
	}
	if (mine && is("log_digest"))
		digest[0] ^= 1;
	extend(r->of[3], digest);
	hex_encode(digest_hex, digest, sizeof digest);
	put_event(t, 3, mine && is("log_type") ? 0x08000002 : 0x08000001,
	    is("log_no_digest") ? "" : digest_hex, name, hex.p, rest.p);
	free(in.p);
	free(hex.p);
	free(rest.p);
}

#define KEY_PROVIDER "{\"name\":\"kms\",\"id\":\"3059\"}"

static void
put_app_events(struct text *t, struct registers *r, const uint8_t hash[32])
{
	uint8_t id[20], gpu[32];
	char event[8192], hex[65];

	memcpy(id, hash, sizeof id);
	if (is("app="))
		memset(id, (int)number("app=", 0), sizeof id);
	put_runtime(t, r, "system-preparing", "", 0);
	if (!is("log_no_app"))
		put_runtime(t, r, "app-id", id, is("log_short_app") ? 19 : 20);
	put_runtime(t, r, "compose-hash", hash, 32);
	if (is("log_twice"))
		put_runtime(t, r, "app-id", id, sizeof id);
	if (is("gpu_long")) {
		snprintf(event, sizeof event, "{%5000s}", "");
		put_runtime(t, r, "gpu-attestation", event, strlen(event));
	}
	if (is("gpu=")) {
		memset(gpu, (int)number("gpu=", 0), sizeof gpu);
		if (enclave_gpu != NULL)
			memcpy(gpu, enclave_gpu, sizeof gpu);
		hex_encode(hex, gpu, sizeof gpu);
		snprintf(event, sizeof event, "{\"version\":2,\"evidence_sha256\":"
		    "\"%s\"}", hex);
		put_runtime(t, r, "gpu-attestation", event, strlen(event));
	}
	put_runtime(t, r, "instance-id", id, sizeof id);
	if (!is("log_no_provider"))
		put_runtime(t, r, "key-provider", KEY_PROVIDER,
		    strlen(KEY_PROVIDER));
	if (!is("log_no_ready"))
		put_runtime(t, r, "system-ready", "", 0);
	if (is("log_late"))
		put_runtime(t, r, "storage-fs", "zfs", 3);
	if (is("log_late_compose"))
		put_runtime(t, r, "compose-hash", "01234567890123456789012345678901",
		    32);
	put_runtime(t, r, is("log_escape") ? "mine\"\\\n\xc3\xa9" : "mine", "x", 1);
}

static void
put_log(struct text *t, struct registers *r, const uint8_t hash[32])
{
	memset(r, 0, sizeof *r);
	put(t, "[");
	for (unsigned i = 0; i < 3; i++)
		put_firmware(t, r, i, 0x80000001);
	if (is("log_type_low"))
		put_firmware(t, r, 2, 0x08000001);
	put_app_events(t, r, hash);
	if (is("log_register"))
		put_firmware(t, &(struct registers){ 0 }, 1, 0x80000001);
	put(t, "]");
}

#endif
