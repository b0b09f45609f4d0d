/* The loader's rules, one by one: a small ELF, and what each change to it does. */
#include "test/lib/tap.h"

#include <elf.h>

#include "base/io.h"
#include "riscv/rv.h"

#define NOP 0x13u
#define CODE 0x78001000u

/* Header, three program headers, then contents. */
struct file {
	Elf64_Ehdr h;
	Elf64_Phdr p[3];
	uint32_t code[4];
	uint8_t data[16];
	Elf64_Shdr s[3];
	uint8_t note[40];
};

static struct file
good(void)
{
	struct file f = {
		.h = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
			.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = 1,
			.e_entry = CODE, .e_phoff = sizeof(Elf64_Ehdr),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 3,
			.e_shentsize = sizeof(Elf64_Shdr),
		},
		.p = {
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
			  .p_offset = offsetof(struct file, code),
			  .p_vaddr = CODE, .p_filesz = 16, .p_memsz = 16 },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W,
			  .p_offset = offsetof(struct file, data),
			  .p_vaddr = CODE + 0x1000, .p_filesz = 12,
			  .p_memsz = 40 },
			{ .p_type = PT_NULL },
		},
		.code = { NOP, NOP, NOP, 0x73 },
		.data = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 },
	};

	return f;
}

static void
refused(const struct file *f, size_t len, const char *with)
{
	struct rv_program p;
	struct err e = { 0 };
	int rc = rv_load(&p, (const uint8_t *)f, len, &e);

	ok(rc == -1 && e.status == EX_DATAERR && strstr(e.msg, with),
	    "refused: %s", with);
	if (rc == 0)
		rv_free(&p);
	else if (!strstr(e.msg, with))
		diag("%s", e.msg);
}

#define REFUSE(with, ...) do { \
	struct file f = good(); \
	__VA_ARGS__; \
	refused(&f, sizeof f, with); \
} while (0)

static void
check_good(void)
{
	static const uint64_t image[][2] = {
		{ CODE, NOP | (uint64_t)NOP << 32 },
		{ CODE + 8, NOP | (uint64_t)0x73 << 32 },
		{ CODE + 0x1000, 0x0807060504030201 },
		/* file bytes stay where zero fill shares their word */
		{ CODE + 0x1008, 0x0c0b0a09 },
		{ CODE + 0x1010, 0 }, { CODE + 0x1018, 0 }, { CODE + 0x1020, 0 },
	};
	struct file f = good();
	struct rv_program p;
	struct err e;
	bool same = true;

	if (!ok(rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0, "loads"))
		return;
	ok(p.n == 4 && p.pc_base == CODE && p.pc_start == CODE &&
	    p.insn[3].op == RV_ECALL, "the code");
	ok(p.nimage == 7, "words of the image");
	for (size_t i = 0; i < 7 && p.nimage == 7; i++)
		same &= p.image[i].addr == image[i][0] &&
		    p.image[i].value == image[i][1];
	ok(same, "the image");
	rv_free(&p);

	f.p[0].p_filesz = 14;		/* the last instruction cut: 0x0073 */
	ok(rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0 && p.n == 4 &&
	    p.insn[3].op == RV_ECALL, "a last word cut short has zeros");
	rv_free(&p);

	f = good();
	f.p[0].p_memsz = 24;		/* more memory adds no instructions */
	ok(rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0 && p.n == 4 &&
	    p.nimage == 8, "zero fill after code is memory alone");
	rv_free(&p);

	f = good();
	f.p[2] = f.p[1];		/* data, code, code that follows it */
	f.p[1] = f.p[0];
	f.p[1].p_vaddr += 16;
	ok(rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0 && p.n == 8,
	    "code in two segments");
	rv_free(&p);

	f = good();
	f.p[1].p_flags = PF_R | PF_X | 0x00100000;
	f.data[0] = 0;
	ok(rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0 && p.n == 4,
	    "untrusted code is data");
	rv_free(&p);
}

static void
check_class_32(void)
{
	struct {
		Elf32_Ehdr h;
		Elf32_Phdr p;
		uint32_t code[2];
	} f = {
		.h = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, 1 },
			.e_type = ET_EXEC, .e_machine = EM_RISCV,
			.e_entry = CODE, .e_phoff = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1,
		},
		.p = { .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
		       .p_offset = sizeof f.h + sizeof f.p, .p_vaddr = CODE,
		       .p_filesz = 8, .p_memsz = 8 },
		.code = { NOP, 0x73 },
	};
	struct rv_program p;
	struct err e;

	ok(rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0 && p.n == 2,
	    "class 32 is taken too");
	rv_free(&p);
}

