/* ECALL, and the calls that are no precompiles (sp1-machine(7), System calls). */
#include <stdlib.h>
#include <string.h>

#include "field/kb.h"
#include "vm/calls.h"
#include "vm/input.h"
#include "vm/mem.h"
#include "vm/precompile.h"
#include "vm/shard.h"

#define FD_PUBLIC_VALUES 13
#define FD_HINT 14

HANDLER(sys_halt);
HANDLER(sys_write);
HANDLER(sys_enter_unconstrained);
HANDLER(sys_exit_unconstrained);
HANDLER(sys_commit);
HANDLER(sys_commit_deferred);
HANDLER(sys_nothing);
HANDLER(sys_hint_len);
HANDLER(sys_hint_read);

static int (*const handlers[CALL_COUNT])(struct vm *m,
    const struct exec_call *c, uint64_t a0, uint64_t a1, uint64_t *result) = {
#define SYSCALL(number, name, handler, ...) [CALL_##name] = handler,
#define PRECOMPILE SYSCALL
#include "run/syscalls.def"
};

int
vm_ecall(struct vm *m, uint64_t *result)
{
	uint32_t number = (uint32_t)m->x[5];
	const struct exec_call *c = exec_call_of(number);
	uint64_t a0 = m->x[10], a1 = m->x[11];

	if (!c)
		return vm_fail(m, VM_UnsupportedSyscall,
		    "system call 0x%x is unknown or deprecated", number);
	if (m->in_block && c != &exec_calls[CALL_WRITE] &&
	    c != &exec_calls[CALL_EXIT_UNCONSTRAINED])
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s in an unconstrained block", c->name);
	if (!m->in_block)
		m->calls[c - exec_calls]++;
	if (m->rec && c->chip != CHIP_None) {
		m->rec->pending = true;
		m->rec->head = (struct rec_precompile){
			.clk = m->clk, .code = number,
			.flags = c->retained ? 0 : REC_DEFERRED,
			.arg1 = a0, .arg2 = a1,
		};
		shard_call(m, c);
	}
	*result = number;
	return handlers[c - exec_calls](m, c, a0, a1, result);
}

HANDLER(sys_nothing)
{
	return 0;
}

/* SyscallInstrs shows elements of the field alone, and public values that the run gave
 * one word each: word i has been given, and not the same. */
static bool
given_other(struct vm *m, uint8_t *given, uint64_t i, bool same)
{
	bool other = m->rec && *given >> i & 1 && !same;

	*given |= (uint8_t)(1u << i);
	return other;
}

HANDLER(sys_halt)
{
	if (m->rec && a0 >= KB_P)
		return vm_unprovable(m, c, "the exit code is no element below p");
	m->halted = true;
	m->result.exit_code = a0;
	return 0;
}

/* The interpreter sees the flag, and runs the block. */
HANDLER(sys_enter_unconstrained)
{
	m->in_block = true;
	return 0;
}

HANDLER(sys_exit_unconstrained)
{
	if (!m->in_block)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s outside an unconstrained block", c->name);
	m->in_block = false;
	return 0;
}

HANDLER(sys_commit)
{
	if (a0 >= 8)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s: no word %llu", c->name, (unsigned long long)a0);
	if (a1 > UINT32_MAX)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s: the word has more than 32 bits", c->name);
	if (given_other(m, &m->committed, a0, m->result.digest[a0] == a1))
		return vm_unprovable(m, c, "another word was given before");
	m->result.digest[a0] = (uint32_t)a1;
	if (m->rec)
		m->rec->commit = true;
	return 0;
}

HANDLER(sys_commit_deferred)
{
	if (a0 >= 8)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s: no word %llu", c->name, (unsigned long long)a0);
	if (m->rec && a1 >= KB_P)
		return vm_unprovable(m, c, "the word is no element below p");
	if (given_other(m, &m->committed_deferred, a0,
	    m->result.deferred_digest[a0] == a1))
		return vm_unprovable(m, c, "another word was given before");
	m->result.deferred_digest[a0] = (uint32_t)a1;
	if (m->rec)
		m->rec->commit_deferred = true;
	return 0;
}

HANDLER(sys_hint_len)
{
	*result = input_len(m);
	m->entries++;
	return 0;
}

/* One word of a hint.  The word after a last one that is full is written too, as
 * zero, but is no part of the hint (sp1-machine(7), Hints). */
