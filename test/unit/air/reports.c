/*
 * What a developer of a trace looks at: column names (the stock ones, of the chips
 * that give them), the row checker, the balance of messages.
 */
#include "air/air.h"
#include "test/lib/air_seed.h"
#include "test/lib/tap.h"

#define COLUMNS "test/vectors/air/columns.txt"

static void
test_names(const struct air_machine *m)
{
	char chip[64], want[128], got[200], last[64] = "";
	unsigned j = 0, wrong = 0, chips = 0;
	FILE *f = fopen(COLUMNS, "r");

	if (!f) {
		ok(0, "open %s", COLUMNS);
		return;
	}
	while (fscanf(f, "%63s %127s", chip, want) == 2) {
		const struct air_chip *c = air_chip_by_name(m, chip,
		    strlen(chip));

		if (!c)
			continue;
		j = strcmp(chip, last) == 0 ? j + 1 : 0;
		chips += j == 0;
		strcpy(last, chip);
		air_column_name(c, j, got, sizeof got);
		if (strcmp(got, want) != 0 && wrong++ < 10)
			diag("%s column %u: %s, stock %s", chip, j, got, want);
	}
	fclose(f);
	is_int(wrong, 0, "columns of %u chips are named as in stock", chips);
}

static void
test_row(const struct air_machine *m)
{
	const struct air_chip *c = air_chip_by_name(m, "StateBump", 9);
	kb main[14] = {{0}}, pv[AIR_PUBLIC_VALUES] = {{0}};
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	is_int(air_debug_row(c, main, NULL, pv, NULL), -1, "a zero row holds");
	main[13] = kb_from(2);	/* is_real */
	is_int(air_debug_row(c, main, NULL, pv, f), 0, "is_real = 2 does not");
	fclose(f);
	ok(strstr(text, "constraint 0 of 8 is 2, made at "
	    "share/air/core/bump.c:"), "the report names the place");
	ok(strstr(text, "  is_real = 2\n"), "and the cells");
	free(text);
}

/* Does the line of the place that follows `before` hold this? */
static int
states(const char *text, const char *before, const char *what)
{
	char file[100], line[200];
	int number, found = 0;
	const char *at = strstr(text, before);
	FILE *f;

	if (!at || sscanf(at + strlen(before), "%99[^:]:%d", file, &number) != 2)
		return 0;
	f = fopen(file, "r");
	while (f && number-- > 0 && fgets(line, sizeof line, f))
		found = number == 0 && strstr(line, what);
	if (f)
		fclose(f);
	return found;
}

static void
test_balance(const struct air_machine *m)
{
	const struct air_chip *range = air_chip_by_name(m, "Range", 5);
	const struct air_chip *state = air_chip_by_name(m, "StateBump", 9);
	struct air_balance *b = air_balance_new();
	kb main[14] = {{0}}, prep[2] = {{0}}, count;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	/* clk 1 -> 1, pc 0: two states that cancel, 13- and 16-bit lookups of 0
	 * and pc's three, one lookup of two bytes. */
	main[3] = main[5] = main[13] = KB_ONE;
	is_int(air_debug_row(state, main, NULL, NULL, stdout), -1,
	    "the row holds");
	air_balance_add(b, state, main, NULL, 7);
	is_int(air_balance_report(b, NULL, f, 1), 3, "three messages are left");
	fclose(f);
	ok(strstr(text, "Byte (6, 0, 13, 0): 1 too many sent, last sent by "
	    "StateBump row 7 at share/air/core/") == text &&
	    strstr(text, ", never received\n"), "the first is shown");
	ok(states(text, "StateBump row 7 at ", "air_range"),
	    "with the line that looks it up");
	free(text);

	count = KB_ONE;
	prep[1] = kb_from(13);
	air_balance_add(b, range, &count, prep, 1 << 13);
	is_int(air_balance_report(b, NULL, NULL, 0), 2, "Range receives one");
	count = kb_from(4);
	prep[1] = kb_from(16);
	air_balance_add(b, range, &count, prep, 1 << 16);
	is_int(air_balance_report(b, NULL, NULL, 0), 1, "and four of another");
	air_balance_free(b);
}

int
main(void)
{
	const struct air_machine *m = air_machine_riscv();

	test_names(m);
	test_row(m);
	test_balance(m);
	return done_testing();
}
