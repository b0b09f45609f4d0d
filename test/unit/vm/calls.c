/* Precompiles and hooks on operands of all kinds, the odd ones too: what SP1
 * 6.10.0 computes, and that what it fails at fails. */
#include "test/lib/tap.h"

#include <stdbool.h>

#include "base/hex.h"
#include "vm/vm.h"
#include "wire/stdin.h"

#define MAX_ITEM 4096

/* An SP1Stdin of the items, hexadecimal with commas between. */
static uint8_t *
input_of(char *items, size_t *n)
{
	static uint8_t bytes[4][MAX_ITEM];
	struct stdin_item item[4];
	struct sp1_stdin s = { .item = item };
	char *text;
	uint8_t *out;

	while ((text = strsep(&items, ",")) && s.n < 4) {
		item[s.n].p = bytes[s.n];
		item[s.n].n = strlen(text) / 2;
		if (item[s.n].n > MAX_ITEM ||
		    hex_decode(bytes[s.n], item[s.n].n, text))
			return NULL;
		s.n++;
	}
	*n = stdin_size(&s);
	out = malloc(*n);
	stdin_write(out, &s);
	return out;
}

static bool
check(const struct rv_program *p, char *items, const char *want)
{
	struct err e = { 0 };
	struct vm *m = vm_new(p, NULL, &e);
	const struct vm_result *r;
	char got[4096];
	size_t n = 0;
	uint8_t *in = input_of(items, &n);
	bool good = false;

	if (in && m && vm_set_input(m, in, n, &e) == 0) {
		r = vm_run(m);
		if (r->cause != VM_halted) {
			good = strcmp(want, "fails") == 0 &&
			    r->cause == VM_InvalidSyscallUsage;
		} else {
			int at = snprintf(got, sizeof got, "%llu %llu ",
			    (unsigned long long)r->cycles,
			    (unsigned long long)r->gas);

			if (r->npublic_values < sizeof got / 2 - 50)
				hex_encode(got + at, r->public_values,
				    r->npublic_values);
			good = r->exit_code == 0 && strcmp(got, want) == 0;
		}
		if (!good)
			diag("%s %s, expected %s", r->detail, got, want);
	}
	vm_free(m);
	free(in);
	return good;
}

int
main(void)
{
	FILE *f = fopen("test/vectors/vm-calls.tsv", "r");
	struct rv_program calls, hooks;
	char *line = NULL;
	size_t room = 0;
	struct err e;

	if (!ok(f && rv_load_file(&calls, "test/guest/calls.elf", &e) == 0 &&
	    rv_load_file(&hooks, "test/guest/hooks.elf", &e) == 0, "files"))
		return done_testing();
	while (getline(&line, &room, f) > 0) {
		char *at = line, *guest, *items;

		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		guest = strsep(&at, "\t");
		items = strsep(&at, "\t");
		ok(check(strcmp(guest, "calls") ? &hooks : &calls, items, at),
		    "%s %.8s", guest, items);
	}
	free(line);
	fclose(f);
	rv_free(&calls);
	rv_free(&hooks);
	return done_testing();
}