static int
hint_word(struct vm *m, uint64_t addr, uint64_t value, bool part)
{
	struct page *p = mem_page(m, addr);
	unsigned k = addr / 8 % PAGE_WORDS;
	uint64_t bit = 1ull << k % 64;

	if (!p)
		return -1;
	if (m->rec) {
		/* the proof has the first value that a word had */
		if (p->ts[k] != 0 || p->image[k / 64] & bit)
			return vm_fail(m, VM_Unprovable,
			    "HINT_READ over 0x%llx, which the guest used before",
			    (unsigned long long)addr);
		if (part || p->hinted[k / 64] & bit) {
			if (addr < 32)
				return vm_fail(m, VM_Unprovable,
				    "HINT_READ over 0x%llx: in the proof this "
				    "is a register", (unsigned long long)addr);
			if (rec_hint(m, addr, value))
				return -1;
		}
	}
	if (part)
		p->hinted[k / 64] |= bit;
	p->value[k] = value;
	p->ts[k] = 0;
	return 0;
}

HANDLER(sys_hint_read)
{
	uint64_t len = input_len(m), i;
	struct item *owned;
	const uint8_t *bytes;
	int rc = 0;

	if (len == UINT64_MAX)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s: the input is at its end", c->name);
	if (len != a1)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s: asks for %llu bytes, the next item has %llu", c->name,
		    (unsigned long long)a1, (unsigned long long)len);
	if (a0 % 8 != 0)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "%s: address 0x%llx is no multiple of 8", c->name,
		    (unsigned long long)a0);
	if (a0 > MEM_TOP || len > MEM_TOP - a0)
		return vm_fail(m, VM_InvalidMemoryAccess,
		    "%s reaches beyond 2^40", c->name);
	bytes = input_pop(m, &owned);
	for (i = 0; i <= len / 8 && rc == 0; i++) {
		uint64_t n = len - 8 * i < 8 ? len - 8 * i : 8;
		uint64_t word = 0;

		memcpy(&word, bytes + 8 * i, n);
		rc = hint_word(m, a0 + 8 * i, word, n > 0);
	}
	if (owned)
		explicit_bzero(owned->bytes, owned->len);
	free(owned);
	return rc;
}

static int
public_values(struct vm *m, const uint8_t *bytes, size_t n)
{
	if (mem_charge(m, n))
		return -1;
	if (n > m->pv_room - m->npv) {
		size_t room = 2 * m->pv_room + n + 256;
		uint8_t *more = realloc(m->pv, room);

		if (!more)
			return vm_fail(m, VM_HostError, "out of memory");
		m->pv = more;
		m->pv_room = room;
	}
	if (n > 0)
		memcpy(m->pv + m->npv, bytes, n);
	m->npv += n;
	return 0;
}

/* Each line apart; a carriage return before the end belongs to the end. */
static void
lines(struct vm *m, int fd, const char *text, size_t n)
{
	while (m->config.on_line && n > 0) {
		const char *end = memchr(text, '\n', n);
		size_t len = end ? (size_t)(end - text) : n;
		size_t shown = end && len > 0 && text[len - 1] == '\r' ?
		    len - 1 : len;

		m->config.on_line(m->config.ctx, fd, text, shown);
		n -= end ? len + 1 : len;
		text += end ? len + 1 : len;
	}
}

/* n bytes that leave the guest, against max_output; -1: TooMuchOutput. */
static int
output_charge(struct vm *m, uint64_t n)
{
	if (m->config.max_output && n > m->config.max_output - m->output)
		return vm_fail(m, VM_TooMuchOutput, "the guest puts out more than "
		    "%llu bytes", (unsigned long long)m->config.max_output);
	m->output += n;
	return 0;
}

HANDLER(sys_write)
{
	bool printed = a0 == 1 || a0 == 2;
	uint64_t n = m->x[12];
	uint8_t *bytes;
	int rc = 0;

	if (n > MEM_TOP || a1 > MEM_TOP - n)
		return vm_fail(m, VM_InvalidMemoryAccess,
		    "%s reaches beyond 2^40", c->name);
	if ((printed || (uint32_t)a0 == FD_PUBLIC_VALUES) && output_charge(m, n))
		return -1;
	if (mem_charge(m, n))
		return -1;
	if (printed && !m->config.on_line) {
		m->used -= n;
		return 0;
	}
	bytes = malloc(n + 1);
	if (!bytes)
		return vm_fail(m, VM_HostError, "out of memory");
	mem_peek(&m->mem, bytes, a1, n);
	if (printed) {
		lines(m, (int)a0, (const char *)bytes, n);
	} else if ((uint32_t)a0 == FD_PUBLIC_VALUES) {
		rc = public_values(m, bytes, n);
	} else if ((uint32_t)a0 == FD_HINT) {
		uint8_t *item = input_push(m, n);

		if (item && n > 0)
			memcpy(item, bytes, n);
		rc = item ? 0 : -1;
	} else {
		rc = hook_call(m, (uint32_t)a0, bytes, n);
	}
	explicit_bzero(bytes, n);
	free(bytes);
	m->used -= n;
	return rc;
}
