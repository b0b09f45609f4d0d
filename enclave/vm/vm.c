#include "vm/vm.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/blake3.h"
#include "vm/gas.h"
#include "vm/input.h"
#include "vm/interp.h"
#include "vm/mem.h"
#include "vm/precompile.h"
#include "vm/shard.h"

static void
set_default(uint64_t *v, uint64_t otherwise)
{
	if (*v == 0)
		*v = otherwise;
}

struct vm *
vm_new(const struct rv_program *p, const struct vm_config *c,
    struct err *e)
{
	struct vm *m = calloc(1, sizeof *m);

	if (!m)
		goto out_of_memory;
	m->program = p;
	if (c)
		m->config = *c;
	set_default(&m->config.max_unconstrained, VM_MAX_UNCONSTRAINED);
	set_default(&m->config.max_memory, VM_MAX_MEMORY);
	set_default(&m->config.element_threshold, VM_ELEMENT_THRESHOLD);
	set_default(&m->config.height_threshold, VM_HEIGHT_THRESHOLD);
	set_default(&m->config.shard_entries, VM_SHARD_ENTRIES);
	set_default(&m->config.gas_entries, VM_GAS_ENTRIES);
	m->clk = 1;
	if (m->config.on_records) {
		m->rec = calloc(1, sizeof *m->rec);
		if (!m->rec)
			goto out_of_memory;
	}
	if (interp_prepare(m))
		goto out_of_memory;
	return m;
out_of_memory:
	vm_free(m);
	err_set(e, EX_OSERR, "out of memory for the machine");
	return NULL;
}

/* The words are little-endian. */
static bool
are_words_of(const uint32_t word[static 8], const uint8_t hash[static 32])
{
	for (int i = 0; i < 32; i++)
		if ((uint8_t)(word[i / 4] >> 8 * (i % 4)) != hash[i])
			return false;
	return true;
}

bool
vm_committed(const struct vm_result *r)
{
	static const uint8_t nothing[1];
	const uint8_t *v = r->public_values ? r->public_values : nothing;
	uint8_t hash[32];

	SHA256(v, r->npublic_values, hash);
	if (are_words_of(r->digest, hash))
		return true;
	blake3(hash, v, r->npublic_values);
	return are_words_of(r->digest, hash);
}

static void
finish(struct vm *m)
{
	struct vm_result *r = &m->result;

	r->gas = gas_total(m);
	r->public_values = m->pv;
	r->npublic_values = m->npv;
	r->syscalls = m->counts;
	r->verify_calls = m->calls[CALL_VERIFY_SP1_PROOF];
	for (int i = 0; i < CALL_COUNT; i++)
		if (exec_calls[i].chip != CHIP_None && m->calls[i] > 0)
			m->counts[r->nsyscalls++] = (struct vm_count){
				exec_calls[i].name, m->calls[i],
			};
	if (m->rec && !m->failed && !m->config.uncommitted && !vm_committed(r))
		vm_fail(m, VM_Unprovable, "the guest did not give COMMIT the hash "
		    "of its public values: this runs, but has no proof");
	if (m->rec && !m->failed && shard_close(m, 1, true, true) == 0)
		ignore(rec_finish(m));
	if (m->rec && m->failed)
		rec_failed(m);
}

const struct vm_result *
vm_run(struct vm *m)
{
	if (mem_load_image(m) == 0)
		interp_run(m);
	finish(m);
	return &m->result;
}

void
vm_free(struct vm *m)
{
	if (!m)
		return;
	mem_free(&m->mem);
	rec_free(m->rec);
	bn_free(m->bn);
	input_free(m);
	if (m->pv)
		explicit_bzero(m->pv, m->pv_room);
	free(m->pv);
	free(m->ops);
	explicit_bzero(m, sizeof *m);
	free(m);
}
