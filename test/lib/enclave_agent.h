#ifndef TEST_LIB_ENCLAVE_AGENT_H
#define TEST_LIB_ENCLAVE_AGENT_H
/*
 * dstack's guest agent for an enclave that is not there: quotes over whatever is asked,
 * under a root of its own, valid now.  Its folder has root.der and collateral.json, which
 * it writes first, and may have, read at each call, words (test/lib/enclave.h), gpu.json,
 * evidence of GPUs, and app-compose.json.
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "test/lib/enclave.h"

static void
write_text(const char *folder, const char *name, const struct text *t)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "wb");
	must(f != NULL && fwrite(t->p, 1, t->n, f) == t->n && fclose(f) == 0);
}

/* A file's text; "" where there is none. */
static void
agent_read(char *out, size_t room, const char *folder, const char *name)
{
	char path[4096];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f != NULL) {
		n = fread(out, 1, room - 1, f);
		fclose(f);
	}
	while (n > 0 && out[n - 1] == '\n')
		n--;
	out[n] = '\0';
}

/* A request with its body, which is all that it has to say. */
static bool
agent_receive(int fd, char *in, size_t room)
{
	const char *body, *length;
	size_t n = 0;

	for (;;) {
		ssize_t k = read(fd, in + n, room - 1 - n);

		if (k <= 0)
			return false;
		n += (size_t)k;
		in[n] = '\0';
		body = strstr(in, "\r\n\r\n");
		length = strstr(in, "Content-Length: ");
		if (body != NULL && length != NULL && n >= (size_t)(body + 4 - in) +
		    strtoul(length + 16, NULL, 10))
			return true;
	}
}

static void
agent_send(int fd, int status, const struct text *t, bool chunks)
{
	struct text out = { 0 };
	size_t half = t->n / 2;

	put(&out, "HTTP/1.1 %d X\r\n", status);
	if (chunks) {
		put(&out, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", half);
		put_bytes(&out, t->p, half);
		put(&out, "\r\n%zx\r\n", t->n - half);
		put_bytes(&out, t->p + half, t->n - half);
		put(&out, "\r\n0\r\n\r\n");
	} else {
		put(&out, "Content-Length: %zu\r\n\r\n", t->n);
		put_bytes(&out, t->p, t->n);
	}
	for (size_t at = 0; at < out.n;) {
		ssize_t k = write(fd, out.p + at, out.n - at);

		if (k <= 0)
			break;
		at += (size_t)k;
	}
	free(out.p);
}

static void
agent_quote(struct text *t, const char *request, const char *with)
{
	const char *hex = strstr(request, "\"report_data\":\"");
	uint8_t data[64];
	char copy[129] = "";
	struct enclave x;

	if (hex != NULL)
		snprintf(copy, sizeof copy, "%s", hex + 15);
	must(hex_decode(data, 64, copy) == 0);
	enclave_data = data;
	enclave_make(&x, with);
	enclave_data = NULL;
	put(t, "{\"quote\":\"");
	put_hex(t, x.quote.p, x.quote.n);
	put(t, "\",\"event_log\":");
	put_quoted(t, x.event_log.p);
	put(t, ",\"report_data\":\"%s\"}", copy);
	enclave_free(&x);
}

static void
agent_info(struct text *t, const char *with)
{
	struct text tcb = { 0 };
	struct enclave x;

	enclave_make(&x, with);
	put(&tcb, "{\"app_compose\":");
	put_quoted(&tcb, x.compose.p);
	put(&tcb, "}");
	put(t, "{\"app_id\":\"\",\"tcb_info\":");
	put_quoted(t, tcb.p);
	put(t, "}");
	free(tcb.p);
	enclave_free(&x);
}

static void
agent_answer_one(int fd, const char *folder)
{
	static char in[65536], with[4096], gpus[1 << 20], compose[1 << 16];
	static uint8_t hash[32];
	struct text t = { 0 };

	if (!agent_receive(fd, in, sizeof in))
		return;
	agent_read(with, sizeof with, folder, "words");
	agent_read(gpus, sizeof gpus, folder, "gpu.json");
	agent_read(compose, sizeof compose, folder, "app-compose.json");
	enclave_compose = compose[0] ? compose : NULL;
	must(EVP_Digest(gpus, strlen(gpus), hash, NULL, EVP_sha256(), NULL) == 1);
	enclave_gpu = gpus[0] ? hash : NULL;
	if (strncmp(in, "POST /GetQuote ", 15) == 0 ||
	    strncmp(in, "POST /prpc/Tappd.RawQuote ", 26) == 0)
		agent_quote(&t, in, with);
	else if (strncmp(in, "POST /Info ", 11) == 0 ||
	    strncmp(in, "POST /prpc/Tappd.Info ", 22) == 0)
		agent_info(&t, with);
	else if (strncmp(in, "POST /GpuInfo ", 14) == 0 && gpus[0]) {
		put(&t, "{\"attestation\":");
		put_quoted(&t, gpus);
		put(&t, "}");
	}
	if (t.n == 0) {
		put(&t, "{\"error\":\"no such call\"}");
		agent_send(fd, 404, &t, false);
	} else {
		agent_send(fd, 200, &t, strstr(in, "Info ") != NULL);
	}
	free(t.p);
}

_Noreturn static void
agent_serve(const char *path, const char *folder)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct enclave x;

	signal(SIGPIPE, SIG_IGN);
	enclave_shift = (int64_t)time(NULL) - FIRST - 3600;
	enclave_make(&x, "");
	write_text(folder, "root.der", &x.root);
	write_text(folder, "collateral.json", &x.collateral);
	enclave_free(&x);
	must(strlen(path) < sizeof a.sun_path);
	strcpy(a.sun_path, path);
	unlink(path);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
	    listen(fd, 64) == 0);
	for (;;) {
		int peer = accept(fd, NULL, NULL);

		if (peer < 0)
			continue;
		agent_answer_one(peer, folder);
		close(peer);
	}
}

#endif
