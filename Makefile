# Private SP1 proving.  `make demo` and `make test` are all a newcomer needs.
#
# What each program may link, lowest layer last.  This table is the architecture.
tools/sp1-stdin		= wire base
tools/sp1-vk		= $(verifier)
tools/sp1-verify	= sp1verify snark $(verifier)
tools/sp1-encrypt	= crypto $(verifier) rpc wire base
tools/sp1-upload	= crypto rpc wire base
tools/sp1-request	= crypto $(verifier) rpc wire base
tools/sp1-poll		= rpc wire base
tools/sp1-fetch		= sp1verify snark $(verifier) rpc wire base
tools/sp1-devnet	= devnet net store crypto sp1verify snark $(verifier) wire base
enclave/sp1-exec	= vm run riscv poly bn254 field wire base
enclave/sp1-decrypt	= crypto wire base
enclave/sp1-prove-gpu	= proofs shards rows prover run $(verifier) base
enclave/tee-proxy	= proxy net rpc store crypto wire base
enclave/tee-worker	= worker crypto rpc $(verifier) wire base
enclave/tee-keyd	= crypto wire base
verifier	:= stark proof air poly bn254 field riscv base

# What each library may include, itself apart.
may_base	=
may_wire	= base
may_crypto	= wire base
may_rpc		= wire base
may_net		= wire base
may_store	= base
may_proxy	= net rpc store crypto wire base
may_worker	= crypto rpc $(verifier) wire base
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
may_vm		= run riscv poly bn254 field wire base
may_prover	= $(verifier)
may_rows	= run $(verifier)
may_shards	= rows prover run $(verifier)
may_proofs	= shards $(may_shards)
may_gpu		= rows prover run $(verifier)

# System libraries behind each of ours.
sys_base	= -lpthread -lseccomp
sys_wire	= -ljansson -lzstd
sys_crypto	= -lsecp256k1 -lcrypto
sys_rpc		= -lcurl
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
CPPFLAGS = -D_GNU_SOURCE -I. -Ishare -Ienclave -Itools
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) $(if $(SAN),,$(HARDEN)) $(SAN) \
	  -ffile-prefix-map=$(CURDIR)=. -pthread -fPIC -fvisibility=hidden
RELRO	= $(if $(SAN),,-Wl,-z,relro,-z,now)
LDFLAGS	= $(if $(SAN),,-pie) $(RELRO) $(SAN) -pthread

programs := $(foreach p,$(filter tools/% enclave/%,$(.VARIABLES)),$(if $(wildcard $(p).c),$(p)))
# make V=1 shows the commands.
Q	= $(if $(V),,@)
say	= @$(if $(V),:,echo) ' '

# From what is above to what is below, as a linker wants them.
libs := devnet worker proxy proofs shards vm rows prover run \
	sp1verify snark stark proof air poly bn254 field riscv net store crypto rpc wire base
archives = $(patsubst %,$(B)/lib/%.a,$(call in_order,$(1)))
in_order = $(foreach l,$(libs),$(filter $(l),$(1)))
libdir = $(firstword $(wildcard share/$(1) enclave/$(1) tools/$(1)))
libsrc = $(sort $(wildcard $(call libdir,$(1))/*.c $(call libdir,$(1))/*/*.c))
uniq = $(if $(1),$(firstword $(1)) $(call uniq,$(filter-out $(firstword $(1)),$(1))))

all: $(patsubst %,$(B)/bin/%,$(notdir $(programs)))
.PHONY: all
.DELETE_ON_ERROR:

# The arithmetic is worth -O3; files for one instruction set say so in their name.
$(foreach l,field bn254 snark poly air rows shards prover proofs,$(B)/obj/$(call libdir,$(l))/%): ALL_CFLAGS += -O3
$(B)/obj/%_avx512.o: ALL_CFLAGS += -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mbmi2
$(B)/obj/%_avx2.o: ALL_CFLAGS += -mavx2 -mbmi2

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What is embedded, which the compiler does not tell.
$(B)/obj/share/snark/sp1.o: share/data/plonk_vk.bin share/data/groth16_vk.bin

# What has left a folder leaves its archive: NAME.list has what that was made of.
lib_obj = $(patsubst %.c,$(B)/obj/%.o,$(call libsrc,$(1)))
differ = $(filter-out $(1),$(2))$(filter-out $(2),$(1))
define lib_rule
$(B)/lib/$(1).a: $(call lib_obj,$(1)) $(if $(call differ,$(call lib_obj,$(1)),$(file <$(B)/lib/$(1).list)),again)
	@mkdir -p $$(@D)
	@rm -f $$@
	$(say) AR $$@
	$(Q)ar rcsD $$@ $$(filter %.o,$$^)
	@echo $$(filter %.o,$$^) >$$(@:.a=.list)
