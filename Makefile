# Private SP1 proving.  `make demo` and `make test` are all a newcomer needs.
#
# What each program may link, lowest layer last.  This table is the architecture.
# Tests are in test/test.mk, CUDA is in gpu/gpu.mk.
tools/sp1-stdin		= proof poly bn254 field wire base
tools/sp1-vk		= $(verifier) wire base
tools/sp1-verify	= verify sp1verify snark $(verifier)
tools/sp1-attest	= appraise attested attest crypto rpc wire base
tools/sp1-encrypt	= attested attest crypto $(verifier) rpc wire base
tools/sp1-upload	= crypto rpc wire base
tools/sp1-request	= crypto $(verifier) rpc wire base
tools/sp1-poll		= client rpc wire base
tools/sp1-fetch		= fetch client sp1verify snark $(verifier) rpc wire base
tools/sp1-devnet	= devnet net store crypto sp1verify snark $(verifier) wire base
enclave/sp1-exec	= exec vm run $(verifier) wire base
enclave/sp1-decrypt	= crypto wire base
enclave/sp1-prove-gpu	= proofs shards recursion rows prover run $(verifier) base
enclave/tee-proxy	= proxy net rpc store crypto wire base
enclave/tee-worker	= worker crypto rpc proof poly bn254 field wire base
enclave/tee-keyd	= keyd crypto wire base
verifier	:= stark proof air poly bn254 field riscv base

# What each library may include, itself apart.
may_base	=
may_wire	= base
may_crypto	= wire base
may_attest	= crypto wire base
may_rpc		= wire base
may_client	= rpc wire base
may_attested	= attest crypto rpc wire base
may_appraise	= attested attest crypto rpc wire base
may_net		= wire base
may_store	= base
may_proxy	= net rpc store crypto wire base
may_keyd	= crypto wire base
may_worker	= crypto rpc proof poly bn254 field wire base
may_fetch	= client sp1verify snark $(verifier) rpc wire base
may_verify	= sp1verify snark $(verifier)
may_devnet	= net store crypto sp1verify snark $(verifier) wire base
may_run		= riscv base
may_riscv	= base
may_field	= base
may_bn254	= base
may_poly	= bn254 field base
may_air		= run poly bn254 field base
may_proof	= poly bn254 field base
may_stark	= $(filter-out stark,$(verifier))
may_snark	= $(verifier)
may_sp1verify	= snark $(verifier)
may_exec	= vm run $(verifier) wire base
may_vm		= run riscv poly bn254 field wire base
may_prover	= $(verifier)
may_rows	= run $(verifier)
may_shards	= rows prover run $(verifier)
may_proofs	= shards recursion $(may_shards)
may_recursion	= rows prover run $(verifier)
may_gpu		= rows prover run $(verifier)

# System libraries behind each of ours.
sys_base	= -lpthread -lseccomp
sys_wire	= -ljansson -lzstd
sys_crypto	= -lsecp256k1 -lcrypto
sys_attest	= -ljansson -lyaml -lunbound -lxmlsec1-openssl -lxmlsec1 -lxml2 -lcrypto
sys_rpc		= -lcurl -lssl -lcrypto
sys_net		= -lnghttp2 -lssl -lcrypto
sys_store	= -lsqlite3
sys_riscv	= -lcrypto
sys_snark	= -lcrypto
sys_stark	= -lcrypto
sys_vm		= -lcrypto

B	?= build
CC	?= gcc
SAN	?=
WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	  -Wno-unused-parameter -Werror=implicit-function-declaration -Werror=unused-result
HARDEN	= -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS	?= -O2 -g
FAST	?= -O3
CPPFLAGS = -D_GNU_SOURCE -I. -Ishare -Ienclave -Itools
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) $(if $(SAN),,$(HARDEN)) $(SAN) \
	  -ffile-prefix-map=$(CURDIR)=. -pthread -fPIC -fvisibility=hidden
RELRO	= $(if $(SAN),,-Wl,-z,relro,-z,now)
LDFLAGS	= $(if $(SAN),,-pie) $(RELRO) $(SAN) -pthread

programs := $(foreach p,$(filter tools/% enclave/%,$(.VARIABLES)),$(if $(wildcard $(p).c),$(p)))
# make V=1 shows the commands.
Q	= $(if $(V),,@)
say	= @$(if $(V),:,echo) ' '
sub	= $(MAKE) --no-print-directory
# J jobs, where make was not told how many.
build	= $(sub) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(J))

# From what is above to what is below, as a linker wants them.
libs := devnet fetch verify appraise worker proxy keyd attested exec proofs shards vm recursion rows prover run \
	sp1verify snark stark proof air poly bn254 field riscv net store attest crypto client rpc wire base
archives = $(patsubst %,$(B)/lib/%.a,$(foreach l,test $(libs),$(filter $(l),$(1))))
system = $(call uniq,$(foreach l,$(1),$(sys_$(l))))
dir_test = test/lib
libdir = $(or $(dir_$(1)),$(firstword $(wildcard share/$(1) enclave/$(1) tools/$(1))))
libsrc = $(sort $(wildcard $(call libdir,$(1))/*.c $(call libdir,$(1))/*/*.c))
uniq = $(if $(1),$(firstword $(1)) $(call uniq,$(filter-out $(firstword $(1)),$(1))))

all: $(patsubst %,$(B)/bin/%,$(notdir $(programs)))
.PHONY: all
.DELETE_ON_ERROR:

# The arithmetic is worth more; files for one instruction set say so in their name.
$(foreach l,field bn254 snark poly air rows shards prover proofs recursion,$(B)/obj/$(call libdir,$(l))/%): ALL_CFLAGS += $(FAST)
$(B)/obj/%_avx512.o: ALL_CFLAGS += -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mbmi2
$(B)/obj/%_avx2.o: ALL_CFLAGS += -mavx2 -mbmi2

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Others' code, as they published it, has warnings of its own.
$(B)/obj/share/crypto/mlkem/%.o: WARN =
$(B)/obj/share/crypto/mlkem/%.o: CPPFLAGS += -DMLK_CONFIG_NO_RANDOMIZED_API -Ishare/crypto/mlkem

# What is embedded, which the compiler does not tell.
$(B)/obj/share/snark/sp1.o: share/data/plonk_vk.bin share/data/groth16_vk.bin
$(B)/obj/enclave/recursion/vk_tree.o: share/data/recursion_vks.bin
$(B)/obj/share/attest/collateral.o: share/data/intel_sgx_root_ca.der
$(B)/obj/share/attest/gpu.o: share/data/nvidia_device_identity_ca.der
$(B)/obj/share/attest/rim.o: share/data/nvidia_corim_root_ca.der
$(B)/obj/share/attest/rim.o: CPPFLAGS += $(shell pkg-config --cflags xmlsec1-openssl)

# What FILE was made of last is in $(B)/made: when a file has left a folder, or a library
# the table, $(call unlike,FILE,WORDS) is a reason to make FILE again.
made = $(B)/made/$(1:$(B)/%=%)
differ = $(filter-out $(1),$(2))$(filter-out $(2),$(1))
unlike = $(if $(call differ,$(2:$(B)/%=%),$(file <$(call made,$(1)))),again)
define note
	@mkdir -p $(dir $(call made,$(1)))
	@echo $(2:$(B)/%=%) >$(call made,$(1))
endef
.PHONY: again

lib_obj = $(patsubst %.c,$(B)/obj/%.o,$(call libsrc,$(1)))
define lib_rule
$(B)/lib/$(1).a: $(call lib_obj,$(1)) $(call unlike,$(B)/lib/$(1).a,$(call lib_obj,$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(say) AR $$@
	$(Q)ar rcsD $$@ $(call lib_obj,$(1))
$(call note,$(B)/lib/$(1).a,$(call lib_obj,$(1)))
endef
$(foreach l,test $(libs),$(eval $(call lib_rule,$(l))))

# Links a PROGRAM of OBJECTS with LIBRARIES, and LINKER if not CC: $(eval $(call link,...)).
parts = $(2) $(call archives,$(3)) $(call system,$(3))
define link
$(1): $(2) $(call archives,$(3)) $(call unlike,$(1),$(parts))
	@mkdir -p $$(@D)
	$(say) LD $$@
	$(Q)$(or $(4),$$(CC) $$(LDFLAGS)) -o $$@ $(parts)
$(call note,$(1),$(parts))
endef
$(foreach p,$(programs),$(eval $(call link,$(B)/bin/$(notdir $(p)),$(B)/obj/$(p).o,$($(p)))))

# libsp1verify for programs of others: one object, of which only what its header
# declares can be seen.
$(B)/sp1verify.o: $(B)/obj/share/sp1verify/sp1verify.o $(call archives,sp1verify $(may_sp1verify))
	$(say) LD $@
	$(Q)$(CC) -r -nostdlib -o $@ $^
	$(Q)$(OBJCOPY) --localize-hidden $@
$(B)/libsp1verify.a: $(B)/sp1verify.o
	@rm -f $@
	$(say) AR $@
	$(Q)ar rcsD $@ $^
$(B)/libsp1verify.so: $(B)/sp1verify.o
	$(say) LD $@
	$(Q)$(CC) -shared $(RELRO) $(SAN) -pthread -Wl,-soname,$(@F).1 $(if $(SAN),,-Wl,-z,defs) -o $@ $^ -lcrypto
OBJCOPY	?= objcopy
verifier: $(B)/libsp1verify.a $(B)/libsp1verify.so
.PHONY: verifier

demo: deps
	+@$(build) all $(B)/unit/attest/synthetic.t
	B=$(B) test/demo.sh
reproducible:
	test/reproducible.sh
deps:
	@test/deps.sh
.PHONY: demo reproducible deps

# For packages: make install DESTDIR=... prefix=...
prefix	?= /usr
bindir	= $(DESTDIR)$(prefix)/bin
mandir	= $(DESTDIR)$(prefix)/share/man
libs_to	= $(DESTDIR)$(prefix)/lib
compdir	= $(DESTDIR)$(prefix)/share/bash-completion/completions
install: all verifier
	+@$(sub) install-built
install-built:
	install -d $(bindir) $(compdir)
	install $(patsubst %,$(B)/bin/%,$(notdir $(programs))) $(bindir)
	set -e; for p in $(notdir $(programs)); do \
		$(B)/bin/$$p --completion >$(compdir)/$$p; done
	install -D -m 644 -t $(libs_to) $(B)/libsp1verify.a
	install -m 644 $(B)/libsp1verify.so $(libs_to)/libsp1verify.so.1
	ln -sf libsp1verify.so.1 $(libs_to)/libsp1verify.so
	install -D -m 644 -t $(DESTDIR)$(prefix)/include share/sp1verify/sp1verify.h
	set -e; for m in $(wildcard man/*.[1-8]); do \
		install -D -m 644 -t $(mandir)/man$${m##*.} $$m; done
	+@$(sub) install-deploy
clean:
	rm -rf build build-*
.PHONY: install install-built clean

include test/test.mk gpu/gpu.mk enclave/deploy/deploy.mk
-include $(shell find $(B) -name '*.d' 2>/dev/null)
