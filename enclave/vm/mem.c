/* Guest memory: pages made when first touched, found through two levels and a
 * small cache.  An address beyond the top is in no page, so that the cache's hit
 * is the bounds check too. */
#include "vm/mem.h"

#include <stdlib.h>
#include <string.h>

int
mem_charge(struct vm *m, uint64_t n)
{
	if (n > m->config.max_memory - m->used)
		return vm_fail(m, VM_TooMuchMemory,
		    "the guest needs more than %llu MiB of memory",
		    (unsigned long long)(m->config.max_memory >> 20));
	m->used += n;
	return 0;
}

static struct page **
page_slot(const struct mem *mem, uint64_t addr)
{
	uint64_t n = addr / PAGE_BYTES;
	struct page **low = mem->dir[n >> DIR_BITS];

	return low ? &low[n & ((1u << DIR_BITS) - 1)] : NULL;
}

struct page *
mem_find(const struct mem *mem, uint64_t addr)
{
	struct page **slot = addr < MEM_TOP ? page_slot(mem, addr) : NULL;

	return slot ? *slot : NULL;
}

static struct page *
new_page(struct vm *m)
{
	struct page *p;

	/* what it takes of the host, not of the guest */
	if (mem_charge(m, sizeof *p +
	    (m->rec ? PAGE_WORDS * sizeof *p->local : 0)))
		return NULL;
	p = calloc(1, sizeof *p);
	if (p && m->rec) {
		p->local = calloc(PAGE_WORDS, sizeof *p->local);
		if (!p->local) {
			free(p);
			p = NULL;
		}
	}
	if (!p)
		vm_fail(m, VM_HostError, "out of memory");
	return p;
}

struct page *
mem_page_slow(struct vm *m, uint64_t addr)
{
	uint64_t tag = addr / PAGE_BYTES;
	struct page **slot;

	if (addr >= MEM_TOP) {
		vm_fail(m, VM_InvalidMemoryAccess,
		    "address 0x%llx is beyond 2^40", (unsigned long long)addr);
		return NULL;
	}
	slot = page_slot(&m->mem, addr);
	if (!slot) {
		struct page **low;

		if (mem_charge(m, (1u << DIR_BITS) * sizeof *low))
			return NULL;
		low = calloc(1u << DIR_BITS, sizeof *low);
		if (!low) {
			vm_fail(m, VM_HostError, "out of memory");
			return NULL;
		}
		m->mem.dir[tag >> DIR_BITS] = low;
		slot = page_slot(&m->mem, addr);
	}
	if (!*slot)
		*slot = new_page(m);
	if (*slot) {
		m->mem.tlb[tag % TLB_SIZE].tag = tag;
		m->mem.tlb[tag % TLB_SIZE].page = *slot;
	}
	return *slot;
}

int
mem_load_image(struct vm *m)
{
	const struct rv_program *p = m->program;

	for (size_t i = 0; i < p->nimage; i++) {
		unsigned k = p->image[i].addr / 8 % PAGE_WORDS;
		struct page *pg = mem_page(m, p->image[i].addr);

		if (!pg)
			return -1;
		pg->value[k] = p->image[i].value;
		pg->image[k / 64] |= 1ull << k % 64;
	}
	return 0;
}

void
mem_peek(const struct mem *mem, uint8_t *out, uint64_t addr, uint64_t n)
{
	while (n > 0) {
		const struct page *p = mem_find(mem, addr);
		uint64_t at = addr % PAGE_BYTES;
		uint64_t run = n < PAGE_BYTES - at ? n : PAGE_BYTES - at;

		/* guest and host are little-endian */
		if (p)
			memcpy(out, (const uint8_t *)p->value + at, run);
		else
			memset(out, 0, run);
		out += run;
		addr += run;
		n -= run;
	}
}

int
mem_save(struct vm *m, struct page *p)
{
	struct mem *mem = &m->mem;

	if (mem->nsaved == mem->room) {
		size_t room = mem->room ? 2 * mem->room : 64;
		struct page **more = realloc(mem->saved, room * sizeof *more);

		if (!more)
			return vm_fail(m, VM_HostError, "out of memory");
		mem->saved = more;
		mem->room = room;
	}
	if (mem_charge(m, sizeof p->value))
		return -1;
	p->saved = malloc(sizeof p->value);
	if (!p->saved)
		return vm_fail(m, VM_HostError, "out of memory");
	memcpy(p->saved, p->value, sizeof p->value);
	mem->saved[mem->nsaved++] = p;
	return 0;
}

void
mem_restore(struct vm *m)
{
	struct mem *mem = &m->mem;

	for (size_t i = 0; i < mem->nsaved; i++) {
		struct page *p = mem->saved[i];

		memcpy(p->value, p->saved, sizeof p->value);
		explicit_bzero(p->saved, sizeof p->value);
		free(p->saved);
		p->saved = NULL;
		m->used -= sizeof p->value;
	}
	mem->nsaved = 0;
}

int
mem_walk(struct vm *m, int (*fn)(struct vm *m, struct page *p,
    uint64_t addr))
{
	for (uint64_t i = 0; i < 1u << DIR_BITS; i++)
		for (uint64_t j = 0; m->mem.dir[i] && j < 1u << DIR_BITS; j++) {
			struct page *p = m->mem.dir[i][j];

			if (p && fn(m, p, (i << DIR_BITS | j) * PAGE_BYTES))
				return -1;
		}
	return 0;
}

void
mem_free(struct mem *mem)
{
	for (uint64_t i = 0; i < 1u << DIR_BITS; i++) {
		for (uint64_t j = 0; mem->dir[i] && j < 1u << DIR_BITS; j++) {
			struct page *p = mem->dir[i][j];

			if (!p)
				continue;
			if (p->saved) {
				explicit_bzero(p->saved, sizeof p->value);
				free(p->saved);
			}
			free(p->local);
			explicit_bzero(p, sizeof *p);
			free(p);
		}
		free(mem->dir[i]);
	}
	free(mem->saved);
}