endef
.PHONY: again
$(foreach l,$(libs),$(eval $(call lib_rule,$(l))))

define prog_rule
$(B)/bin/$(notdir $(1)): $(B)/obj/$(1).o $(call archives,$($(1)))
	@mkdir -p $$(@D)
	$(say) LD $$@
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(call uniq,$(foreach l,$($(1)),$(sys_$(l))))
endef
$(foreach p,$(programs),$(eval $(call prog_rule,$(p))))

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

# A unit test test/unit/LIB/what.c links LIB and what LIB may use.
unit_deps = $(1) $(extra_$(1)) $(may_$(1))
extra_net	= rpc
extra_proof	= stark air riscv
extra_snark	= wire
extra_devnet	= rpc
extra_rows	= vm shards prover wire
extra_shards	= vm wire
extra_prover	= rows run
units := $(patsubst test/unit/%.c,%,$(sort $(wildcard test/unit/*/*.c)))
define unit_rule
$(B)/unit/$(1).t: $(B)/obj/test/unit/$(1).o $(call archives,$(call unit_deps,$(patsubst %/,%,$(dir $(1)))))
	@mkdir -p $$(@D)
	$(say) LD $$@
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(call uniq,$(foreach l,$(call unit_deps,$(patsubst %/,%,$(dir $(1)))),$(sys_$(l))))
endef
$(foreach u,$(units),$(eval $(call unit_rule,$(u))))
units: $(patsubst %,$(B)/unit/%.t,$(units))
.PHONY: units

# A benchmark test/bench/LIB*.c links the same, and is run by a script there.
bench_lib = $(firstword $(subst _, ,$(1)))
benches := $(patsubst test/bench/%.c,%,$(sort $(wildcard test/bench/*.c)))
define bench_rule
$(B)/bench/$(1): $(B)/obj/test/bench/$(1).o $(call archives,$(call unit_deps,$(call bench_lib,$(1))))
	@mkdir -p $$(@D)
	$(say) LD $$@
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(call uniq,$(foreach l,$(call unit_deps,$(call bench_lib,$(1))),$(sys_$(l))))
endef
$(foreach b,$(benches),$(eval $(call bench_rule,$(b))))

# Tests: everything prints TAP, prove(1) runs it.  CHECK_LONG=1 lengthens some.
prefix	?= /usr
J	?= 2
PROVE	= prove -j$(J) -v
sub	= $(MAKE) --no-print-directory
unit_tests = $(patsubst %,$(B)/unit/%.t,$(1))

test: deps
	+@$(sub) all verifier units fuzzers
	B=$(B) $(PROVE) $(call unit_tests,$(units)) $(sort $(wildcard test/*.bats))
	+@$(sub) gpu-check GPU_ARCH=$(firstword $(GPU_ARCH))
check-long: deps
	+@$(sub) all verifier units fuzzers
	B=$(B) CHECK_LONG=1 $(PROVE) $(call unit_tests,$(units)) $(sort $(wildcard test/*.bats))
	+@$(sub) gpu-check
	+@$(sub) asan
	+@$(sub) fuzz-smoke FUZZ_SECONDS=600
deps:
	@test/deps.sh
.PHONY: test check-long deps

# Sanitizers, over the unit tests.  99, since 1 would pass for "no".
SAN_ENV	= ASAN_OPTIONS=exitcode=99:detect_leaks=0 \
	  UBSAN_OPTIONS=halt_on_error=1:exitcode=99 TSAN_OPTIONS=exitcode=99
SAN_MAKE = $(sub) CFLAGS='-O1 -g -fno-omit-frame-pointer'
ASAN	= -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN	= -fsanitize=thread
# All keys take a quarter of an hour under TSan; the loops they run are others' too.
threaded = $(filter-out stark/setup,$(filter base/par $(addsuffix /%,poly proof stark rows shards prover net rpc),$(units)))

# only='base/% wire/%' takes these.
only	= %
asan_tests = $(patsubst %,build-asan/unit/%.t,$(filter $(only),$(units)))
tsan_tests = $(patsubst %,build-tsan/unit/%.t,$(filter $(only),$(threaded)))

asan:
	+@$(SAN_MAKE) B=build-asan SAN='$(ASAN)' $(asan_tests)
	$(SAN_ENV) prove -j$(J) $(asan_tests)
tsan:
	+@$(SAN_MAKE) B=build-tsan SAN='$(TSAN)' $(tsan_tests)
	$(SAN_ENV) prove -j$(J) $(tsan_tests)
.PHONY: asan tsan

# Assertions of base/debug.h, over what has them.
debugged = field/% bn254/% poly/% air/blocks
debug_tests = $(patsubst %,build-debug/unit/%.t,$(filter $(only),$(filter $(debugged),$(units))))
debug:
	+@$(sub) B=build-debug CFLAGS='-O1 -g -DDEBUG' $(debug_tests)
	prove -j$(J) $(debug_tests)
.PHONY: debug

# CUDA, where nvcc is found: by NVCC, in PATH, among python3's packages.  Kernels are
# compiled for these architectures, spilled registers being errors, and run where
# there is a device.
GPU_ARCH ?= 80 89 90 100
NVCCFLAGS = -std=c++17 -O3 -Xptxas --warn-on-spills,--warning-as-error \
	  $(foreach a,$(GPU_ARCH),-gencode arch=compute_$(a),code=sm_$(a)) \
	  -gencode arch=compute_$(firstword $(GPU_ARCH)),code=compute_$(firstword $(GPU_ARCH))
find_nvcc = command -v nvcc || python3 -c 'import glob, nvidia; print(*[n \
	  for p in nvidia.__path__ for n in glob.glob(p + "/*/bin/nvcc")][:1])' 2>/dev/null
gpu_src = $(sort $(wildcard gpu/*.cu)) test/gpu/check.cu
gpu_obj = $(patsubst %.cu,$(B)/cuda/%.o,$(gpu_src))
gpu-check:
	+@nvcc=$${NVCC:-$$($(find_nvcc))}; \
	if [ "$$nvcc" ]; then \
		$(sub) NVCC="$$nvcc" $(B)/gpu/check.t && $(PROVE) $(B)/gpu/check.t || exit; \
	else \
		echo 'gpu-check: no nvcc: skipped'; \
	fi; \
	if command -v $(CXX) >/dev/null; then \
		$(sub) $(B)/gpu/emulated.t && $(PROVE) $(B)/gpu/emulated.t; \
	else \
		echo 'gpu-check: no C++ compiler: emulation skipped'; \
	fi
$(B)/cuda/%.o: %.cu
	@mkdir -p $(@D)
	$(say) NVCC $@
	$(Q)$(NVCC) $(CPPFLAGS) $(NVCCFLAGS) -MMD -MP -c -o $@ $<
# What is `inline __noinline__` there, the host's compiler has no option to bear.
$(B)/cuda/gpu/trace_field.o: NVCCFLAGS += -Xcompiler -w
$(B)/gpu/check.t: $(gpu_obj) $(call archives,$(may_gpu))
	$(say) LD $@
	$(Q)$(NVCC) -cudart static -L$(dir $(NVCC))../lib -o $@ $^ \
		$(call uniq,$(foreach l,$(may_gpu),$(sys_$(l))))
# The same on this processor's emulated threads (test/gpu/emulate.h).
emulated_obj = $(gpu_obj:$(B)/cuda/%.o=$(B)/emulated/%.o) $(B)/emulated/emulate.o
$(B)/emulated/%.o: %.cu
	@mkdir -p $(@D)
	$(say) CXX $@
	$(Q)$(CXX) $(CPPFLAGS) -std=c++17 -O1 -g -include test/gpu/emulate.h -MMD -MP -x c++ -c -o $@ $<
$(B)/emulated/%.o: test/gpu/%.cpp
	@mkdir -p $(@D)
	$(say) CXX $@
	$(Q)$(CXX) $(CPPFLAGS) -std=c++17 -O1 -g -MMD -MP -c -o $@ $<
$(B)/gpu/emulated.t: $(emulated_obj) $(call archives,$(may_gpu))
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CXX) -o $@ $^ -pthread $(call uniq,$(foreach l,$(may_gpu),$(sys_$(l))))
.PHONY: gpu-check

# Fuzz targets: test/fuzz/LIB_what.c links as a unit test does, or as fuzz_NAME
# says.  What they begin with is in test/fuzz/corpus/NAME, test/hostile/NAME (inputs
# that failed once) and corpus_NAME.
fuzz_proof	= stark
fuzz_compressed	= stark
corpus_proof	= ../shared/vectors/own/proof/fib-20.core.bin
corpus_compressed = ../shared/vectors/own/proof/fib-20.compressed.bin \
	  ../shared/vectors/proof/wrapped_proof.bin
corpus_snark	= test/vectors/snark
# Each container also as the network stores it: without the last byte.
flags_proof	= -t
flags_compressed = -t
flags_snark	= -t
corpus_wire_stdin = test/guest/inputs
corpus_wire_pb	= test/vectors/network
FUZZ_SECONDS	?= 5
FUZZ_SEED	?= 1
fuzzers := $(patsubst test/fuzz/%.c,%,$(filter-out %/replay.c,$(sort $(wildcard test/fuzz/*.c))))
fuzz_lib = $(or $(fuzz_$(1)),$(call bench_lib,$(1)))
fuzz_deps = $(fuzz_lib) $(may_$(fuzz_lib))
define fuzz_rule
$(B)/fuzz/$(1): $(B)/obj/test/fuzz/$(1).o $(B)/obj/test/fuzz/replay.o $(call archives,$(call fuzz_deps,$(1)))
	@mkdir -p $$(@D)
	$(say) LD $$@
	$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(call uniq,$(foreach l,$(call fuzz_deps,$(1)),$(sys_$(l))))
fuzz-$(1): $(B)/fuzz/$(1)
	+@$(sub) fuzz-built-$(1)
# What is built already, by a test that must not build.
fuzz-built-$(1):
	$(SAN_ENV) $(B)/fuzz/$(1) -s $(FUZZ_SECONDS) -r $(FUZZ_SEED) -c $(B)/fuzz/$(1).crash $(flags_$(1)) \
		$(wildcard test/fuzz/corpus/$(1) test/hostile/$(1) $(corpus_$(1)))
endef
$(foreach f,$(fuzzers),$(eval $(call fuzz_rule,$(f))))
fuzz-smoke:
	+@$(SAN_MAKE) B=build-asan SAN='$(ASAN)' $(addprefix fuzz-,$(fuzzers))
# Without sanitizers, so that one that no longer compiles is seen at once.
fuzzers: $(patsubst %,$(B)/fuzz/%,$(fuzzers))
.PHONY: fuzz-smoke fuzzers $(addprefix fuzz-,$(fuzzers)) $(addprefix fuzz-built-,$(fuzzers))

# Each of the verifier's checks taken out: does a test notice?
mutants:
	test/mutants.sh
.PHONY: mutants

# What a reader of the sources may rely on.
layers:
	@printf '%s\n' \
		$(foreach l,$(libs),'$(call libdir,$(l))/: $(l) $(may_$(l))') \
		'gpu/: gpu $(may_gpu)' \
		$(foreach p,$(programs),'$(p).c: $($(p))') \
		$(foreach u,$(sort $(dir $(units))),'test/unit/$(u): $(call unit_deps,$(u:/=))') | test/layers
have	= $(shell command -v $(1) 2>/dev/null)
shell_files = .ci/run $(addprefix test/interop/stock/,run alterations proofs) \
	  $(wildcard test/*.sh test/*.bash test/*.bats test/bench/*.sh)
lint: layers
	@test/checked $$(git ls-files "share/*.h" "enclave/*.h" "tools/*.h")
	@test/cites && test/overview -c
	@test/check-magic
	@! git grep -nI '[ 	]$$' -- '*.c' '*.h' '*.def' '*.sh' '*.bats' '*.bash' man Makefile
	$(if $(call have,mandoc),mandoc -T lint -W warning $(wildcard man/*),@echo 'lint: no mandoc')
	$(if $(call have,shellcheck),shellcheck -S warning -e SC2154 -e SC2164 -x $(shell_files),@echo 'lint: no shellcheck')
	$(if $(call have,cppcheck),cppcheck -q -j$(J) --error-exitcode=1 $(CPPCHECK) share enclave tools,@echo 'lint: no cppcheck')
	@$(if $(call have,clang-format),test/format.sh,echo 'lint: no clang-format')
CPPCHECK = --inline-suppr --enable=warning,portability --library=posix \
	  --suppressions-list=test/cppcheck.txt -D__x86_64__ -Ishare -Ienclave -Itools -I.
.PHONY: layers lint

bench: all
	@set -e; for b in $(sort $(wildcard test/bench/*.sh)); do \
		echo "# $$b"; B=$(B) $$b; done
demo: deps
	+@$(sub) all
	B=$(B) test/demo.sh
check-stock: all $(B)/interop/alter $(B)/unit/stark/shrink.t
	B=$(B) test/interop/stock/run
	B=$(B) test/interop/stock/alterations
	$(if $(CHECK_LONG),B=$(B) test/interop/stock/proofs)
$(B)/interop/alter: $(B)/obj/test/interop/alter.o $(call archives,stark $(may_stark))
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(call uniq,$(foreach l,stark $(may_stark),$(sys_$(l))))
reproducible:
	test/reproducible.sh
.PHONY: bench demo check-stock reproducible

# For packages: make install DESTDIR=... prefix=...
bindir	= $(DESTDIR)$(prefix)/bin
mandir	= $(DESTDIR)$(prefix)/share/man
libs_to	= $(DESTDIR)$(prefix)/lib
compdir	= $(DESTDIR)$(prefix)/share/bash-completion/completions
install: all verifier
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
clean:
	rm -rf build build-*
.PHONY: install clean

-include $(shell find $(B) -name '*.d' 2>/dev/null)