static void
check_refused(void)
{
	struct file whole = good();

	refused(&whole, 0, "not an ELF file");
	refused(&whole, 15, "not an ELF file");
	refused(&whole, 63, "header cut short");
	refused(&whole, 64 + 100, "program headers outside");
	REFUSE("not an ELF file", f.h.e_ident[0] = 0);
	REFUSE("unknown version", f.h.e_ident[EI_VERSION] = 2);
	REFUSE("unknown class", f.h.e_ident[EI_CLASS] = 3);
	REFUSE("not little-endian", f.h.e_ident[EI_DATA] = ELFDATA2MSB);
	REFUSE("not for RISC-V", f.h.e_machine = EM_X86_64);
	REFUSE("not an executable", f.h.e_type = ET_DYN);
	REFUSE("no multiple of 4", f.h.e_entry = CODE + 2);
	REFUSE("no program headers", f.h.e_phoff = 0);
	REFUSE("program headers of a wrong size", f.h.e_phentsize = 32);
	REFUSE("more than 256 program headers", f.h.e_phnum = 257);
	REFUSE("program headers outside", f.h.e_phoff = UINT64_MAX - 8);
	REFUSE("section headers of a wrong size",
	    f.h.e_shoff = offsetof(struct file, s); f.h.e_shnum = 1;
	    f.h.e_shentsize = 1);
	REFUSE("section headers outside",
	    f.h.e_shoff = sizeof f - 8; f.h.e_shnum = 1);
	REFUSE("section headers outside", f.h.e_shoff = UINT64_MAX);
	REFUSE("symbols of a wrong size",
	    f.h.e_shoff = offsetof(struct file, s); f.h.e_shnum = 1;
	    f.s[0].sh_type = SHT_SYMTAB; f.s[0].sh_entsize = 1);
	REFUSE("no string table",
	    f.h.e_shoff = offsetof(struct file, s); f.h.e_shnum = 2;
	    f.s[0].sh_type = SHT_SYMTAB; f.s[0].sh_link = 2;
	    f.s[0].sh_entsize = sizeof(Elf64_Sym));
	REFUSE(".symtab lies outside",
	    f.h.e_shoff = offsetof(struct file, s); f.h.e_shnum = 2;
	    f.s[1].sh_type = SHT_SYMTAB; f.s[1].sh_size = sizeof f + 1;
	    f.s[1].sh_entsize = sizeof(Elf64_Sym));
	REFUSE(".strtab lies outside",
	    f.h.e_shoff = offsetof(struct file, s); f.h.e_shnum = 2;
	    f.s[1].sh_type = SHT_SYMTAB;
	    f.s[0].sh_offset = sizeof f; f.s[0].sh_size = 1;
	    f.s[1].sh_entsize = sizeof(Elf64_Sym));
	REFUSE("invalid size", f.p[1].p_memsz = (1ull << 48) - 1);
	REFUSE("below the stack", f.p[0].p_vaddr = 0x77fffffc);
	REFUSE("not readable", f.p[1].p_flags = PF_W);
	REFUSE("writable and executable", f.p[0].p_flags |= PF_W);
	REFUSE("ascending", f.p[1].p_vaddr = CODE + 12);
	REFUSE("multiple of 4", f.p[1].p_vaddr = CODE + 0x1001);
	REFUSE("beyond 2^40", f.p[1].p_vaddr = 1ull << 41);
	REFUSE("beyond 2^40", f.p[1].p_memsz = UINT64_MAX);
	REFUSE("MiB", f.p[1].p_memsz = 1ull << 30);
	REFUSE("outside the file", f.p[1].p_offset = sizeof f);
	REFUSE("outside the file", f.p[1].p_filesz = f.p[1].p_memsz = 1000);
	REFUSE("no executable segment", f.p[0].p_flags = PF_R);
	REFUSE("no instructions", f.p[0].p_filesz = 0);
	REFUSE("code does not follow code", f.p[1].p_flags = PF_R | PF_X);
	REFUSE("cannot decode instruction 0x00000000 at 0x78001008",
	    f.code[2] = 0);
	REFUSE("cannot decode", f.code[0] = 0x00004501);	/* compressed */
	REFUSE("page protection",
	    f.p[2].p_type = PT_NOTE; f.p[2].p_filesz = 40;
	    f.p[2].p_offset = offsetof(struct file, note);
	    f.note[0] = 8; f.note[4] = 20; f.note[8] = 1;
	    memcpy(f.note + 12, "SUCCINCT1", 9));
	REFUSE("note cut short",
	    f.p[2].p_type = PT_NOTE; f.p[2].p_filesz = 16;
	    f.p[2].p_offset = offsetof(struct file, note); f.note[0] = 200);
}

/* Whatever is changed, nothing bad happens; a load that works can be freed. */
static void
check_any_byte(void)
{
	struct file f = good();
	size_t loaded = 0;

	for (size_t i = 0; i < offsetof(struct file, code); i++)
		for (int bit = 0; bit < 8; bit++) {
			struct rv_program p;
			struct err e;

			((uint8_t *)&f)[i] ^= 1 << bit;
			if (rv_load(&p, (uint8_t *)&f, sizeof f, &e) == 0) {
				loaded++;
				rv_free(&p);
			}
			((uint8_t *)&f)[i] ^= 1 << bit;
		}
	ok(loaded > 0, "%zu ELFs with a bit flipped load", loaded);
}

int
main(void)
{
	struct rv_program p;
	struct err e = { 0 };

	check_good();
	check_class_32();
	check_refused();
	check_any_byte();
	ok(rv_load_file(&p, "test/guest/none.elf", &e) == -1 &&
	    e.status == EX_NOINPUT, "a file that is not there");
	ok(rv_load_file(&p, "test/guest/fib.elf", &e) == 0 && p.n == 622,
	    "a guest");
	is_hex(p.sha256, 8, "caaa769094362e36", "its hash");
	rv_free(&p);
	return done_testing();
}
