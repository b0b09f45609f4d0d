/* What precompiles do to memory.  Each word leaves trace entries: one for a read,
 * two for a write (sp1-machine(7), Trace entries). */
#include "vm/precompile.h"

#include "vm/mem.h"
#include "vm/shard.h"

static int
check(struct vm *m, uint64_t addr, unsigned n)
{
	if (addr % 8 != 0)
		return vm_fail(m, VM_InvalidSyscallUsage,
		    "precompile: address 0x%llx is no multiple of 8",
		    (unsigned long long)addr);
	if (addr >= MEM_TOP || 8ull * n > MEM_TOP - addr)
		return vm_fail(m, VM_InvalidMemoryAccess,
		    "precompile: address 0x%llx is beyond 2^40",
		    (unsigned long long)addr);
	if (m->rec && addr < MEM_PROVABLE)
		return vm_fail(m, VM_Unprovable, "precompile: access to 0x%llx: "
		    "the proof system has no memory below 2^16",
		    (unsigned long long)addr);
	return 0;
}

static int
access_word(struct vm *m, uint64_t addr, unsigned offset,
    uint64_t *value, bool write)
{
	struct page *p = mem_page(m, addr);
	unsigned k = addr / 8 % PAGE_WORDS;
	uint64_t ts = m->clk + offset, prev, prev_ts;

	if (!p)
		return -1;
	prev = p->value[k];
	prev_ts = touch(m, p, k, addr, ts, m->rec != NULL);
	if (write)
		p->value[k] = *value;
	else
		*value = prev;
	m->entries += write ? 2 : 1;
	if (m->rec) {
		struct rec_precompile *h = &m->rec->head;

		must(h->naccess < sizeof m->rec->access /
		    sizeof *m->rec->access);
		m->rec->access[h->naccess++] = (struct rec_access){
			addr, prev, prev_ts, *value, ts,
		};
	}
	return m->failed ? -1 : 0;
}

int
pre_read(struct vm *m, uint64_t *out, uint64_t addr, unsigned n,
    unsigned offset)
{
	if (check(m, addr, n))
		return -1;
	for (unsigned i = 0; i < n; i++)
		if (access_word(m, addr + 8 * i, offset, &out[i], false))
			return -1;
	return 0;
}

int
pre_write(struct vm *m, const uint64_t *in, uint64_t addr, unsigned n,
    unsigned offset)
{
	if (check(m, addr, n))
		return -1;
	for (unsigned i = 0; i < n; i++) {
		uint64_t v = in[i];

		if (access_word(m, addr + 8 * i, offset, &v, true))
			return -1;
	}
	return 0;
}

int
pre_peek(struct vm *m, uint64_t *out, uint64_t addr, unsigned n)
{
	if (check(m, addr, n))
		return -1;
	mem_peek(&m->mem, (uint8_t *)out, addr, 8ull * n);
	m->entries += n;
	return 0;
}

uint64_t
pre_register(struct vm *m, unsigned r)
{
	m->seen |= 1u << r;
	if (m->rec) {
		struct rec_precompile *h = &m->rec->head;

		m->rec->access[h->naccess++] = (struct rec_access){
			r, m->x[r], m->rec->ts[r], m->x[r], m->clk,
		};
		m->rec->ts[r] = m->clk;
	}
	return m->x[r];
}
