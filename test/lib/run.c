#include "test/lib/run.h"

static int
guest_write(void *ctx, const void *bytes, size_t len)
{
	return write_all(*(int *)ctx, bytes, len, "records", NULL);
}

static int
guest_execute(struct guest_run *g, const char *input, uint64_t cut,
    struct err *e)
{
	struct vm_config c = {.on_records = guest_write, .ctx = &g->fd,
		.element_threshold = cut};
	char path[128];
	uint8_t *bytes;
	size_t len;
	struct vm *vm;
	bool good;

	snprintf(path, sizeof path, "test/guest/inputs/%s.bin", input);
	if (read_file(path, 1 << 24, &bytes, &len, e) < 0)
		return -1;
	vm = vm_new(&g->program, &c, e);
	good = vm && !vm_set_input(vm, bytes, len, e);
	if (good && vm_run(vm)->cause != VM_halted) {
		good = false;
		err_set(e, EX_SOFTWARE, "the guest did not halt");
	}
	if (vm)
		vm_free(vm);
	free(bytes);
	return good ? 0 : -1;
}

int
guest_rewind(struct guest_run *g, struct err *e)
{
	shards_close(&g->source);
	memset(&g->source, 0, sizeof g->source);
	must(lseek(g->fd, 0, SEEK_SET) == 0);
	return shards_open(&g->source, g->fd, &g->program, NULL, e);
}

int
guest_run(struct guest_run *g, const char *guest, const char *input,
    uint64_t cut, struct err *e)
{
	char path[128];

	memset(g, 0, sizeof *g);
	g->fd = memfd_create("records", MFD_CLOEXEC);
	snprintf(path, sizeof path, "test/guest/%s.elf", guest);
	if (rv_load_file(&g->program, path, e) < 0 ||
	    guest_execute(g, input, cut, e) < 0)
		return -1;
	return guest_rewind(g, e);
}

int
guest_next(struct guest_run *g, struct shard_events *s, struct err *e)
{
	static const uint32_t nonce[4];
	uint32_t code;
	int got = shards_next(&g->source, s, &code, e);

	if (got == 1 && shard_prepare(s, e) < 0) {
		shard_events_free(s);
		return -1;
	}
	if (got == 1)
		public_values_fill(s, nonce);
	return got;
}

void
guest_end(struct guest_run *g)
{
	shards_close(&g->source);
	rv_free(&g->program);
	close(g->fd);
}
